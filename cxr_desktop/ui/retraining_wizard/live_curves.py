"""Live curves: loss, accuracy, recall and AUC over the epochs, on films learned from and on held-out ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QWidget

from cxr_desktop.domain.learning_curves import CURVES, CurveTitle, LearningCurve, learning_curves
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import current_theme

_NAMES: dict[CurveTitle, str] = {
    "Loss": tr("Loss"),
    "Accuracy": tr("Accuracy"),
    "Recall": tr("Recall"),
    "AUC": "AUC",
}
_HEADINGS = _NAMES | {"Recall": tr("Recall (sensitivity)")}
_MEANING: dict[CurveTitle, str] = {
    "Loss": tr(
        "What training makes smaller: how far the network is from the labels, its confidence included"
    ),
    "Accuracy": tr("The share of films that it puts into the right class"),
    "Recall": tr("Sensitivity: the share of films of a suspicious class that it finds"),
    "AUC": tr(
        "How often, of a suspicious film and one that is not, it finds the suspicious one more suspicious"
    ),
}


class LiveCurves(QWidget):
    """Four pictures beside each other, with the best epoch marked in each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self.pictures: dict[CurveTitle, _Picture] = {}
        for index, title in enumerate(CURVES):
            self.pictures[title] = _Picture(title, self)
            grid.addWidget(self.pictures[title].plot, index // 2, index % 2)

    def show_figures(self, figures: Sequence[dict[str, float]], best_epoch: int) -> None:
        """The figures of each whole epoch.

        Args:
            best_epoch: from 1; 0 where there is none.
        """
        for title, picture in self.pictures.items():
            picture.show_curves(learning_curves(title, figures), best_epoch)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "pictures"):
            for picture in self.pictures.values():
                picture.colour()


class _Picture:
    """One plot."""

    def __init__(self, title: CurveTitle, parent: QWidget) -> None:
        self._title = title
        self._curves: tuple[LearningCurve, ...] = ()
        self._best_epoch = 0
        self.plot: Any = pg.PlotWidget(parent)  # the library has no types
        self.plot.setAccessibleName(tr("{figure} over the epochs", figure=_NAMES[title]))
        self.plot.setToolTip(_MEANING[title])
        self.plot.setMinimumSize(220, 150)
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.showGrid(x=False, y=True, alpha=0.15)
        self.plot.setMouseEnabled(False, False)  # the wheel scrolls nothing away
        self.legend: Any = item.addLegend(offset=(-8, 8) if title == "Loss" else (-8, -8))
        self._line = pg.InfiniteLine(angle=90, label=tr("best"), labelOpts={"position": 0.92})
        self.plot.addItem(self._line)
        if title != "Loss":
            self.plot.setYRange(0, 1)
        self.colour()

    def show_curves(self, curves: tuple[LearningCurve, ...], best_epoch: int) -> None:
        if (curves, best_epoch) != (self._curves, self._best_epoch):
            self._curves, self._best_epoch = curves, best_epoch
            self._draw()

    def colour(self) -> None:
        """As the theme has it."""
        theme = current_theme()
        self.plot.setBackground(theme.panel)
        title = _HEADINGS[self._title]
        self.plot.getPlotItem().setTitle(title, color=theme.text, size="10.5pt", bold=True)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
        self.plot.getAxis("bottom").setLabel(tr("epoch"), color=theme.muted)
        self.legend.setLabelTextColor(theme.text)
        behind = QColor(theme.panel)
        behind.setAlphaF(0.5)  # a curve that runs behind it is seen
        self.legend.setBrush(behind)
        self._line.label.setColor(theme.muted)
        self._line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self._draw()

    def _draw(self) -> None:
        theme = current_theme()
        self.legend.clear()
        for old in self.plot.listDataItems():
            self.plot.removeItem(old)
        epochs = 1
        for curve in self._curves:
            colour = theme.check if curve.validation else theme.not_suspected
            x, y = [epoch for epoch, _ in curve.points], [value for _, value in curve.points]
            epochs = max(epochs, *x)
            self.plot.plot(
                x,
                y,
                name=curve.name,
                pen=pg.mkPen(colour, width=2),
                symbol="o" if curve.validation else "s",
                symbolSize=5,
                symbolBrush=colour,
                symbolPen=None,
            )
        self._line.setVisible(self._best_epoch > 0)
        self._line.setValue(self._best_epoch)
        self.plot.setXRange(1, max(epochs, 2))
        if self._title != "Loss":
            self._show_range()
        # Half an epoch is none.
        step = max(1, round(epochs / 6))
        ticks = [(epoch, str(epoch)) for epoch in range(1, max(epochs, 2) + 1, step)]
        self.plot.getAxis("bottom").setTicks([ticks])

    def _show_range(self) -> None:
        """All of what is good beneath 1, down to the worst value."""
        values = [value for curve in self._curves for _, value in curve.points]
        self.plot.setYRange(min([*values, 0.9]) if values else 0, 1)
