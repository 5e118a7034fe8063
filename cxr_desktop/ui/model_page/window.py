"""The window of *Help → About this model*: a page to read beside the films, with its contents on the left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QFont, QGuiApplication, QShowEvent, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.model_page import ModelPage, ReliabilityDiagram, page_as_markdown
from cxr_desktop.ui.model_page.diagram import diagram_image
from cxr_desktop.ui.model_page.html import DIAGRAM, anchor_of, page_as_html
from cxr_desktop.ui.theme import current_theme

_MARGIN = 24


class ModelPageWindow(QDialog):
    """Shows one model's page. Not modal; it follows the theme, and its text can be selected and copied."""

    def __init__(self, page: ModelPage, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = _Text(self)
        self.contents = QListWidget(self)
        self.contents.setFrameShape(QFrame.Shape.NoFrame)
        self.contents.setAccessibleName("Contents")
        self.contents.setSpacing(3)
        self.contents.currentRowChanged.connect(self._go_to)
        self.contents.itemClicked.connect(lambda item: self._go_to(self.contents.row(item)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy_button = buttons.addButton("Copy as text", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip("The whole page as Markdown, for a mail or a report")
        self.copy_button.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        for button in buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)  # Enter is for the contents
        panes = QHBoxLayout()
        panes.setSpacing(12)
        panes.addWidget(self.contents)
        panes.addWidget(self.text, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(panes, 1)
        layout.addWidget(buttons)
        self.resize(QSize(1080, 800).boundedTo(self.screen().availableSize() * 0.9))
        self.show_page(page)

    def show_page(self, page: ModelPage) -> None:
        """Shows another model's page, from its beginning."""
        self._page = page
        self.setWindowTitle(f"About this model: {page.title}")
        self.contents.blockSignals(True)
        self.contents.clear()
        self.contents.addItems([section.title for section in page.sections])
        self.contents.setFixedWidth(self.contents.sizeHintForColumn(0) + 28)
        self.contents.blockSignals(False)
        self.text.show_page(page)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.text.setFocus()  # so that the arrow and page keys scroll at once

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_page"):
            self.text.colour_again()

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self.text.scrollToAnchor(anchor_of(row))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(page_as_markdown(self._page))


class _Text(QTextBrowser):
    """The page itself. It opens no link and loads nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("About this model")
        self._page: ModelPage | None = None

    def show_page(self, page: ModelPage) -> None:
        self._page = page
        diagrams = self._diagrams()
        self.setAccessibleDescription(" ".join(each.words for each in diagrams))
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def colour_again(self) -> None:
        """The same place of the same page in the colours of the theme now worn."""
        place = self.verticalScrollBar().value()
        self._lay_out()
        self.verticalScrollBar().setValue(place)

    def _diagrams(self) -> list[ReliabilityDiagram]:
        sections = self._page.sections if self._page else ()
        return [
            block for section in sections for block in section.blocks if isinstance(block, ReliabilityDiagram)
        ]

    def _lay_out(self) -> None:
        if self._page is None:
            return
        theme = current_theme()
        document = QTextDocument(self)
        document.setDocumentMargin(_MARGIN)
        document.setDefaultFont(self.font())
        for each in self._diagrams():
            image = diagram_image(each.bins, theme, QFont(self.font()), self.devicePixelRatioF())
            document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(DIAGRAM), image)
        document.setHtml(page_as_html(self._page, theme))
        self.setDocument(document)  # Qt deletes the one before
