"""How a heatmap looks over a film, and the keys and menu that change it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QRadioButton, QSlider
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import COLOUR_MAPS, GREATEST_THRESHOLD, HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.image_viewer.decor import Corner
from cxr_desktop.ui.image_viewer.film_painter import corner_lines
from cxr_desktop.ui.image_viewer.heat_menu import HeatMenu
from cxr_desktop.ui.image_viewer.heat_renderer import HeatRenderer, premultiplied
from cxr_desktop.ui.image_viewer.viewport import Orientation, Viewport
from tests.ui.image_viewer.conftest import CAPTION, evidence_at

LOOK = HeatLook(opacity=1)
WHOLE = Box(0, 0, 100, 100)


def menu_of(viewer: ImageViewer) -> HeatMenu:
    menu = viewer.findChild(HeatMenu)
    assert menu is not None
    return menu


def choice(viewer: ImageViewer, text: str) -> QRadioButton:
    (found,) = (
        each for each in menu_of(viewer).menu().findChildren(QRadioButton) if each.text().startswith(text)
    )
    return found


def slider(viewer: ImageViewer, name: str) -> QSlider:
    (found,) = (
        each for each in menu_of(viewer).menu().findChildren(QSlider) if each.accessibleName() == name
    )
    return found


def pixel(viewer: ImageViewer, x: int, y: int) -> tuple[int, int, int]:
    colour = viewer.canvas.grab().toImage().pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def coloured_share(viewer: ImageViewer) -> float:
    """How much of the canvas, but for the lowest part with the colour bar, is not grey."""
    image = viewer.canvas.grab().toImage()
    seen = [image.pixelColor(x, y).getRgb()[:3] for x in range(0, 600, 3) for y in range(0, 500, 3)]
    return float(np.mean([max(rgb) - min(rgb) > 20 for rgb in seen]))


def said(viewer: ImageViewer) -> str:
    assert viewer.canvas.shown is not None
    lines = corner_lines(viewer.canvas.shown, viewer.canvas.look, 1.0, None)[Corner.TOP_RIGHT]
    return "\n".join(line.text for line in lines)


@pytest.fixture
def heated(viewer: ImageViewer, quarters: Radiograph) -> ImageViewer:
    """A film with evidence in the top left corner, opaque."""
    viewer.set_look(LOOK)
    viewer.show_film(quarters, evidence_at(0, 0, WHOLE), None, CAPTION)
    viewer.canvas.setFocus()
    return viewer


# What is painted


@pytest.mark.parametrize("shape", [(200, 300), (3000, 2000)])
def test_heat_lies_where_its_box_lies(shape: tuple[int, int]) -> None:
    height, width = shape
    box = Box(0.5 * height, 0.25 * width, height, 0.75 * width)
    renderer = HeatRenderer(Heatmap(np.ones((3, 3), np.float32), box, "Grad-CAM"), shape)
    view = Viewport.fit(shape, (400, 400))
    patch = renderer.seen_through(view, LOOK, 1.0)
    alpha = np.zeros((400, 400), np.uint8)
    rows, columns = patch.pixels.shape[:2]
    alpha[patch.top : patch.top + rows, patch.left : patch.left + columns] = patch.pixels[..., 3]
    for x, y, inside in ((0.5, 0.75, True), (0.3, 0.55, True), (0.5, 0.4, False), (0.2, 0.75, False)):
        column, row = view.to_device(x * width, y * height)
        assert bool(alpha[int(row), int(column)] > 200) is inside


@pytest.mark.parametrize("orientation", [Orientation(), Orientation(1), Orientation(2, flipped=True)])
@pytest.mark.parametrize("scale", [0.7, 4.0])
def test_lines_run_where_colours_begin(orientation: Orientation, scale: float) -> None:
    evidence = np.zeros((6, 8), np.float32)
    evidence[1, 2] = 1
    renderer = HeatRenderer(Heatmap(evidence, Box(0, 0, 300, 400), "CAM"), (300, 400))
    view = Viewport((300, 400), (500, 500), orientation, scale)
    colours = renderer.seen_through(view, replace(LOOK, threshold=0.5), 1.0)
    lines = renderer.seen_through(view, replace(LOOK, threshold=0.75, contours_only=True), 1.0)
    more = renderer.seen_through(view, replace(LOOK, threshold=0.75), 1.0)
    on_line = lines.pixels[..., :3].max(axis=2) > 120
    assert on_line.any()
    assert lines[1:] == colours[1:]
    # The line at 75 % encloses exactly what is drawn with that threshold.
    assert not (on_line & (colours.pixels[..., 3] == 0)).any()
    rows, columns = np.nonzero(more.pixels[..., 3])
    line_rows, line_columns = np.nonzero(on_line)
    assert line_rows.min() == pytest.approx(rows.min(), abs=2 + scale)
    assert line_columns.max() == pytest.approx(columns.max(), abs=2 + scale)


def test_the_same_view_is_drawn_once_whatever_the_opacity() -> None:
    renderer = HeatRenderer(evidence_at(1, 1, WHOLE), (100, 100))
    view = Viewport.fit((100, 100), (300, 300))
    for look in (LOOK, replace(LOOK, contours_only=True)):
        first = renderer.seen_through(view, look, 1.0)
        assert renderer.seen_through(view, replace(look, opacity=0.3), 1.0) is first
        assert renderer.seen_through(view, replace(look, threshold=0.5), 1.0) is not first


def test_beside_the_canvas_nothing_is_drawn() -> None:
    renderer = HeatRenderer(evidence_at(1, 1, WHOLE), (100, 100))
    view = Viewport((100, 100), (20, 20), scale=1, centre=(900, 900))
    for look in (LOOK, replace(LOOK, contours_only=True)):
        assert renderer.seen_through(view, look, 1.0).pixels.size == 0


def test_premultiplied_colours_never_exceed_their_alpha() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (500, 4), dtype=np.uint8)
    ready = premultiplied(colours)
    assert (ready[:, 3] == colours[:, 3]).all()
    exact = colours[:, :3] * (colours[:, 3:] / 255)
    assert np.abs(ready[:, :3] - exact).max() <= 0.5


def test_a_signed_map_is_blue_where_it_speaks_for_suspicion_and_red_against(
    viewer: ImageViewer, quarters: Radiograph
) -> None:
    evidence = np.zeros((4, 4), np.float32)
    evidence[0, 0], evidence[0, 3] = 1, -1
    viewer.set_look(LOOK)
    viewer.show_film(quarters, Heatmap(evidence, WHOLE, "LIME", signed=True), None, CAPTION)
    red, _, blue = pixel(viewer, 75, 75)
    assert blue > red + 50
    red, _, blue = pixel(viewer, 525, 75)
    assert red > blue + 50
    assert not choice(viewer, "Viridis").isEnabled()  # it has colours of its own
    viewer.show_film(quarters, evidence_at(0, 0, WHOLE), None, CAPTION)
    assert choice(viewer, "Viridis").isEnabled()


def test_a_signed_map_that_speaks_only_against_is_drawn(viewer: ImageViewer, quarters: Radiograph) -> None:
    against = Heatmap(np.full((4, 4), -1, np.float32), WHOLE, "LIME", signed=True)
    viewer.show_film(quarters, against, None, CAPTION)
    assert coloured_share(viewer) > 0.9
    viewer.set_heatmap(Heatmap(np.zeros((4, 4), np.float32), WHOLE, "LIME", signed=True), None)
    assert "no evidence for or against suspicion" in said(viewer)
    assert coloured_share(viewer) == 0


# What the reader chooses


def test_colour_maps_are_chosen_in_the_menu_and_seen_on_film_and_bar(
    heated: ImageViewer, qtbot: QtBot
) -> None:
    on_film, on_bar = set(), set()
    for colour_map in COLOUR_MAPS:
        with qtbot.waitSignal(heated.look_changed, raising=colour_map != "inferno", timeout=100):
            choice(heated, colour_map.capitalize()).click()
        on_film.add(pixel(heated, 75, 75))
        image = heated.canvas.grab().toImage()
        beneath = [image.pixelColor(x, y).rgb() for x in range(230, 371, 5) for y in range(500, 600, 2)]
        on_bar.add(tuple(beneath))
    assert len(on_film) == len(on_bar) == len(COLOUR_MAPS)
    assert "uneven" in choice(heated, "Jet").text()


def test_the_threshold_by_keys_and_by_the_slider(heated: ImageViewer, qtbot: QtBot) -> None:
    covered = coloured_share(heated)
    qtbot.keyClick(heated.canvas, "}")
    assert menu_of(heated).look.threshold == 0.2
    assert coloured_share(heated) < covered
    for _ in range(30):
        qtbot.keyClick(heated.canvas, "}")
    assert menu_of(heated).look.threshold == GREATEST_THRESHOLD
    assert coloured_share(heated) > 0  # never so high that evidence looks like none
    slider(heated, "Heatmap threshold").setValue(5)
    assert coloured_share(heated) > covered
    qtbot.keyClick(heated.canvas, "{")
    assert menu_of(heated).look.threshold == 0


def test_contours_leave_the_film_uncovered(heated: ImageViewer, qtbot: QtBot) -> None:
    covered = coloured_share(heated)
    with qtbot.waitSignal(heated.look_changed, check_params_cb=lambda look: look.contours_only):
        qtbot.keyClick(heated.canvas, Qt.Key.Key_C)
    assert 0 < coloured_share(heated) < covered / 2
    slider(heated, "Heatmap opacity").setValue(0)
    assert coloured_share(heated) == 0


def test_a_look_from_the_settings_is_shown_in_the_menu(heated: ImageViewer) -> None:
    told: list[HeatLook] = []
    heated.look_changed.connect(told.append)
    look = HeatLook(0.3, 0.4, "cividis", contours_only=True)
    heated.set_look(look)
    assert told == [look]
    assert choice(heated, "Cividis").isChecked()
    assert slider(heated, "Heatmap threshold").value() == 40
    assert slider(heated, "Heatmap opacity").value() == 30
    assert next(a for a in heated.actions() if a.text() == "Contours only").isChecked()


# Looking underneath


def repeat(viewer: ImageViewer, kind: QEvent.Type) -> None:
    """What a key that is held down sends again and again."""
    event = QKeyEvent(kind, Qt.Key.Key_U, Qt.KeyboardModifier.NoModifier, "u", autorep=True)
    QApplication.sendEvent(viewer.canvas, event)


def test_a_key_held_down_shows_the_film_underneath(heated: ImageViewer, qtbot: QtBot) -> None:
    hot = pixel(heated, 75, 75)
    qtbot.keyPress(heated.canvas, Qt.Key.Key_U)
    assert pixel(heated, 75, 75) == (0, 0, 0)
    assert "heatmap hidden" in said(heated)
    for _ in range(3):
        repeat(heated, QEvent.Type.KeyRelease)
        assert pixel(heated, 75, 75) == (0, 0, 0)  # no flicker
        repeat(heated, QEvent.Type.KeyPress)
    qtbot.mouseClick(heated.canvas, Qt.MouseButton.RightButton)  # windowing what lies beneath
    assert pixel(heated, 75, 75) == (0, 0, 0)
    qtbot.keyRelease(heated.canvas, Qt.Key.Key_U)
    assert pixel(heated, 75, 75) == hot


def test_the_heatmap_comes_back_with_the_focus_gone_or_another_film(
    heated: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    hot = pixel(heated, 75, 75)
    for leave in (
        lambda: QApplication.sendEvent(heated.canvas, QFocusEvent(QEvent.Type.FocusOut)),
        lambda: QApplication.sendEvent(heated.window(), QEvent(QEvent.Type.WindowDeactivate)),
        lambda: heated.show_film(quarters, evidence_at(0, 0, WHOLE), None, CAPTION),
    ):
        qtbot.keyPress(heated.canvas, Qt.Key.Key_U)
        assert pixel(heated, 75, 75) == (0, 0, 0)
        leave()
        assert pixel(heated, 75, 75) == hot
        qtbot.keyRelease(heated.canvas, Qt.Key.Key_U)


def test_without_a_heatmap_there_is_nothing_to_look_under(
    heated: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    underneath = next(a for a in heated.actions() if a.text() == "Look under the heatmap")
    assert underneath.isEnabled()
    qtbot.keyPress(heated.canvas, Qt.Key.Key_U)
    heated.show_message("The file is empty.")
    assert not underneath.isEnabled()
    assert not heated.canvas.look.underneath
    qtbot.keyRelease(heated.canvas, Qt.Key.Key_U)
    heated.show_film(quarters, evidence_at(0, 0, WHOLE), None, CAPTION)
    heated.set_heatmap_shown(False)
    assert not underneath.isEnabled()
