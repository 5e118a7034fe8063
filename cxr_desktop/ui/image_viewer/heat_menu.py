"""How heatmaps look: a button beside the heatmap's switch, with a menu of colours, lines and sliders."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QMenu,
    QRadioButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from cxr_desktop.domain.heat_look import (
    COLOUR_MAPS,
    GREATEST_THRESHOLD,
    ColourMap,
    HeatLook,
    colour_map_title,
)
from cxr_desktop.imaging.heat_colours import colour_bar
from cxr_desktop.language import tr
from cxr_desktop.ui.theme import set_role

# Percent, by a key.
THRESHOLD_STEP = 5
OPACITY_STEP = 10

_SWATCH = QSize(72, 10)


class HeatMenu(QToolButton):
    """Shows the look and lets it be changed."""

    look_changed = Signal(object)  # HeatLook

    def __init__(self, look: HeatLook, contours: QAction, parent: QWidget | None = None) -> None:
        """
        Args:
            contours: the action that switches to lines; it is shown in the menu, and obeyed.
        """
        super().__init__(parent)
        self._look = look
        self._contours = contours
        self.setText("▾")
        self.setToolTip(tr("How heatmaps look: colours, contours, threshold, opacity"))
        self.setAccessibleName(tr("How heatmaps look"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._palette = _Colours()
        self._sliders = _Sliders()
        menu = QMenu(tr("How heatmaps look"), self)
        menu.setToolTipsVisible(True)
        for part in (self._palette, contours, self._sliders):
            if isinstance(part, QAction):
                menu.addSeparator()
                menu.addAction(part)
                menu.addSeparator()
                continue
            row = QWidgetAction(self)
            row.setDefaultWidget(part)
            menu.addAction(row)
        self.setMenu(menu)
        self._show(look)
        for colour_map, button in self._palette.buttons.items():
            button.clicked.connect(partial(self._change, colour_map=colour_map))
        contours.toggled.connect(lambda on: self._change(contours_only=on))
        self._sliders.threshold.valueChanged.connect(lambda percent: self._change(threshold=percent / 100))
        self._sliders.opacity.valueChanged.connect(lambda percent: self._change(opacity=percent / 100))

    @property
    def look(self) -> HeatLook:
        """The look in force."""
        return self._look

    def set_look(self, look: HeatLook) -> None:
        """Take another look, as if the reader had chosen it."""
        if look != self._look:
            self._look = look
            self._show(look)
            self.look_changed.emit(self._look)

    def step_opacity(self, steps: int) -> None:
        """More or less opaque."""
        self._sliders.opacity.setValue(self._sliders.opacity.value() + steps * OPACITY_STEP)

    def step_threshold(self, steps: int) -> None:
        """Draw less (up) or more (down) of the evidence."""
        self._sliders.threshold.setValue(self._sliders.threshold.value() + steps * THRESHOLD_STEP)

    def fit_to(self, *, signed: bool, superpixels: bool) -> None:
        """Offers what concerns the heatmap in view.

        Args:
            signed: whether it has the colours of signed maps, which are not chosen.
            superpixels: whether the superpixels that it was made of are drawn, all of them.
        """
        self._sliders.threshold.setEnabled(not superpixels)
        self._palette.setEnabled(not signed)
        self._palette.setToolTip(
            tr("This map is drawn blue where it speaks for suspicion, red against.") if signed else ""
        )

    def _change(self, _checked: bool = False, **changed: Any) -> None:
        self.set_look(replace(self._look, **changed))

    def _show(self, look: HeatLook) -> None:
        self._palette.buttons[look.colour_map].setChecked(True)
        self._contours.setChecked(look.contours_only)
        self._sliders.threshold.setValue(round(100 * look.threshold))
        self._sliders.opacity.setValue(round(100 * look.opacity))


class _Colours(QWidget):
    """The colour maps, one of them chosen. The menu stays open, so that they can be compared on the film."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        self.buttons: dict[ColourMap, QRadioButton] = {}
        for colour_map in COLOUR_MAPS:
            button = QRadioButton(colour_map_title(colour_map))
            button.setIcon(_swatch(colour_map))
            button.setIconSize(_SWATCH)
            column.addWidget(button)
            self.buttons[colour_map] = button


class _Sliders(QWidget):
    """Rows of a name, a slider and its value in percent."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(10, 6, 10, 6)
        self._grid.setHorizontalSpacing(10)
        self.threshold = self._add(
            tr("Threshold"),
            tr("Heatmap threshold"),
            tr("Threshold of heatmaps ({less} and {more})", less="{", more="}"),
            round(100 * GREATEST_THRESHOLD),
        )
        self.opacity = self._add(
            tr("Opacity"),
            tr("Heatmap opacity"),
            tr("Opacity of heatmaps ({less} and {more})", less="[", more="]"),
            100,
        )

    def _add(self, name: str, spoken: str, tip: str, greatest: int) -> QSlider:
        """A row.

        Args:
            spoken: what a screen reader calls the slider.
            greatest: where the slider ends, in percent; it begins at 0.
        """
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, greatest)
        slider.setPageStep(OPACITY_STEP)
        slider.setAccessibleName(spoken)
        slider.setToolTip(tip)
        value = QLabel("0\u00a0%")
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setMinimumWidth(value.fontMetrics().horizontalAdvance("100\u00a0%"))
        set_role(value, "muted")
        slider.valueChanged.connect(lambda percent: value.setText(f"{percent}\u00a0%"))
        row = self._grid.rowCount()
        for column, widget in enumerate((QLabel(name), slider, value)):
            self._grid.addWidget(widget, row, column)
        return slider


def _swatch(colour_map: ColourMap) -> QIcon:
    """The colour map from little to much evidence."""
    width, height = 2 * _SWATCH.width(), 2 * _SWATCH.height()  # sharp on a dense screen, too
    pixels = colour_bar(HeatLook(opacity=1, threshold=0, colour_map=colour_map), False, width, height)
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(image))
