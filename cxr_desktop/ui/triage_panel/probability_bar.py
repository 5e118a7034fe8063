"""The probability against the operating point, large, with the operating point named beneath its tick."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.triage import Band
from cxr_desktop.domain.wording import percent_text, probability_text
from cxr_desktop.language import tr
from cxr_desktop.ui.rows.bar import band_colour, paint_probability_bar
from cxr_desktop.ui.theme import current_theme

_BAR_HEIGHT = 10
_TICK_OVERHANG = 10  # the tick stands out of the bar by the bar's height


class ProbabilityBar(QWidget):
    """Paints one judged prediction; empty without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judged: tuple[float, float] | None = None  # probability, operating point, as shown
        self._band = Band.NOT_SUSPECTED
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show a prediction; one without a probability leaves the bar empty."""
        if prediction is None or prediction.shown_probability is None:
            self._judged = None
            self.setAccessibleName("")
        else:
            self._judged = (prediction.shown_probability, prediction.shown_operating_point)
            self._band = Band.SUSPECTED if prediction.suspected else Band.NOT_SUSPECTED
            self.setAccessibleName(
                tr(
                    "Probability {probability}, operating point {point}",
                    probability=probability_text(*self._judged),
                    point=percent_text(self._judged[1]),
                )
            )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _BAR_HEIGHT + 2 * _TICK_OVERHANG + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._judged is None:
            return
        probability, operating_point = self._judged
        theme = current_theme()
        bar = QRectF(0, _TICK_OVERHANG, self.width(), _BAR_HEIGHT)
        painter = QPainter(self)
        paint_probability_bar(
            painter,
            bar,
            probability=probability,
            operating_point=operating_point,
            colour=band_colour(self._band, theme),
            theme=theme,
        )
        text = self._tick_text()
        width = self.fontMetrics().horizontalAdvance(text) + 2
        centred = self.width() * operating_point - width / 2
        left = max(0.0, min(centred, self.width() - width))  # beneath its tick, but inside
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            QRectF(left, bar.bottom() + _TICK_OVERHANG, width, self.fontMetrics().height()),
            Qt.AlignmentFlag.AlignCenter,
            text,
        )
        painter.end()

    def _tick_text(self) -> str:
        return tr("operating point {point}", point=percent_text(self._judged[1])) if self._judged else ""
