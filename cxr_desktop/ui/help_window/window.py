"""The window *Help*: contents on the left, the text on the right, a search above, an address below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.help_text import Chapter, chapters_of
from cxr_desktop.language import tr
from cxr_desktop.ui.contents_list import ContentsList
from cxr_desktop.ui.help_window.text import HelpText
from cxr_desktop.ui.theme import set_role


class HelpWindow(QDialog):
    """Not modal. Closing hides it: opened again, it shows the place that was read last.

    A link to a page that comes with the program shows that page; one into the network shows its address, and
    nothing is opened.
    """

    def __init__(self, chapters: Sequence[Chapter], folder: Path, parent: QWidget | None = None) -> None:
        """
        Args:
            chapters: the help.
            folder: where its pictures and links begin.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Help"))
        self._chapters = chapters
        self._folder = folder
        self._shown: Sequence[Chapter] = ()
        self._shown_folder = folder
        self.text = HelpText(self)
        self.contents = ContentsList(self)
        self.words = QLineEdit(self)
        self.words.setPlaceholderText(tr("Find in help"))
        self.words.setClearButtonEnabled(True)
        self.count = QLabel(self)
        set_role(self.count, "muted")
        self.back = QPushButton(tr("Back to the help"), self)
        self.address = QLineEdit(self)
        self.address.setReadOnly(True)
        self.address.setAccessibleName(tr("Address"))
        self.copy_address = QPushButton(tr("Copy"), self)
        self._below = QFrame(self)
        self._lay_out()
        for button in (self.back, self.copy_address):
            button.setAutoDefault(False)  # Enter is for the search
        self.contents.part_chosen.connect(self.text.go_to)
        self.text.anchorClicked.connect(self.follow)
        self.words.textChanged.connect(self._search)
        self.back.clicked.connect(self.show_help)
        self.copy_address.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.address.text()))
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._focus_search)
        for keys, step, place in (
            ("F3", 1, self),
            ("Shift+F3", -1, self),
            ("Return", 1, self.words),
            ("Shift+Return", -1, self.words),
        ):
            shortcut = QShortcut(QKeySequence(keys), place)
            if place is self.words:
                shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(partial(self._show_next, step))
        self.resize(QSize(1080, 800).boundedTo(self.screen().availableSize() * 0.9))
        self.show_help()

    def show_help(self) -> None:
        """The help itself, from its beginning."""
        self._show(self._chapters, self._folder)
        self.back.hide()

    def follow(self, link: QUrl) -> None:
        """Goes where a link leads, as far as that is in the program.

        Args:
            link: as it stands in the text.
        """
        self._below.hide()
        file = self._shown_folder / link.path()
        if link.scheme():
            self.address.setText(link.toString())
            self._below.show()
        elif link.path():
            if file.suffix == ".md" and file.is_file():
                self._show(chapters_of(file.read_text(encoding="utf-8")), file.parent)
                self.back.show()
        else:
            anchors = [chapter.anchor for chapter in self._shown]
            if link.fragment() in anchors:
                self.contents.setCurrentRow(anchors.index(link.fragment()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.text.setFocus()  # so that the arrow and page keys scroll at once

    def _show(self, chapters: Sequence[Chapter], folder: Path) -> None:
        self._shown, self._shown_folder = chapters, folder
        self._below.hide()
        self.contents.show_titles(chapter.title for chapter in chapters)
        self.text.show_chapters(chapters, folder)
        self._search(self.words.text())

    def _search(self, words: str) -> None:
        self._tell(*self.text.search(words.strip()))

    def _show_next(self, step: int) -> None:
        self._tell(*self.text.show_next(step))

    def _tell(self, number: int, of: int) -> None:
        sought = bool(self.words.text().strip())
        place = tr("{number} of {found}", number=number, found=of)
        self.count.setText(place if of else tr("Not found") if sought else "")

    def _focus_search(self) -> None:
        self.words.setFocus()
        self.words.selectAll()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.back)
        above.addStretch(1)
        above.addWidget(self.count)
        above.addWidget(self.words)
        self.words.setMinimumWidth(280)
        panes = QHBoxLayout()
        panes.setSpacing(12)
        panes.addWidget(self.contents)
        panes.addWidget(self.text, 1)
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(QLabel(tr("Nothing is opened from here. The address:"), self._below))
        below.addWidget(self.address, 1)
        below.addWidget(self.copy_address)
        column = QVBoxLayout(self)
        column.addLayout(above)
        column.addLayout(panes, 1)
        column.addWidget(self._below)
