"""The list of a text's parts, beside the text."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from cxr_desktop.language import tr

# Beside the longest title: margins, and a scroll bar.
_ROOM = 28


class ContentsList(QListWidget):
    """As wide as its longest title.

    Signals:
        part_chosen: its number, from 0; also for the part that was chosen before.
    """

    part_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Contents"))
        self.setSpacing(3)
        self.currentRowChanged.connect(self._tell)
        self.itemClicked.connect(lambda item: self._tell(self.row(item)))

    def show_titles(self, titles: Iterable[str]) -> None:
        """Shows other parts; none of them is chosen."""
        self.blockSignals(True)
        self.clear()
        self.addItems(list(titles))
        self.setFixedWidth(self.sizeHintForColumn(0) + _ROOM)
        self.blockSignals(False)

    def _tell(self, row: int) -> None:
        if row >= 0:
            self.part_chosen.emit(row)
