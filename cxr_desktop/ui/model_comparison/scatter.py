"""The probabilities of two models against each other, one point a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.two_opinions import TwoOpinions
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import current_theme, set_role

_LEGEND = tr(
    "● same verdict   ◆ different verdicts   dashed: operating points   (wheel and drag zoom and move)"
)


class Scatter(QWidget):
    """Points by agreement, in shape and colour; dashed lines where the models' verdicts change.

    Signals:
        film_clicked: the id of the film whose point was clicked.
    """

    film_clicked = Signal(int)

    def __init__(self, tell: Callable[[TwoOpinions], str], parent: QWidget | None = None) -> None:
        """
        Args:
            tell: what is said of the film under the pointer.
        """
        super().__init__(parent)
        self._tell = tell
        self._titles = ("", "")
        self.plot: Any = pg.PlotWidget(self)  # the library has no types
        self.plot.setAccessibleName(tr("Probabilities of both models"))
        self.plot.getPlotItem().setMenuEnabled(False)
        self.plot.setAspectLocked(False)
        self.plot.setLimits(xMin=-4, xMax=104, yMin=-4, yMax=104)
        self.plot.setRange(xRange=(0, 100), yRange=(0, 100))
        self.points: dict[bool, Any] = {}  # by agreement
        for agree, symbol, size in ((True, "o", 9), (False, "d", 13)):
            points = pg.ScatterPlotItem(symbol=symbol, size=size, hoverable=True, tip=self._tip, pxMode=True)
            points.sigClicked.connect(self._take_click)
            self.plot.addItem(points)
            self.points[agree] = points
        self.lines: tuple[Any, Any] = (pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=0))
        for line in self.lines:
            line.setVisible(False)
            self.plot.addItem(line)
        legend = QLabel(_LEGEND, self)
        set_role(legend, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot, 1)
        layout.addWidget(legend)
        self._colour()

    def show_opinions(self, opinions: Sequence[TwoOpinions], titles: tuple[str, str]) -> None:
        """Other points.

        Args:
            titles: of the models: of that along the bottom, and of that along the side.
        """
        for agree, points in self.points.items():
            here = [each for each in opinions if each.agree is agree]
            shown = [each.shown for each in here]
            points.setData(x=[100 * x for x, _ in shown], y=[100 * y for _, y in shown], data=here)
        for line in self.lines:
            line.setVisible(bool(opinions))
        if opinions:
            for line, prediction in zip(self.lines, (opinions[0].one, opinions[0].other), strict=True):
                line.setValue(100 * prediction.shown_operating_point)
        if titles != self._titles:
            self._titles = titles
            self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "lines"):
            self._colour()

    def _colour(self) -> None:
        theme = current_theme()
        self.plot.setBackground(theme.panel)
        for side, title in zip(("bottom", "left"), self._titles, strict=True):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            axis.setLabel(tr("Probability in %: {model}", model=title) if title else "", color=theme.text)
        for agree, points in self.points.items():
            points.setBrush(theme.not_suspected if agree else theme.check)
            points.setPen(theme.panel)
        for line in self.lines:
            line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))

    def _tip(self, x: float, y: float, data: TwoOpinions) -> str:
        return self._tell(data)

    def _take_click(self, _item: object, points: Sequence[Any], _event: object) -> None:
        if len(points):
            self.film_clicked.emit(points[0].data().film.id)
