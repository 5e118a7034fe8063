"""The classes that were found, to be renamed, merged, left out, and marked as suspicious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from cxr_desktop.domain.labelled_films import FoundFilms, Side
from cxr_desktop.domain.retraining import ClassUse
from cxr_desktop.language import grouped, tr

_SIDES = {
    Side.TRAIN: tr("Train"),
    Side.VALIDATION: tr("Validation"),
    Side.TEST: tr("Test"),
    None: tr("No side given"),
}
_USED, _NAME, _SUSPICIOUS, _COUNTS = range(4)  # columns; counts by side follow


class ClassTable(QTableWidget):
    """A row a class: a tick for being used, its name (to be written over), a tick for suspicion, its films.

    Signals:
        classes_changed: tuple[ClassUse, ...], as the table has them now.
    """

    classes_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Classes"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.classes: tuple[ClassUse, ...] = ()
        self.itemChanged.connect(self._take)

    def show_classes(self, classes: Sequence[ClassUse], found: FoundFilms) -> None:
        """Other classes, with their films by given side."""
        self.blockSignals(True)
        self.classes = tuple(classes)
        counts = Counter((film.label, film.side) for film in found.films)
        sides = [side for side in _SIDES if any((each.found, side) in counts for each in classes)]
        self.setColumnCount(_COUNTS + len(sides))
        self.setHorizontalHeaderLabels(
            [tr("Use"), tr("Class (write to rename)"), tr("Suspicious")]
            + ([tr("Films")] if sides == [None] else [_SIDES[side] for side in sides])
        )
        self.setRowCount(len(self.classes))
        for row, each in enumerate(self.classes):
            self.setItem(row, _USED, _tick(each.used, tr("Use the films of {label}", label=each.found)))
            name = QTableWidgetItem(each.name)
            name.setToolTip(
                tr(
                    "Found as {label}. Write another name over it; two classes with the same name "
                    "become one.",
                    label=each.found,
                )
            )
            self.setItem(row, _NAME, name)
            self.setItem(row, _SUSPICIOUS, _tick(each.suspicious, tr("Films of this class are to be found")))
            for column, side in enumerate(sides, _COUNTS):
                number = QTableWidgetItem(grouped(counts[each.found, side]))
                number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                number.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.setItem(row, column, number)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self.blockSignals(False)

    def _take(self, item: QTableWidgetItem) -> None:
        ticked = item.checkState() is Qt.CheckState.Checked
        before = self.classes[item.row()]
        match item.column():
            case 0:
                after = replace(before, used=ticked)
            case 1:
                after = replace(before, name=item.text())
            case _:
                after = replace(before, suspicious=ticked)
        if after != before:
            rows = list(self.classes)
            rows[item.row()] = after
            self.classes = tuple(rows)
            self.classes_changed.emit(self.classes)


def _tick(ticked: bool, tip: str) -> QTableWidgetItem:
    item = QTableWidgetItem()
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    item.setToolTip(tip)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, tip)
    return item
