"""A page to read: its contents on the left, its text on the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFont, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QWidget

from cxr_desktop.domain.model_page import ModelPage, ReliabilityDiagram
from cxr_desktop.ui.contents_list import ContentsList
from cxr_desktop.ui.model_page.diagram import diagram_image
from cxr_desktop.ui.model_page.html import DIAGRAM, anchor_of, page_as_html
from cxr_desktop.ui.theme import current_theme

_MARGIN = 24
# How much of the width the contents may take.
_CONTENTS_SHARE = 0.3


class PageView(QWidget):
    """Shows one page. It follows the theme, and its text can be selected and copied."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """
        Args:
            name: of the text, for assistive technology.
        """
        super().__init__(parent)
        self.text = _Text(name, self)
        self.contents = ContentsList(self)
        self.contents.part_chosen.connect(lambda part: self.text.scrollToAnchor(anchor_of(part)))
        panes = QHBoxLayout(self)
        panes.setContentsMargins(0, 0, 0, 0)
        panes.setSpacing(12)
        panes.addWidget(self.contents)
        panes.addWidget(self.text, 1)

    def show_page(self, page: ModelPage) -> None:
        """Shows another page, from its beginning."""
        self.contents.show_titles(section.title for section in page.sections)
        self.text.show_page(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.contents.keep_within(round(_CONTENTS_SHARE * self.width()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "text"):
            self.text.colour_again()


class _Text(QTextBrowser):
    """The page itself. It opens no link and loads nothing."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
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
