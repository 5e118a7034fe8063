"""Markdown to read and to search: it finds its pictures beside it, and leads nowhere by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from cxr_desktop.domain.help_text import Chapter
from cxr_desktop.language import tr
from cxr_desktop.ui.help_window.dress import blocks_of, dress, fit_pictures
from cxr_desktop.ui.theme import current_theme

_MARGIN = 24


class HelpText(QTextBrowser):
    """Chapters one below the other, and what is searched for among them. It follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Help"))
        # A bar that comes and goes would change the width that pictures are fitted to.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._chapters: Sequence[Chapter] = ()
        self._folder = Path()
        self._headings: list[int] = []  # positions in the text
        self._searched = ""
        self._found: list[QTextCursor] = []
        self._shown = -1  # of what was found

    def show_chapters(self, chapters: Sequence[Chapter], folder: Path) -> None:
        """Shows another text, from its beginning. Nothing is searched for in it.

        Args:
            folder: where the text's pictures and links begin.
        """
        self.setSearchPaths([str(folder)])
        self._folder = folder
        self._chapters = chapters
        self._searched = ""
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def go_to(self, chapter: int) -> None:
        """A chapter's heading comes to the top."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._headings[chapter])
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top() - _MARGIN // 2)

    def search(self, words: str) -> tuple[int, int]:
        """Marks each place with these words, in any case of letters; shows the first from where one reads.

        Returns:
            which of them is shown, from 1, and how many there are; 0 of 0 without any.
        """
        self._searched = words
        self._found = self._places_of(words)
        top = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        later = (number for number, each in enumerate(self._found) if each.selectionStart() >= top)
        self._shown = next(later, 0) if self._found else -1
        return self._show_found()

    def show_next(self, step: int = 1) -> tuple[int, int]:
        """The next place with the words, or the one before; after the last one comes the first.

        Returns:
            as `search`.
        """
        if self._found:
            self._shown = (self._shown + step) % len(self._found)
        return self._show_found()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_pictures()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_chapters"):
            place, shown = self.verticalScrollBar().value(), self._shown
            self._lay_out()
            self._found = self._places_of(self._searched)
            self._shown = shown
            self._mark()
            self.verticalScrollBar().setValue(place)

    def _lay_out(self) -> None:
        self._found, self._shown = [], -1
        self.setMarkdown("\n\n".join(chapter.text for chapter in self._chapters))
        document = self.document()
        document.setDocumentMargin(_MARGIN)
        dress(document, current_theme())
        self._fit_pictures()
        headings = (block for block in blocks_of(document) if 1 <= block.blockFormat().headingLevel() <= 2)
        self._headings = [block.position() for block in headings]
        if self._chapters and not self._chapters[0].title:
            self._headings.insert(0, 0)

    def _fit_pictures(self) -> None:
        fit_pictures(self.document(), self._folder, self.viewport().width() - 2 * _MARGIN)

    def _places_of(self, words: str) -> list[QTextCursor]:
        found: list[QTextCursor] = []
        cursor = self.document().find(words) if words else QTextCursor()
        while not cursor.isNull():
            found.append(cursor)
            cursor = self.document().find(words, cursor)
        return found

    def _show_found(self) -> tuple[int, int]:
        self._mark()
        if self._found:
            place = QTextCursor(self._found[self._shown])
            place.clearSelection()
            self.setTextCursor(place)
            self.ensureCursorVisible()
        return self._shown + 1, len(self._found)

    def _mark(self) -> None:
        theme = current_theme()
        marks = []
        for number, place in enumerate(self._found):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = place
            ground, text = (
                (theme.accent, theme.on_accent) if number == self._shown else (theme.selection, theme.text)
            )
            mark.format.setBackground(QColor(ground))
            mark.format.setForeground(QColor(text))
            marks.append(mark)
        self.setExtraSelections(marks)
