"""One channel, large, beside the film as the network is given it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.language import tr
from cxr_desktop.ui.feature_maps.tile import Tile
from cxr_desktop.ui.theme import current_theme

_FILM_WORDS = tr("The film, as far as the network sees it")
_GAP = 16
_MARGIN = 10
_CROSS = QColor(255, 255, 255, 150)


class FilmBesideChannel(QWidget):
    """Both in rectangles of one size; a cross marks the same place in each while the pointer is on one.

    A layer that pads nothing at the film's edge sees a little less of it, so places agree only about there.

    Signals:
        place_hovered: what is said of the place under the pointer; "" for none.
    """

    place_hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film: QImage | None = None
        self._view: NDArray[np.uint8] | None = None  # that `_film` looks at
        self._tile: Tile | None = None
        self._image: QImage | None = None
        self._place: QPointF | None = None  # shares of the rectangle, from its top left corner on
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def tile(self) -> Tile | None:
        """The channel that is shown."""
        return self._tile

    def show_channel(self, view: NDArray[np.uint8], tile: Tile) -> None:
        """
        Args:
            view: (rows, columns) uint8 grey levels of the film's part that the network is given.
        """
        view = np.ascontiguousarray(view)
        self._view, self._tile = view, tile
        height, width = view.shape
        self._film = QImage(view.data, width, height, width, QImage.Format.Format_Grayscale8)
        self._image = tile.image(max(tile.channel.shape))
        self.setAccessibleName(tr("The film beside {name}", name=tile.name))
        self._hover(None)
        self.update()

    def forget(self) -> None:
        """Shows nothing."""
        self._film = self._view = self._tile = self._image = None
        self.update()

    def places(self) -> tuple[QRectF, QRectF]:
        """The rectangles of the film and of the channel, as large as both fit side by side."""
        height, width = self._view.shape if self._view is not None else (1, 1)
        line = self.fontMetrics().height() + 4
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN + line, -_MARGIN, -_MARGIN)
        scale = max(min((room.width() - _GAP) / (2 * width), room.height() / height), 1e-3)
        size = (round(width * scale), round(height * scale))
        left = round(room.center().x() - _GAP / 2 - size[0])
        top = round(room.center().y() - size[1] / 2)
        film = QRectF(left, top, *size)
        return film, film.translated(size[0] + _GAP, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.film_ground))
        if self._film is not None and self._image is not None and self._tile is not None:
            painter.setFont(self.font())
            film, channel = self.places()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(film, self._film)
            # Without smoothing: how coarse a layer sees is part of what it shows.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(channel, self._image)
            painter.setPen(QColor(theme.film_text))
            above = QPointF(0, -4 - self.fontMetrics().descent())
            for place, words in ((film, _FILM_WORDS), (channel, self._tile.name)):
                room = int(place.width())
                elided = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
                painter.drawText(place.topLeft() + above, elided)
            if self._place is not None:
                painter.setPen(QPen(_CROSS, 1))
                for place in (film, channel):
                    _draw_cross(painter, place, self._place)
        painter.end()

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        for place in self.places():
            if place.contains(event.position()):
                within = event.position() - place.topLeft()
                self._hover(QPointF(within.x() / place.width(), within.y() / place.height()))
                return
        self._hover(None)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _hover(self, place: QPointF | None) -> None:
        self._place = place
        self.place_hovered.emit(self._words_at(place))
        self.update()

    def _words_at(self, place: QPointF | None) -> str:
        if place is None or self._tile is None:
            return ""
        rows, columns = self._tile.channel.shape
        row, column = min(int(place.y() * rows), rows - 1), min(int(place.x() * columns), columns - 1)
        value = float(self._tile.channel[row, column])
        return tr(
            "{name}: {value:.3g} in row {row}, column {column}",
            name=self._tile.name,
            value=value,
            row=row,
            column=column,
        )


def _draw_cross(painter: QPainter, rectangle: QRectF, place: QPointF) -> None:
    x = np.floor(rectangle.left() + place.x() * rectangle.width()) + 0.5  # through the middle of a pixel
    y = np.floor(rectangle.top() + place.y() * rectangle.height()) + 0.5
    painter.drawLine(QPointF(rectangle.left(), y), QPointF(rectangle.right(), y))
    painter.drawLine(QPointF(x, rectangle.top()), QPointF(x, rectangle.bottom()))
