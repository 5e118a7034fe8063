"""The films about which two models disagree, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from cxr_desktop.domain.two_opinions import TwoOpinions
from cxr_desktop.language import tr
from cxr_desktop.ui.model_choice import ModelChoice
from cxr_desktop.ui.model_comparison.words import judged_text, opinions_text
from cxr_desktop.ui.rows_table import RowsTable

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NO_ROWS = tr("Films with different verdicts are listed here.")


class DifferingModel(QAbstractTableModel):
    """Immutable rows in the order in which they are given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TwoOpinions, ...] = ()
        self._models: tuple[ModelChoice, ModelChoice] | None = None

    def show_rows(self, rows: Sequence[TwoOpinions], models: tuple[ModelChoice, ModelChoice]) -> None:
        """Other rows. The same ones again change nothing, and the selection stays."""
        if (tuple(rows), models) != (self.rows, self._models):
            self.beginResetModel()
            self.rows, self._models = tuple(rows), models
            self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = [each.title for each in self._models] if self._models else ["", ""]
        return (tr("Study"), *titles, tr("Apart"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._models is None:
            return None
        row, (one, other) = self.rows[index.row()], self._models
        if role == Qt.ItemDataRole.ToolTipRole:
            return opinions_text(row, one, other)
        if role == Qt.ItemDataRole.DisplayRole:
            apart = tr("{points:.0f} points", points=100 * row.apart)
            return (row.study.name, judged_text(row.one, one), judged_text(row.other, other), apart)[
                index.column()
            ]
        return None


class DifferingTable(RowsTable):
    """A click brings the film into view; a double click, or Enter, shows it side by side, too.

    Signals:
        film_clicked, film_opened: the film's id.
    """

    film_clicked = Signal(int)
    film_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.films = DifferingModel()
        super().__init__(self.films, tr("Films on which the models disagree"), parent)
        self.films.setParent(self)
        header = self.horizontalHeader()
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.ResizeToContents)
        self.clicked.connect(lambda index: self.film_clicked.emit(self._film_id(index)))
        self.activated.connect(lambda index: self.film_opened.emit(self._film_id(index)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.films.rows:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, _NO_ROWS)

    def _film_id(self, index: QModelIndex) -> int:
        return self.films.rows[index.row()].film.id
