"""Two viewers are looked at as one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.windowing import Window
from cxr_desktop.ui.image_viewer import Caption, ImageViewer
from cxr_desktop.ui.image_viewer.viewport import Viewport
from cxr_desktop.ui.model_comparison.together import Together
from cxr_desktop.ui.theme import apply_theme

Pair = tuple[ImageViewer, ImageViewer]


@pytest.fixture
def pair(qtbot: QtBot, qapp: QApplication) -> Iterator[Pair]:
    """The same film in two viewers, the right one a little narrower."""
    apply_theme(qapp, "dark")
    window = QWidget()
    qtbot.addWidget(window)
    viewers = ImageViewer(True, HeatLook(), window), ImageViewer(True, HeatLook(), window)
    row = QHBoxLayout(window)
    for viewer, width in zip(viewers, (500, 420), strict=True):
        viewer.setFixedSize(width, 500)
        row.addWidget(viewer)
    Together(*viewers, window)
    window.show()
    qtbot.waitExposed(window)
    values = np.arange(120 * 100, dtype=np.uint16).reshape(120, 100)
    film = Radiograph(values, (picture_window(values),))
    for viewer in viewers:
        viewer.show_film(film, None, None, Caption())
    window.activateWindow()
    yield viewers  # the window lives as long as this


def view(viewer: ImageViewer) -> Viewport:
    assert viewer.canvas.shown is not None
    return viewer.canvas.shown.viewport


def action(viewer: ImageViewer, text: str) -> QAction:
    return next(each for each in viewer.actions() if each.text() == text)


@pytest.mark.parametrize("turned_round", [False, True])
def test_zoom_pan_and_orientation_go_both_ways(pair: Pair, turned_round: bool) -> None:
    one, other = reversed(pair) if turned_round else pair
    told: list[object] = []
    other.transform_changed.connect(told.append)
    one.canvas.zoom(2.5, QPointF(100, 300))
    assert view(other).scale == view(one).scale
    assert view(other).middle == view(one).middle
    assert view(other).size != view(one).size
    action(one, "Rotate right").trigger()
    action(one, "Flip left–right").trigger()
    assert view(other).orientation == view(one).orientation
    assert len(told) == 3  # no echo
    action(one, "Fit").trigger()
    assert view(other).fitted
    assert view(other) == Viewport.fit((120, 100), view(other).size, view(one).orientation)


@pytest.mark.parametrize("turned_round", [False, True])
def test_window_polarity_and_look_go_both_ways(pair: Pair, turned_round: bool) -> None:
    one, other = reversed(pair) if turned_round else pair
    window = Window.spanning(100, 5000)
    told: list[object] = []
    one.window_changed.connect(told.append)
    one.canvas.set_transform(window)
    action(one, "Invert").trigger()
    one.set_look(HeatLook(opacity=0.2))
    action(one, "Heatmap").trigger()
    assert other.canvas.shown is not None
    assert other.canvas.shown.transform == window
    assert other.canvas.shown.inverted
    assert other.canvas.look.heat.opacity == 0.2
    assert not other.canvas.look.heat_shown
    assert told == [window]
    action(other, "Reset").trigger()
    assert one.canvas.shown is not None
    assert not one.canvas.shown.inverted
    assert one.canvas.shown.transform == one.canvas.shown.radiograph.transforms[0]


def test_a_key_is_obeyed_once_by_both(pair: Pair, qtbot: QtBot) -> None:
    for viewer in pair:
        viewer.canvas.setFocus()
        before = view(pair[0]).orientation
        qtbot.keyClick(viewer.canvas, "R")
        assert view(pair[0]).orientation == view(pair[1]).orientation == before.rotated(1)


def test_a_key_held_down_looks_under_both_heatmaps(pair: Pair, qtbot: QtBot) -> None:
    for viewer in pair:
        viewer.lay_map(Heatmap(np.ones((2, 2), np.float32), Box(0, 0, 100, 120), "Grad-CAM"))
    for one, other in (pair, reversed(pair)):
        one.canvas.setFocus()
        qtbot.keyPress(one.canvas, "U")
        assert one.canvas.look.underneath
        assert other.canvas.look.underneath
        qtbot.keyRelease(one.canvas, "U")
        assert not one.canvas.look.underneath
        assert not other.canvas.look.underneath


def test_another_film_on_one_side_is_not_moved_by_the_other(pair: Pair) -> None:
    one, other = pair
    values = np.zeros((40, 40), np.uint8)
    other.show_film(Radiograph(values, (picture_window(values),)), None, None, Caption())
    before = view(other)
    one.canvas.zoom(2)
    assert view(other) == before
