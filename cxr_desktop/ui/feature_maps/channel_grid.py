"""Many channels side by side. Only those in sight are drawn, so two thousand cost as much as twenty."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from cxr_desktop.language import tr
from cxr_desktop.ui.feature_maps.tile import Tile
from cxr_desktop.ui.theme import Theme, current_theme

# A picture's side, in logical pixels.
SIDES = (24, 32, 48, 64, 96, 128, 192, 256)
DEFAULT_SIDE = 96

_GAP = 4
_MARGIN = 8


class ChannelGrid(QAbstractScrollArea):
    """Channels row by row, on black.

    Each row begins with the number of its first, or each channel has its layer's name beneath it. The keys
    are left to the window around it.

    Signals:
        tile_hovered: what is said of the channel under the pointer; "" for none.
        tile_chosen: the index of the one that was clicked.
    """

    tile_hovered = Signal(str)
    tile_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] = ()
        self._named = False
        self._side = DEFAULT_SIDE
        self._marked = -1
        self._hovered = -1
        self._pressed = -1
        self._images: dict[tuple[int, int], QImage] = {}  # by index and side in device pixels
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr("Channels"))
        self._lay_out()

    # What is shown

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return self._tiles

    @property
    def side(self) -> int:
        """Of a picture, in logical pixels."""
        return self._side

    @property
    def drawn(self) -> int:
        """How many pictures are kept: those in sight."""
        return len({index for index, _ in self._images})

    def show_tiles(self, tiles: Sequence[Tile], *, named: bool) -> None:
        """Other channels, from the first on.

        Args:
            named: whether each has its layer's name beneath it; else they are numbered, row by row.
        """
        self._tiles, self._named = tuple(tiles), named
        self._images.clear()
        self._marked = -1
        self._hover(-1)
        self.verticalScrollBar().setValue(0)
        self._lay_out()

    def mark(self, index: int) -> None:
        """Frames one, and brings it into sight; -1: none."""
        self._marked = index
        if index >= 0:
            place, bar = self.place_of(index), self.verticalScrollBar()
            if place.top() < 0:
                bar.setValue(bar.value() + place.top() - _MARGIN)
            elif place.bottom() > self.viewport().height():
                beneath = place.bottom() + self._caption_height - self.viewport().height()
                bar.setValue(bar.value() + beneath + _MARGIN)
        self.viewport().update()

    def step_side(self, step: int) -> None:
        """Larger or smaller pictures; what stood at the top stays there."""
        number = min(max(SIDES.index(self._side) + step, 0), len(SIDES) - 1)
        if SIDES[number] == self._side:
            return
        bar = self.verticalScrollBar()
        top = round(bar.value() / self._row_height) * self._columns
        self._side = SIDES[number]
        self._lay_out()
        bar.setValue(bar.value() + self.place_of(top).top() - _MARGIN)

    # Where it is shown

    def place_of(self, index: int) -> QRect:
        """The square of a channel in the viewport, in sight or not."""
        row, column = divmod(index, self._columns)
        left = _MARGIN + self._gutter + column * (self._side + _GAP)
        top = _MARGIN + row * self._row_height - self.verticalScrollBar().value()
        return QRect(left, top, self._side, self._side)

    def index_at(self, position: QPoint) -> int:
        """The channel there; -1 for none."""
        right = position.x() - _MARGIN - self._gutter
        down = position.y() - _MARGIN + self.verticalScrollBar().value()
        column = right // (self._side + _GAP)
        if right < 0 or down < 0 or column >= self._columns:
            return -1
        index = down // self._row_height * self._columns + column
        return index if index < len(self._tiles) else -1

    def _in_sight(self) -> range:
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        first = max(top - _MARGIN, 0) // self._row_height
        last = max(top + height - _MARGIN, 0) // self._row_height
        return range(first * self._columns, min((last + 1) * self._columns, len(self._tiles)))

    def _lay_out(self) -> None:
        metrics = self.fontMetrics()
        self._gutter = 0 if self._named else metrics.horizontalAdvance("0000") + _GAP  # for rows' numbers
        self._caption_height = metrics.height() if self._named else 0
        self._row_height = self._side + _GAP + self._caption_height
        columns = max((self.viewport().width() - 2 * _MARGIN - self._gutter) // (self._side + _GAP), 1)
        if not self._named and columns > 8:
            columns -= columns % 4  # rows that begin with 16, 32, 48 can be counted at a glance
        self._columns = columns
        rows = -(-len(self._tiles) // self._columns)
        height = 2 * _MARGIN + rows * self._row_height
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(height - page, 0))
        bar.setPageStep(page)
        bar.setSingleStep(self._row_height // 2)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = current_theme(), QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(theme.film_ground))
        painter.setFont(self.font())
        in_sight = self._in_sight()
        side = round(self._side * self.devicePixelRatioF())
        self._images = {
            (index, size): image
            for (index, size), image in self._images.items()
            if index in in_sight and size == side
        }
        for index in in_sight:
            cell = self._cell(index)
            if cell.intersects(event.rect()):
                self._paint_tile(painter, index, side, theme)
        painter.end()

    def _paint_tile(self, painter: QPainter, index: int, side: int, theme: Theme) -> None:
        """`side`: of its picture, in device pixels."""
        tile, place, ratio = self._tiles[index], self.place_of(index), self.devicePixelRatioF()
        if (index, side) not in self._images:
            image = tile.image(side)
            image.setDevicePixelRatio(ratio)
            self._images[index, side] = image
        image = self._images[index, side]
        # On whole device pixels: half of one would blur the picture.
        at = QPointF(round(place.left() * ratio) / ratio, round(place.top() * ratio) / ratio)
        painter.drawImage(at, image)
        painter.setPen(QColor(theme.film_text))
        metrics = self.fontMetrics()
        if self._named:
            beneath = QRect(place.left(), place.bottom() + 1, place.width(), self._caption_height)
            name = metrics.elidedText(tile.layer.layer, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(beneath, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        elif index % self._columns == 0:
            beside = QRect(0, place.top(), place.left() - _GAP, place.height())
            aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(beside, aligned, str(tile.number))
        if index in (self._marked, self._hovered):
            colour = theme.film_check if index == self._marked else theme.film_text
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawRect(place.adjusted(-1, -1, 1, 1))

    def _cell(self, index: int) -> QRect:
        """All that is painted of a channel: its square, its frame and its words."""
        beside = self._gutter + _MARGIN if index % self._columns == 0 else _GAP
        return self.place_of(index).adjusted(-beside, -_GAP, _GAP, _GAP + self._caption_height)

    # Mouse and keys

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.index_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.index_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            pressed, self._pressed = self._pressed, -1
            if pressed >= 0 and pressed == self.index_at(event.position().toPoint()):
                self.tile_chosen.emit(pressed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turned:
            self.step_side(1 if turned > 0 else -1)
        else:
            super().wheelEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._hover(-1)  # another channel lies under the pointer now
        super().scrollContentsBy(dx, dy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _hover(self, index: int) -> None:
        if index == self._hovered:
            return
        for each in (self._hovered, index):
            if 0 <= each < len(self._tiles):
                self.viewport().update(self._cell(each))
        self._hovered = index
        self.tile_hovered.emit(self._tiles[index].words if index >= 0 else "")
