"""A probability as a bar against its operating point: in rows and on the prediction card."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cxr_desktop.domain.triage import Band
from cxr_desktop.ui.theme import Theme


def band_colour(band: Band, theme: Theme) -> QColor:
    """The colour that stands for a band; its word always stands beside it."""
    match band:
        case Band.SUSPECTED:
            return QColor(theme.suspected)
        case Band.NOT_SUSPECTED:
            return QColor(theme.not_suspected)
        case Band.NOT_JUDGED:
            return QColor(theme.check)
    return QColor(theme.neutral)


def paint_probability_bar(
    painter: QPainter,
    bar: QRectF,
    *,
    probability: float,
    operating_point: float,
    colour: QColor,
    theme: Theme,
) -> None:
    """Paint a bar that is filled as far as `probability`, and a tick at `operating_point`, both in [0, 1].

    The tick stands out of the bar by its height on both sides.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = bar.height() / 2
    painter.setBrush(QColor(theme.track))
    painter.drawRoundedRect(bar, radius, radius)
    painter.setBrush(colour)
    # Never thinner than its own round ends: the least probability is still a dot.
    filled = QRectF(bar.left(), bar.top(), max(bar.height(), bar.width() * probability), bar.height())
    painter.drawRoundedRect(filled, radius, radius)
    painter.setBrush(QColor(theme.text))
    tick = QRectF(
        bar.left() + bar.width() * operating_point - 1, bar.top() - bar.height(), 2, 3 * bar.height()
    )
    painter.drawRect(tick)
    painter.restore()
