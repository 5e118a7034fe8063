"""The window of *Help → About this model*: a page to read beside the films."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.model_page import ModelPage, page_as_markdown
from cxr_desktop.language import tr
from cxr_desktop.ui.model_page.view import PageView


class ModelPageWindow(QDialog):
    """Shows one model's page. Not modal."""

    def __init__(self, page: ModelPage, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view = PageView(tr("About this model"), self)
        self.text, self.contents = self._view.text, self._view.contents
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy_button = buttons.addButton(tr("Copy as text"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip(tr("The whole page as Markdown, for a mail or a report"))
        self.copy_button.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        for button in buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)  # Enter is for the contents
        layout = QVBoxLayout(self)
        layout.addWidget(self._view, 1)
        layout.addWidget(buttons)
        self.resize(QSize(1080, 800).boundedTo(self.screen().availableSize() * 0.9))
        self.show_page(page)

    def show_page(self, page: ModelPage) -> None:
        """Shows another model's page, from its beginning."""
        self._page = page
        self.setWindowTitle(tr("About this model: {title}", title=page.title))
        self._view.show_page(page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.text.setFocus()  # so that the arrow and page keys scroll at once

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(page_as_markdown(self._page))
