"""The list of a text's parts, beside the text."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from cxr_desktop.language import tr

# Beside the longest title: margins, and a scroll bar.
_ROOM = 28


class ContentsList(QListWidget):
    """As wide as its longest title; where that is too much, titles are broken.

    Signals:
        part_chosen: its number, from 0; also for the part that was chosen before.
    """

    part_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Contents"))
        self.setSpacing(3)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._longest, self._most = 0, sys.maxsize
        self.currentRowChanged.connect(self._tell)
        self.itemClicked.connect(lambda item: self._tell(self.row(item)))

    def show_titles(self, titles: Iterable[str]) -> None:
        """Shows other parts; none of them is chosen."""
        self.blockSignals(True)
        self.clear()
        self.addItems(list(titles))
        self.setWordWrap(False)  # to measure whole titles
        self._longest = self.sizeHintForColumn(0) + _ROOM
        self.setWordWrap(True)
        self._fit()
        self.blockSignals(False)

    def keep_within(self, width: int) -> None:
        """Is no wider than this, in logical pixels."""
        self._most = width
        self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(min(self._longest, self._most))

    def _tell(self, row: int) -> None:
        if row >= 0:
            self.part_chosen.emit(row)
