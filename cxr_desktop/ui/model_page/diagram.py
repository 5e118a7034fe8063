"""The reliability diagram: predicted probability against what was found, with the number of films beneath."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from cxr_desktop.domain.calibration import ReliabilityBin
from cxr_desktop.domain.wilson import wilson
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.theme import Theme

SIZE = QSize(600, 376)
_LEFT, _RIGHT, _TOP = 58.0, 16.0, 12.0
_PLOT_HEIGHT, _GAP, _BARS_HEIGHT = 236.0, 62.0, 56.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def diagram_image(bins: Sequence[ReliabilityBin], theme: Theme, font: QFont, ratio: float) -> QImage:
    """The diagram in a theme's colours.

    Args:
        bins: with films, lowest first.
        ratio: device pixels a point, so that it is sharp on every screen.

    Returns:
        (376, 600) points, on the theme's panel.
    """
    image = QImage(SIZE * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.panel))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    width = SIZE.width() - _LEFT - _RIGHT
    plot = QRectF(_LEFT, _TOP, width, _PLOT_HEIGHT)
    bars = QRectF(_LEFT, plot.bottom() + _GAP, width, _BARS_HEIGHT)
    _paint_frame(painter, plot, theme)
    _paint_bins(painter, plot, bins, theme)
    _paint_counts(painter, bars, bins, theme)
    painter.end()
    return image


def _paint_frame(painter: QPainter, plot: QRectF, theme: Theme) -> None:
    """Axes, grid, and the line on which a perfect model's marks would lie."""
    metrics = QFontMetricsF(painter.font())
    height = metrics.height()
    for tick in _TICKS:
        x, y = plot.left() + tick * plot.width(), plot.bottom() - tick * plot.height()
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
        painter.setPen(QColor(theme.muted))
        words = f"{100 * tick:.0f}\u00a0%"
        painter.drawText(
            QRectF(0, y - height / 2, plot.left() - 8, height),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            words,
        )
        wide = metrics.horizontalAdvance(words) + 2
        left = min(x - wide / 2, plot.right() + _RIGHT - wide)
        painter.drawText(QRectF(left, plot.bottom() + 6, wide, height), Qt.AlignmentFlag.AlignCenter, words)
    painter.drawText(
        QRectF(plot.left(), plot.bottom() + 6 + height, plot.width(), height),
        Qt.AlignmentFlag.AlignCenter,
        tr("predicted probability"),
    )
    painter.drawText(
        QRectF(plot.left() + 10, plot.top() + 4, plot.width(), height),
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        tr("share found, with its 95\u00a0%\u00a0interval"),
    )
    painter.setPen(QPen(QColor(theme.muted), 1.4, Qt.PenStyle.DashLine))
    painter.drawLine(plot.bottomLeft(), plot.topRight())
    # In the corner that only a model far too sure of itself would need.
    words = tr("a perfect model")
    wide = metrics.horizontalAdvance(words) + 4
    sample = QPointF(plot.right() - wide - 40, plot.bottom() - 8 - height / 2)
    painter.drawLine(sample, sample + QPointF(30, 0))
    painter.setPen(QColor(theme.muted))
    painter.drawText(
        QRectF(plot.right() - wide - 4, plot.bottom() - 8 - height, wide, height),
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        words,
    )


def _paint_bins(painter: QPainter, plot: QRectF, bins: Sequence[ReliabilityBin], theme: Theme) -> None:
    """Of each bin a bar of its width at the share found, with its interval and a mark where its films are."""

    def at(x: float, y: float) -> QPointF:
        return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height())

    colour = QColor(theme.focus)
    for each in bins:
        share, interval, mean = each.share, wilson(each.suspicious, each.films), each.predicted
        painter.setPen(QPen(colour, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(at(each.low, share), at(each.high, share))
        painter.setPen(QPen(colour, 1.4))
        painter.drawLine(at(mean, interval.low), at(mean, interval.high))
        for end in (interval.low, interval.high):
            painter.drawLine(at(mean, end) - QPointF(5, 0), at(mean, end) + QPointF(5, 0))
        painter.setPen(QPen(QColor(theme.panel), 1.4))
        painter.setBrush(colour)
        painter.drawEllipse(at(mean, share), 5.5, 5.5)


def _paint_counts(painter: QPainter, bars: QRectF, bins: Sequence[ReliabilityBin], theme: Theme) -> None:
    """How many films each bin holds: a bar each, its number above it."""
    height = QFontMetricsF(painter.font()).height()
    most = max(each.films for each in bins)
    painter.setPen(QColor(theme.muted))
    painter.drawText(
        QRectF(0, bars.bottom() - height, bars.left() - 8, height),
        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom,
        tr("films"),
    )
    for each in bins:
        tall = max(1.5, (bars.height() - height) * each.films / most)
        left, right = (bars.left() + x * bars.width() for x in (each.low, each.high))
        bar = QRectF(left + 1, bars.bottom() - tall, right - left - 2, tall)
        painter.fillRect(bar, QColor(theme.track))
        painter.setPen(QColor(theme.text))
        painter.drawText(
            QRectF(bar.left() - 20, bar.top() - height, bar.width() + 40, height),
            Qt.AlignmentFlag.AlignCenter,
            grouped(each.films),
        )
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.drawLine(bars.bottomLeft(), bars.bottomRight())
