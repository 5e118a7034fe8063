"""LIME's superpixels over a film: where they lie, and what shows and hides them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.explanation import Superpixels
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.superpixel_picture import AGAINST, BOUNDARY, FOR
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.image_viewer.decor import Corner
from cxr_desktop.ui.image_viewer.film_painter import corner_lines
from cxr_desktop.ui.image_viewer.superpixel_renderer import SuperpixelRenderer
from cxr_desktop.ui.image_viewer.viewport import Orientation, Viewport
from tests.ui.image_viewer.conftest import CAPTION

# Four columns: for, against, nothing, half as much for.
SEGMENTS = np.repeat(np.arange(4, dtype=np.int32)[None], 4, axis=0)
WEIGHTS = np.array([2, -2, 0, 1], np.float32)
OPAQUE = HeatLook(opacity=1)


def superpixels(box: Box) -> Superpixels:
    return Superpixels(SEGMENTS, WEIGHTS, box, 0.9)


@pytest.mark.parametrize("quarter_turns", range(4))
@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("scale", [0.3, 1.0, 7.3])
def test_every_device_pixel_has_the_colour_of_the_superpixel_beneath(
    quarter_turns: int, flipped: bool, scale: float
) -> None:
    box = Box(30, 50, 150, 250)
    view = Viewport((200, 300), (120, 90), Orientation(quarter_turns, flipped), scale).panned(9, -14)
    patch = SuperpixelRenderer(superpixels(box)).seen_through(view, OPAQUE, 1.0)
    left, top, right, bottom = view.visible
    assert patch.pixels.shape == (bottom - top, right - left, 4)
    compared = 0
    for row in range(0, patch.pixels.shape[0], 5):
        for column in range(0, patch.pixels.shape[1], 5):
            x, y = view.to_film(patch.left + column + 0.5, patch.top + row + 0.5)
            across, down = (x - box.left) / 50, (y - box.top) / box.height
            if min(abs(across - edge) for edge in range(5)) * 50 * scale < 2 or (
                min(abs(down), abs(down - 1)) * box.height * scale < 2
            ):
                continue  # a boundary
            inside = 0 <= across < 4 and 0 <= down < 1
            weight = float(WEIGHTS[int(across)]) if inside else 0.0
            colour = np.array(FOR if weight > 0 else AGAINST) * abs(weight) / 2
            assert patch.pixels[row, column, :3] == pytest.approx(colour, abs=1)
            assert patch.pixels[row, column, 3] == pytest.approx(255 * abs(weight) / 2, abs=1)
            compared += 1
    assert compared > 20


def test_boundaries_are_as_thin_on_the_screen_at_any_zoom() -> None:
    renderer = SuperpixelRenderer(superpixels(Box.whole((100, 100))))
    for scale in (1.0, 6.0):
        patch = renderer.seen_through(Viewport((100, 100), (400, 400), scale=scale), OPAQUE, 1.0)
        row = patch.pixels[patch.pixels.shape[0] // 2, :, :3].astype(int)
        assert (np.abs(row - BOUNDARY).max(axis=1) <= 1).sum() == 3


def test_beside_the_canvas_nothing_is_drawn() -> None:
    view = Viewport((100, 100), (20, 20), scale=1, centre=(900, 900))
    renderer = SuperpixelRenderer(superpixels(Box.whole((100, 100))))
    assert renderer.seen_through(view, OPAQUE, 1.0).pixels.size == 0


# In the viewer


@pytest.fixture
def tiled(viewer: ImageViewer, quarters: Radiograph) -> ImageViewer:
    """A film with superpixels over it, opaque."""
    whole = superpixels(Box.whole((100, 100)))
    viewer.set_look(OPAQUE)
    viewer.show_film(quarters, None, None, CAPTION)
    viewer.lay_map(Heatmap(whole.evidence, whole.box, "LIME", signed=True), whole)
    viewer.canvas.setFocus()
    return viewer


def pixel(viewer: ImageViewer, x: int, y: int) -> tuple[int, int, int]:
    colour = viewer.canvas.grab().toImage().pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def action(viewer: ImageViewer, text: str) -> QAction:
    return next(each for each in viewer.actions() if each.text() == text)


def said(viewer: ImageViewer) -> str:
    assert viewer.canvas.shown is not None
    lines = corner_lines(viewer.canvas.shown, viewer.canvas.look, 1.0, None)[Corner.TOP_RIGHT]
    return "\n".join(line.text for line in lines)


def test_green_is_for_red_against_and_the_legend_says_so_in_words(tiled: ImageViewer) -> None:
    assert pixel(tiled, 75, 220) == FOR
    assert pixel(tiled, 225, 220) == AGAINST
    assert pixel(tiled, 375, 220) == (80, 80, 80)  # weighs nothing: the film is clear
    assert "superpixels: LIME" in said(tiled)
    image = tiled.canvas.grab().toImage()
    beneath = {image.pixelColor(x, y).getRgb()[:3] for x in range(310, 450) for y in range(520, 560)}
    assert AGAINST in beneath  # the words, over a superpixel without colour


def test_superpixels_are_hidden_like_any_map(tiled: ImageViewer, qtbot: QtBot) -> None:
    qtbot.keyPress(tiled.canvas, Qt.Key.Key_U)
    assert pixel(tiled, 75, 220) == (0, 0, 0)
    qtbot.keyRelease(tiled.canvas, Qt.Key.Key_U)
    assert pixel(tiled, 75, 220) == FOR
    tiled.set_heatmap_shown(False)
    assert pixel(tiled, 75, 220) == (0, 0, 0)
    assert "heatmap hidden" in said(tiled)


def test_only_what_concerns_superpixels_is_offered(tiled: ImageViewer, quarters: Radiograph) -> None:
    (threshold,) = (
        each for each in tiled.findChildren(QSlider) if each.accessibleName() == "Heatmap threshold"
    )
    assert not action(tiled, "Contours only").isEnabled()
    assert not threshold.isEnabled()
    action(tiled, "Fainter heatmap").trigger()
    red, green, _ = pixel(tiled, 75, 220)
    assert 0 < green < FOR[1]
    assert green > red
    whole = superpixels(Box.whole((100, 100)))
    tiled.lay_map(Heatmap(whole.evidence, whole.box, "LIME", signed=True))
    assert action(tiled, "Contours only").isEnabled()
    assert threshold.isEnabled()
    assert "heatmap: LIME" in said(tiled)
