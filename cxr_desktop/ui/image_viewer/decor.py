"""What is painted over a film: corner texts, ticks, measurements, colour bar. Logical coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from cxr_desktop.domain.heat_look import HeatLook, colour_bar_words
from cxr_desktop.imaging import heat_colours
from cxr_desktop.imaging.superpixel_picture import LEGEND
from cxr_desktop.ui.theme import Theme

MARGIN = 10.0
HALO = QColor(0, 0, 0, 190)
HANDLE = 5.0
BAR_WIDTH, BAR_HEIGHT = 140.0, 8.0


class Line(NamedTuple):
    """One line of text; `warns` gives it the colour of what must not be overlooked."""

    text: str
    warns: bool = False


class Corner(Enum):
    """Where lines stand: (at the right, at the bottom)."""

    TOP_LEFT = (False, False)
    TOP_RIGHT = (True, False)
    BOTTOM_LEFT = (False, True)
    BOTTOM_RIGHT = (True, True)


def draw_corner(painter: QPainter, area: QRectF, corner: Corner, lines: Sequence[Line], theme: Theme) -> None:
    """Lines in a corner, elided so that opposite corners never meet."""
    at_right, at_bottom = corner.value
    metrics = QFontMetricsF(painter.font())
    room = area.width() / 2 - 2 * MARGIN
    top = area.bottom() - MARGIN - metrics.height() * len(lines) if at_bottom else area.top() + MARGIN
    for number, line in enumerate(lines):
        text = metrics.elidedText(line.text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text)
        left = area.right() - MARGIN - width if at_right else area.left() + MARGIN
        baseline = QPointF(left, top + number * metrics.height() + metrics.ascent())
        draw_text(painter, baseline, text, QColor(theme.film_check if line.warns else theme.film_text))


def draw_text(painter: QPainter, baseline: QPointF, text: str, colour: QColor) -> None:
    """Text with a dark halo, readable on black and on bone."""
    painter.setPen(HALO)
    for right, down in ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, 2)):
        painter.drawText(baseline + QPointF(right, down), text)
    painter.setPen(colour)
    painter.drawText(baseline, text)


def draw_message(painter: QPainter, area: QRectF, text: str, theme: Theme) -> None:
    """A sentence in the middle, wrapped."""
    font = painter.font()
    font.setPointSizeF(1.25 * font.pointSizeF())
    painter.setFont(font)
    painter.setPen(QColor(theme.film_text))
    room = area.adjusted(0.15 * area.width(), MARGIN, -0.15 * area.width(), -MARGIN)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)


def tick_step_mm(pixels_per_mm: float) -> int | None:
    """The distance between ticks: the least of 1, 5, 10, 50 mm that keeps them apart; None: none does."""
    return next((step for step in (1, 5, 10, 50) if step * pixels_per_mm >= 12), None)


def draw_ticks(painter: QPainter, film: QRectF, area: QRectF, pixels_per_mm: float, theme: Theme) -> None:
    """A scale along both sides of the visible film, counted from the film's middle; every tenth is longer.

    Args:
        film: the whole film, partly outside `area` perhaps.
    """
    step_mm = tick_step_mm(pixels_per_mm)
    if step_mm is None:
        return
    shown = film.intersected(area)
    step = step_mm * pixels_per_mm
    middle = film.center().y()
    first = int(np.ceil((shown.top() - middle) / step))
    last = int(np.floor((shown.bottom() - middle) / step))
    for pen in (QPen(HALO, 3), QPen(QColor(theme.film_text), 1)):
        painter.setPen(pen)
        for number in range(first, last + 1):
            length = 12.0 if number % 10 == 0 else 8.0 if number % 5 == 0 else 4.0
            y = np.floor(middle + number * step) + 0.5  # through the middle of a pixel: a crisp line
            painter.drawLine(QPointF(shown.left(), y), QPointF(shown.left() + length, y))
            painter.drawLine(QPointF(shown.right() - length, y), QPointF(shown.right(), y))


def draw_distance(
    painter: QPainter, start: QPointF, end: QPointF, text: str, *, selected: bool, theme: Theme
) -> None:
    """A measured line with its ends and its length."""
    colour = QColor(theme.film_check if selected else theme.film_text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(HALO, 3.5), QPen(colour, 1.5)):
        painter.setPen(pen)
        painter.drawLine(start, end)
        for point in (start, end):
            painter.drawEllipse(point, HANDLE, HANDLE)
    # Beside the lower end, where a hand has just let go and nothing of the line is covered.
    lower = start if start.y() > end.y() else end
    draw_text(painter, lower + QPointF(HANDLE + 6, HANDLE + 10), text, colour)


def draw_colour_bar(
    painter: QPainter, area: QRectF, lifted: float, look: HeatLook, *, signed: bool, theme: Theme
) -> None:
    """The heatmap's colours or lines between words that say which end is which, at the bottom in the middle.

    Args:
        lifted: how far above the bottom, where the corners' lines need the width.
        signed: whether the heatmap shows evidence against suspicion, too.
    """
    metrics = QFontMetricsF(painter.font())
    words = colour_bar_words(signed)
    bar = QRectF(0, 0, BAR_WIDTH, BAR_HEIGHT)
    bar.moveCenter(QPointF(area.center().x(), area.bottom() - MARGIN - lifted - metrics.height() / 2))
    baseline = bar.center().y() + (metrics.ascent() - metrics.descent()) / 2
    colour = QColor(theme.film_text)
    left = bar.left() - 8 - metrics.horizontalAdvance(words[0])
    draw_text(painter, QPointF(left, baseline), words[0], colour)
    draw_text(painter, QPointF(bar.right() + 8, baseline), words[1], colour)
    ratio = painter.device().devicePixelRatioF()
    width, height = round(BAR_WIDTH * ratio), round(BAR_HEIGHT * ratio)
    pixels = heat_colours.colour_bar(look, signed, width, height)
    painter.drawImage(bar, QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888))
    painter.setPen(QPen(colour, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    if signed:
        middle = bar.center().x()
        painter.drawLine(QPointF(middle, bar.top() - 4), QPointF(middle, bar.bottom()))
        zero = QPointF(middle - metrics.horizontalAdvance("0") / 2, bar.top() - 6)
        draw_text(painter, zero, "0", colour)


def draw_superpixel_words(painter: QPainter, area: QRectF, lifted: float) -> None:
    """What the superpixels' colours mean, where the colour bar stands else.

    Args:
        lifted: how far above the bottom, where the corners' lines need the width.
    """
    metrics = QFontMetricsF(painter.font())
    widths = [metrics.horizontalAdvance(words) for words, _ in LEGEND]
    left = area.center().x() - (sum(widths) + 2 * MARGIN * (len(widths) - 1)) / 2
    baseline = area.bottom() - MARGIN - lifted - metrics.descent()
    for (words, colour), width in zip(LEGEND, widths, strict=True):
        draw_text(painter, QPointF(left, baseline), words, QColor(*colour))
        left += width + 2 * MARGIN
