"""Bars side by side, one a class, in groups."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.figures import Bars
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import current_theme, set_role

MOST_CLASSES = 6  # that are told apart by colour
_MOST_NUMBERS = 16  # bars that have their number above them; more would run into each other
_HEADROOM = 1.3  # for the numbers above the bars, in a low window, too
_WIDTH = 0.8  # of a group of bars, of the room that it has


class BarChart(QWidget):
    """Groups of bars with a line beneath that says which colour is which class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: Bars = {}
        self._unit = ""
        self.plot: Any = pg.PlotWidget(self)  # the library has no types
        self.plot.setAccessibleName(tr("Bars by class"))
        self.plot.getPlotItem().setMenuEnabled(False)
        self.plot.getPlotItem().hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.legend = QLabel(self)
        self.legend.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.legend)
        set_role(self.legend, "muted")

    def show_bars(self, bars: Bars, unit: str) -> None:
        """Other bars; `unit` stands along the side."""
        self._bars, self._unit = bars, unit
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "legend"):
            self._draw()

    def _draw(self) -> None:
        theme = current_theme()
        colours = (theme.not_suspected, theme.suspected, theme.check, theme.accent, theme.muted, theme.text)
        classes = sorted({label for group in self._bars.values() for label in group})
        shown = classes[:MOST_CLASSES]
        self.plot.clear()
        self.plot.setBackground(theme.panel)
        for place, label in enumerate(shown):
            each = _WIDTH / len(shown)
            offset = (place + 0.5) * each - _WIDTH / 2
            heights = [group.get(label, 0) for group in self._bars.values()]
            places = [number + offset for number in range(len(heights))]
            colour = colours[place]
            self.plot.addItem(
                pg.BarGraphItem(x=places, height=heights, width=each * 0.92, brush=colour, pen=theme.panel)
            )
            if len(shown) * len(heights) <= _MOST_NUMBERS:
                for left, height in zip(places, heights, strict=True):
                    number = pg.TextItem(f"{height:,.0f}", color=theme.muted, anchor=(0.5, 1))
                    number.setPos(left, height)
                    self.plot.addItem(number)
        tallest = max((number for group in self._bars.values() for number in group.values()), default=1)
        self.plot.setYRange(0, _HEADROOM * tallest, padding=0)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
        self.plot.getAxis("bottom").setTicks([list(enumerate(self._bars))])
        self.plot.getAxis("left").setLabel(self._unit, color=theme.text)
        entries = [
            f'<span style="color:{colour}">■</span> {_plain(label)}'
            for colour, label in zip(colours, shown, strict=False)
        ]
        more = len(classes) - len(shown)
        if more:
            entries.append(tr("and {more} more, not drawn", more=more))
        self.legend.setText("&nbsp; &nbsp; ".join(entries))


def _plain(text: str) -> str:
    """A class may be called anything, also like a tag."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
