"""*Help → About this model*: one page for the model in use, whichever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cxr_desktop.app.model_in_use import ModelInUse

if TYPE_CHECKING:
    from cxr_desktop.ui.model_page import ModelPageWindow


class AboutModel(QObject):
    """Opens the page, once, and keeps it at the model in use while it is open."""

    def __init__(self, model: ModelInUse, window: QWidget) -> None:
        super().__init__(window)
        self._model = model
        self._window = window

    def show(self) -> None:
        """Opens the page, or brings the open one forward.

        Raises:
            BundleError: there is no model.
        """
        from cxr_desktop.ui.model_page import ModelPageWindow  # noqa: PLC0415 - seldom opened

        before = self._open_page()
        if before is None:
            ModelPageWindow(self._model.page(), self._window).show()
        else:
            before.raise_()
            before.activateWindow()

    def follow(self) -> None:
        """Another model is in use: an open page tells of that one now."""
        page = self._open_page()
        if page is not None:
            page.show_page(self._model.page())

    def _open_page(self) -> ModelPageWindow | None:
        from cxr_desktop.ui.model_page import ModelPageWindow  # noqa: PLC0415 - seldom opened

        return self._window.findChild(ModelPageWindow)
