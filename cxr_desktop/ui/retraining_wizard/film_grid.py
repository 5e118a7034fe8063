"""Films side by side, drawn when they come into sight; a click leaves one out, another one takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QWidget

from cxr_desktop.domain.audit.problems import Case
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import current_theme
from cxr_desktop.workers.thumbnail_service import ThumbnailService

PICTURE = 128  # logical pixels a side
_CELL = QSize(PICTURE + 22, PICTURE + 46)
_FADED = 0.3  # opacity of a film that is left out
_LEFT_OUT = tr("left out")
_SIDES = {Side.TRAIN: tr("train"), Side.VALIDATION: tr("val"), Side.TEST: tr("test")}

Index = QModelIndex | QPersistentModelIndex


class FilmGrid(QListView):
    """Films with class and side beneath.

    Signals:
        film_toggled: the file of the film that was clicked, or chosen with Enter or the space bar.
    """

    film_toggled = Signal(object)  # Path

    def __init__(self, thumbnails: ThumbnailService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.films = _Films(thumbnails)
        self.films.setParent(self)
        self.setModel(self.films)
        self.setAccessibleName(tr("Films"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(_CELL)
        self.setIconSize(QSize(PICTURE, PICTURE))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # films’ names differ at their ends
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.clicked.connect(self._toggle)

    def show_cases(self, cases: Sequence[Case], left_out: frozenset[Path]) -> None:
        """Other films; those of one case stand beside each other."""
        self.films.show_cases(cases, left_out)
        self.scrollToTop()

    def show_left_out(self, left_out: frozenset[Path]) -> None:
        """Other films are left out."""
        self.films.show_left_out(left_out)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self._toggle(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        self.film_toggled.emit(self.films.path(index))


class _Films(QAbstractListModel):
    def __init__(self, thumbnails: ThumbnailService) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._rows: list[tuple[LabelledFilm, str]] = []  # a film, and what is to be said of it
        self._left_out: frozenset[Path] = frozenset()
        thumbnails.drawn.connect(self._redraw)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        film, remark = self._rows[index.row()]
        is_out = film.path in self._left_out
        match role:
            case Qt.ItemDataRole.DisplayRole:
                place = f"{_SIDES[film.side]} · {film.label}" if film.side else film.label
                return f"{_LEFT_OUT if is_out else place}\n{film.path.name}"
            case Qt.ItemDataRole.DecorationRole:
                return self._pixmap(film.path, is_out)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(current_theme().check) if is_out else None
            case Qt.ItemDataRole.ToolTipRole:
                click = tr("Click to take it back") if is_out else tr("Click to leave it out")
                return "\n".join(part for part in (str(film.path), remark, click) if part)
        return None

    def path(self, index: QModelIndex) -> Path:
        return self._rows[index.row()][0].path

    def show_cases(self, cases: Sequence[Case], left_out: frozenset[Path]) -> None:
        self.beginResetModel()
        self._rows = [(film, case.remark) for case in cases for film in case.films]
        self._left_out = left_out
        self.endResetModel()

    def show_left_out(self, left_out: frozenset[Path]) -> None:
        self._left_out = left_out
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _redraw(self, path: Path) -> None:
        for row, (film, _) in enumerate(self._rows):
            if film.path == path:
                self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def _pixmap(self, path: Path, is_out: bool) -> QPixmap:
        """A square with the film in its middle; black until it is drawn, and where it cannot be read."""
        square = QPixmap(PICTURE, PICTURE)
        square.fill(QColor(current_theme().film_ground))
        jpeg = self._thumbnails.picture(path)
        if jpeg is None:
            return square
        painter = QPainter(square)
        film = QPixmap()
        if jpeg and film.loadFromData(jpeg):
            painter.setOpacity(_FADED if is_out else 1.0)
            painter.drawPixmap((PICTURE - film.width()) // 2, (PICTURE - film.height()) // 2, film)
        else:
            painter.setPen(QColor(current_theme().film_text))
            painter.drawText(square.rect(), Qt.AlignmentFlag.AlignCenter, tr("unreadable"))
        painter.end()
        return square
