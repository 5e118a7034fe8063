"""ROC, precision and recall, and calibration of two models, each with a line on how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.comparison import ModelComparison, ModelFigures
from cxr_desktop.domain.comparison_page import short_names
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import Theme, current_theme, set_role

# On a screen of 1366 × 768 a plot, its heading and two lines of explanation still stand below the verdict.
_LEAST_HEIGHT = 180

Points = Sequence[tuple[float, float]]


class Curves(QWidget):
    """Three plots side by side; the present model dashed, the new one drawn through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: ModelComparison | None = None
        self.roc = _Plot(
            "ROC",
            tr("false alarms among other films"),
            tr("suspicious found"),
            tr("The nearer a curve comes to the top left corner, the better. Dots: the operating points."),
            self,
        )
        self.precision_recall = _Plot(
            tr("Precision and recall"),
            tr("suspicious found"),
            tr("suspected rightly"),
            tr(
                "Up: suspicious ones among the suspected; fewer where suspicious films are rare. "
                "Top right is best."
            ),
            self,
        )
        self.calibration = _Plot(
            tr("Calibration"),
            tr("predicted probability"),
            tr("share suspicious"),
            tr(
                "Dots: films of like probability. On the diagonal, of films with 70\u00a0%\u00a0seven "
                "in ten are suspicious."
            ),
            self,
        )
        self.legend = QLabel(self)
        set_role(self.legend, "muted")
        row = QHBoxLayout()
        row.setSpacing(10)
        for plot in (self.roc, self.precision_recall, self.calibration):
            row.addWidget(plot, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.legend)
        layout.addLayout(row, 1)

    def show_result(self, result: ModelComparison) -> None:
        """Draws both models."""
        self._result = result
        first, second = short_names(result)
        self.legend.setText(
            tr(
                "┄┄ {first} (present)     ── {second} (new)     wheel and drag zoom and move",
                first=first,
                second=second,
            )
        )
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "legend"):
            self._draw()

    def _draw(self) -> None:
        theme = current_theme()
        for plot in (self.roc, self.precision_recall, self.calibration):
            plot.begin(theme)
        self.roc.draw_diagonal(theme)
        self.calibration.draw_diagonal(theme)
        if self._result is None:
            return
        for model, colour, style in (
            (self._result.new, theme.focus, Qt.PenStyle.SolidLine),
            # On top: where both run together, the other one shows between the dashes.
            (self._result.now, theme.neutral, Qt.PenStyle.DashLine),
        ):
            pen = pg.mkPen(colour, width=2, style=style)
            self.roc.draw(model.roc, pen, _roc_points(model))
            self.precision_recall.draw(model.precision_recall, pen, _precision_points(model))
            bins = [each for each in model.reliability if each.films]
            shares = [(each.predicted, each.share) for each in bins]
            self.calibration.draw(shares, pen, shares)


def _roc_points(model: ModelFigures) -> Points:
    return [
        (1 - each.evaluation.specificity.value, each.evaluation.sensitivity.value) for each in model.points
    ]


def _precision_points(model: ModelFigures) -> Points:
    return [(each.classes[0].recall, each.classes[0].precision) for each in model.points]


class _Plot(QFrame):
    """One square plot on a card; both axes from 0 to 1."""

    def __init__(self, title: str, across: str, up: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._axes = (("bottom", across), ("left", up))
        heading = QLabel(title, self)
        set_role(heading, "verdict")
        self.plot: Any = pg.PlotWidget(self)  # the library has no types
        self.plot.setAccessibleName(tr("{title}: {up} against {across}", title=title, up=up, across=across))
        self.plot.setMinimumHeight(_LEAST_HEIGHT)
        self.plot.getPlotItem().setMenuEnabled(False)
        self.plot.getPlotItem().hideButtons()
        self.plot.setLimits(xMin=-0.05, xMax=1.05, yMin=-0.05, yMax=1.05)
        self.plot.setRange(xRange=(0, 1), yRange=(0, 1))
        explanation = plain_label("muted", self)
        explanation.setText(words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(heading)
        layout.addWidget(self.plot, 1)
        layout.addWidget(explanation)

    def begin(self, theme: Theme) -> None:
        """An empty plot in a theme's colours."""
        self.plot.clear()
        self.plot.setBackground(theme.panel)
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        for side, words in self._axes:
            axis = self.plot.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            axis.setLabel(words, color=theme.text)

    def draw_diagonal(self, theme: Theme) -> None:
        self.plot.plot([0, 1], [0, 1], pen=pg.mkPen(theme.border, width=1))

    def draw(self, curve: Points, pen: Any, dots: Points) -> None:
        """A curve with dots on it, each an (x, y) in [0, 1]."""
        xs, ys = zip(*curve, strict=True) if curve else ((), ())
        self.plot.plot(xs, ys, pen=pen)
        if dots:
            xs, ys = zip(*dots, strict=True)
            self.plot.plot(
                xs, ys, pen=None, symbol="o", symbolSize=9, symbolBrush=pen.color(), symbolPen=None
            )
