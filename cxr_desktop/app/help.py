"""*Help → Help*: its chapters, beside the films."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from cxr_desktop.domain.help_text import help_chapters
from cxr_desktop.language import help_file
from cxr_desktop.resources import resources_folder
from cxr_desktop.ui.window_actions import WindowActions

if TYPE_CHECKING:
    from cxr_desktop.ui.help_window import HelpWindow


class Help(QObject):
    """Opens the window, once; closed and opened again, it shows the place that was read last."""

    def __init__(self, actions: WindowActions, window: QWidget) -> None:
        super().__init__(window)
        self._parent = window
        self._window: HelpWindow | None = None
        self._action = actions["help"]
        self._action.triggered.connect(self.show)

    def show(self) -> None:
        """Opens the help, or brings it forward."""
        from cxr_desktop.ui.help_window import HelpWindow  # noqa: PLC0415 - seldom opened

        if self._window is None:
            chapters = help_chapters(help_file().read_text(encoding="utf-8"))
            self._window = HelpWindow(chapters, resources_folder().parent, self._parent)
        self._belong_to(QApplication.activeModalWidget() or self._parent)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def reach(self, dialog: QDialog) -> None:
        """Lets a dialog that holds up the other windows open the help, too, and read it beside itself."""
        dialog.addAction(self._action)
        dialog.finished.connect(lambda: self._belong_to(self._parent))

    def _belong_to(self, parent: QWidget) -> None:
        """A modal dialog holds up every window but those that belong to it."""
        window = self._window
        if window is None or window.parentWidget() is parent:
            return
        shown = window.isVisible()
        window.setParent(parent, window.windowFlags())  # hides it
        window.setVisible(shown)
