"""Films of a comparison as small pictures, each with its label and what both models say of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cxr_desktop.domain.compared_kinds import change_in_words
from cxr_desktop.domain.comparison import ComparedFilm, Which
from cxr_desktop.domain.wording import percent_text
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import current_theme
from cxr_desktop.workers.compared_films import ComparedFilmsService

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FILM = Qt.ItemDataRole.UserRole

PICTURE_SIDE = 168  # logical pixels
_MARGIN = 8
# Pictures kept: a few screens of them.
_MOST_PICTURES = 400
_NO_FILMS = tr("There are none.")


class ComparedFilmsModel(QAbstractListModel):
    """Immutable rows; a picture is asked for when its row first comes into sight."""

    def __init__(self, service: ComparedFilmsService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.films: tuple[ComparedFilm, ...] = ()
        self._service = service
        self._heat_of: Which | None = None
        self._pictures: OrderedDict[tuple[str, Which | None], QPixmap] = OrderedDict()
        service.picture_made.connect(self._take)

    def show_films(self, films: Sequence[ComparedFilm], heat_of: Which | None) -> None:
        """Other films.

        Args:
            heat_of: whose heatmap lies over them; None for none.
        """
        self.beginResetModel()
        self.films, self._heat_of = tuple(films), heat_of
        self.endResetModel()

    def forget_pictures(self) -> None:
        """Films of the same name may be judged by other models now."""
        self._pictures.clear()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.films)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        film = self.films[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "\n".join(film_lines(film))
            case Qt.ItemDataRole.ToolTipRole:
                return film.film
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(film.film)
            case _:
                return film if role == _FILM else None

    def _picture(self, film: str) -> QPixmap | None:
        key = (film, self._heat_of)
        if key not in self._pictures:
            self._service.request_picture(*key)
            return None
        self._pictures.move_to_end(key)
        return self._pictures[key]

    def _take(self, film: str, heat_of: Which | None, jpeg: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(jpeg)  # an empty one for a film that cannot be read any more
        self._pictures[film, heat_of] = picture
        while len(self._pictures) > _MOST_PICTURES:
            self._pictures.popitem(last=False)
        if heat_of is self._heat_of:
            for row, each in enumerate(self.films):
                if each.film == film:
                    self.dataChanged.emit(self.index(row), self.index(row))


def film_lines(film: ComparedFilm) -> tuple[str, str, str]:
    """What stands under a picture: label, both probabilities, and what the switch would change."""
    now, new = (percent_text(each) for each in film.probabilities)
    return film.label, f"{now} → {new}", change_in_words(film)


class ComparedGrid(QListView):
    """A click or Enter opens a film.

    Signals:
        film_opened: its row.
    """

    film_opened = Signal(int)

    def __init__(self, service: ComparedFilmsService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Films of the comparison"))
        self.rows = ComparedFilmsModel(service, self)
        self.setModel(self.rows)
        self.setItemDelegate(_Tile(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSpacing(4)
        self.clicked.connect(lambda index: self.film_opened.emit(index.row()))
        self.activated.connect(lambda index: self.film_opened.emit(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.rows.films:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, _NO_FILMS)


class _Tile(QStyledItemDelegate):
    """The picture with three lines beneath."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = 3 * option.fontMetrics.lineSpacing()
        return QSize(PICTURE_SIDE + 2 * _MARGIN, PICTURE_SIDE + lines + 3 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current_theme()
        film = index.data(_FILM)
        tile = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(tile, QColor(theme.selection))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(tile, QColor(theme.hover))
        place = QRect(tile.left() + _MARGIN, tile.top() + _MARGIN, PICTURE_SIDE, PICTURE_SIDE)
        painter.fillRect(place, QColor(theme.film_ground))
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap) and not picture.isNull():
            _draw_fitted(painter, place, picture)
        elif isinstance(picture, QPixmap):
            painter.setPen(QColor(theme.film_check))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, tr("not readable"))
        left = place.left()
        line = QRect(left, place.bottom() + _MARGIN, place.width(), option.fontMetrics.lineSpacing())
        wrong = not film.right[1]
        for text, colour, bold in zip(
            film_lines(film),
            (theme.text, theme.text, theme.check if wrong else theme.muted),
            (True, False, wrong),
            strict=True,
        ):
            font = QFont(option.font)
            font.setBold(bold)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, option.fontMetrics.lineSpacing())
        painter.restore()


def _draw_fitted(painter: QPainter, place: QRect, picture: QPixmap) -> None:
    size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    fitted = QRect(place.topLeft(), size)
    fitted.moveCenter(place.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(fitted, picture)
