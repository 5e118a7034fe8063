"""The viewer as the radiologist's hands know it: real events, and what then stands on the screen."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeySequence, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QToolButton
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap, Prediction
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.windowing import Window
from cxr_desktop.domain.worklist import Film, FilmSource, Study
from cxr_desktop.ui.image_viewer import Caption, ImageViewer, caption_of
from cxr_desktop.ui.image_viewer.decor import Corner
from cxr_desktop.ui.image_viewer.film_painter import corner_lines
from cxr_desktop.ui.image_viewer.heat_menu import HeatMenu
from cxr_desktop.ui.image_viewer.shown_film import ShownFilm
from cxr_desktop.ui.image_viewer.viewport import Viewport
from cxr_desktop.ui.theme import LIGHT, apply_theme
from tests.ui.image_viewer.conftest import CAPTION, evidence_at

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def do(viewer: ImageViewer, text: str) -> None:
    """Trigger the action with that text, as its button or key would."""
    (action,) = (action for action in viewer.actions() if action.text() == text)
    assert action.isEnabled(), f"{text} cannot be asked for"
    action.trigger()


def offered(viewer: ImageViewer, text: str) -> bool:
    return next(action for action in viewer.actions() if action.text() == text).isEnabled()


def drag(
    qtbot: QtBot, viewer: ImageViewer, button: Qt.MouseButton, start: tuple[int, int], end: tuple[int, int]
) -> None:
    qtbot.mousePress(viewer.canvas, button, pos=QPoint(*start))
    qtbot.mouseMove(viewer.canvas, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    qtbot.mouseMove(viewer.canvas, QPoint(*end))
    qtbot.mouseRelease(viewer.canvas, button, pos=QPoint(*end))


def wheel(viewer: ImageViewer, at: tuple[int, int], notches: int) -> None:
    position = QPointF(*at)
    event = QWheelEvent(
        position,
        viewer.canvas.mapToGlobal(position),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewer.canvas, event)


def shown(viewer: ImageViewer) -> ShownFilm:
    assert viewer.canvas.shown is not None
    return viewer.canvas.shown


def view(viewer: ImageViewer) -> Viewport:
    return shown(viewer).viewport


def colour(viewer: ImageViewer, x: int, y: int) -> QColor:
    """What stands on the screen at a position of the canvas."""
    image = viewer.canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(int(x * ratio), int(y * ratio))


def grey(viewer: ImageViewer, x: int, y: int) -> int:
    seen = colour(viewer, x, y)
    assert seen.red() == seen.green() == seen.blue()
    return seen.red()


def quadrants(viewer: ImageViewer) -> list[int]:
    """Grey levels: top left, top right, bottom left, bottom right."""
    return [grey(viewer, x, y) for y in (200, 400) for x in (200, 400)]


def said(viewer: ImageViewer, corner: Corner) -> str:
    lines = corner_lines(shown(viewer), viewer.canvas.look, 1.0, None)[corner]
    return "\n".join(line.text for line in lines)


# Showing


def test_a_film_is_fitted_and_shown_as_its_file_asks(viewer: ImageViewer, quarters: Radiograph) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    assert quadrants(viewer) == [0, 80, 160, 240]
    assert view(viewer).scale == 6


def test_a_monochrome1_film_shows_air_black(viewer: ImageViewer, rg1: Radiograph) -> None:
    assert rg1.low_is_white
    viewer.show_film(rg1, None, None, CAPTION)
    do(viewer, "Full range")
    lung, spine = (view(viewer).to_device(*point) for point in ((1270, 560), (915, 1200)))
    assert grey(viewer, int(lung[0]), int(lung[1])) < 180 < grey(viewer, int(spine[0]), int(spine[1]))


def test_the_screen_shows_what_the_film_defines(viewer: ImageViewer, child_film: Radiograph) -> None:
    viewer.show_film(child_film, None, None, Caption())
    do(viewer, "1:1")
    image = viewer.canvas.grab().toImage()
    expected = child_film.pixels
    for x, y in ((300, 300), (123, 301), (444, 210), (250, 480)):
        column, row = view(viewer).to_film(x + 0.5, y + 0.5)
        assert abs(image.pixelColor(x, y).red() / 255 - expected[int(row), int(column)]) <= 1 / 255


def test_a_fitted_film_follows_the_size_until_it_is_zoomed(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    viewer.resize(viewer.width() - 200, viewer.height() - 200)
    qtbot.waitUntil(lambda: view(viewer).scale == 4)
    wheel(viewer, (200, 200), 1)
    zoomed = view(viewer).scale
    viewer.resize(viewer.width() + 100, viewer.height() + 100)
    qtbot.waitUntil(lambda: view(viewer).size == (500, 500))
    assert view(viewer).scale == zoomed
    do(viewer, "Fit")
    assert view(viewer).scale == 5


def test_what_cannot_be_shown_says_why_and_offers_nothing(viewer: ImageViewer, quarters: Radiograph) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    viewer.show_message("The file is empty. Copy it again from its source.")
    assert viewer.canvas.accessibleDescription() == "The file is empty. Copy it again from its source."
    assert not any(action.isEnabled() for action in viewer.actions())
    image = viewer.canvas.grab().toImage()
    assert any(image.pixelColor(x, y).lightness() > 150 for x in range(100, 500) for y in range(270, 330))
    viewer.clear()
    assert viewer.canvas.grab().toImage().pixelColor(300, 300).lightness() == 0


def test_nothing_happens_to_hands_without_a_film(viewer: ImageViewer, qtbot: QtBot) -> None:
    for button in (LEFT, RIGHT, MIDDLE):
        drag(qtbot, viewer, button, (100, 100), (300, 300))
    wheel(viewer, (100, 100), 2)
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    viewer.set_heatmap(None, None)
    viewer.set_caption(CAPTION)
    assert viewer.canvas.shown is None


def test_the_film_before_is_let_go(viewer: ImageViewer) -> None:
    values = np.zeros((300, 300), np.uint16)
    film = Radiograph(values, (picture_window(values),))
    viewer.show_film(film, evidence_at(1, 1, Box.whole(film.shape)), None, CAPTION)
    viewer.canvas.grab()
    gone = weakref.ref(film)
    del film
    viewer.clear()
    gc.collect()
    assert gone() is None


# Moving


def test_the_wheel_enlarges_what_lies_under_the_pointer(viewer: ImageViewer, quarters: Radiograph) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    before = view(viewer).to_film(450, 150)
    wheel(viewer, (450, 150), 3)
    assert view(viewer).scale > 1.5 * 6
    assert view(viewer).to_film(450, 150) == pytest.approx(before, abs=0.2)
    wheel(viewer, (450, 150), -3)
    assert view(viewer).scale == pytest.approx(6)


@pytest.mark.parametrize("way", ["tool", "middle button", "space"])
def test_panning_by_tool_by_middle_button_and_by_space(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot, way: str
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    under = view(viewer).to_film(200, 200)
    window = shown(viewer).transform
    if way == "tool":
        do(viewer, "Pan")
    elif way == "space":
        qtbot.keyPress(viewer.canvas, Qt.Key.Key_Space)
    drag(qtbot, viewer, MIDDLE if way == "middle button" else LEFT, (200, 200), (260, 170))
    assert view(viewer).to_film(260, 170) == pytest.approx(under, abs=0.2)
    assert shown(viewer).transform == window
    if way == "space":
        qtbot.keyRelease(viewer.canvas, Qt.Key.Key_Space)
        drag(qtbot, viewer, LEFT, (200, 200), (260, 170))
        assert shown(viewer).transform != window  # the window tool again


def test_space_is_let_go_with_the_keyboard_focus(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    qtbot.keyPress(viewer.canvas, Qt.Key.Key_Space)
    assert viewer.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QApplication.sendEvent(viewer.canvas, QFocusEvent(QFocusEvent.Type.FocusOut))
    assert viewer.canvas.cursor().shape() != Qt.CursorShape.OpenHandCursor


def test_the_zoom_tool_enlarges_upwards_around_where_it_was_set_down(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    do(viewer, "Zoom")
    under = view(viewer).to_film(150, 400)
    drag(qtbot, viewer, LEFT, (150, 400), (150, 350))
    assert view(viewer).scale > 6
    assert view(viewer).to_film(150, 400) == pytest.approx(under, abs=0.2)


def test_a_pinch_enlarges_between_the_fingers(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    under = view(viewer).to_film(400, 200)
    at = QPointF(400, 200)
    on_screen = viewer.canvas.mapToGlobal(at)
    touchpad = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        on_screen,
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(viewer.canvas, touchpad)
    assert view(viewer).scale == 9
    assert view(viewer).to_film(400, 200) == pytest.approx(under, abs=0.2)
    pinch = QPinchGesture()
    pinch.setScaleFactor(2)
    pinch.setCenterPoint(on_screen)
    window = shown(viewer).transform
    qtbot.mousePress(viewer.canvas, LEFT, pos=QPoint(300, 300))  # the first finger
    QApplication.sendEvent(viewer.canvas, QGestureEvent([pinch]))
    qtbot.mouseMove(viewer.canvas, QPoint(350, 350))
    assert view(viewer).scale == 18
    assert view(viewer).to_film(400, 200) == pytest.approx(under, abs=0.2)
    assert shown(viewer).transform == window


def test_keys_and_scales(viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    viewer.canvas.setFocus()
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_1)
    assert view(viewer).scale == 1
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_2)
    assert view(viewer).scale == 2
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view(viewer).scale == 2.5
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view(viewer).scale == 2
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_F)
    assert view(viewer).scale == 6


def test_turning_and_flipping_move_the_film_and_are_said_in_words(
    viewer: ImageViewer, quarters: Radiograph
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    do(viewer, "Rotate right")
    assert quadrants(viewer) == [160, 0, 240, 80]
    do(viewer, "Flip left–right")
    assert quadrants(viewer) == [0, 160, 80, 240]
    assert "flipped left–right" in said(viewer, Corner.TOP_LEFT)
    do(viewer, "Rotate left")
    do(viewer, "Flip top–bottom")
    do(viewer, "Reset")
    assert quadrants(viewer) == [0, 80, 160, 240]
    assert said(viewer, Corner.TOP_LEFT) == "\n".join(CAPTION.film)


# Grey levels


def test_dragging_changes_window_and_level(viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    with qtbot.waitSignal(viewer.window_changed) as told:
        drag(qtbot, viewer, LEFT, (300, 200), (300, 260))  # down: darker
    assert isinstance(told.args[0], Window)
    assert quadrants(viewer)[2] < 160
    do(viewer, "Invert")
    negative = quadrants(viewer)
    drag(qtbot, viewer, LEFT, (300, 200), (300, 260))
    assert quadrants(viewer)[1] < negative[1]  # down darkens a negative too
    do(viewer, "Invert")
    do(viewer, "Pan")
    darker = quadrants(viewer)
    drag(qtbot, viewer, RIGHT, (300, 300), (400, 300))  # right: flatter, with any tool
    flatter = quadrants(viewer)
    assert flatter[3] - flatter[0] < darker[3] - darker[0]
    do(viewer, "Reset")
    assert quadrants(viewer) == [0, 80, 160, 240]


def test_inverting_and_windows_by_name(viewer: ImageViewer, quarters: Radiograph) -> None:
    viewer.show_film(quarters, None, Box(10, 10, 45, 90), CAPTION)
    do(viewer, "Invert")
    assert quadrants(viewer) == [255, 175, 95, 15]
    assert "inverted" in said(viewer, Corner.BOTTOM_LEFT)
    do(viewer, "Invert")
    do(viewer, "Full range")
    assert quadrants(viewer) == [0, 85, 170, 255]
    do(viewer, "Lungs")  # the box holds 0 and 80 only
    assert quadrants(viewer)[1:] == [255, 255, 255]
    do(viewer, "As in file")
    assert quadrants(viewer) == [0, 80, 160, 240]


def test_the_window_menu_offers_the_films_own_windows_and_says_which_is_in_force(viewer: ImageViewer) -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    film = Radiograph(values, (Window(128, 256, name="NORMAL"), Window(60, 50, name="HARD")))
    viewer.show_film(film, None, None, CAPTION)
    button = next(b for b in viewer.findChildren(QToolButton) if b.text().startswith("As in file"))
    entries = {action.text(): action for action in button.menu().actions()}
    assert not entries["Lungs"].isEnabled()
    assert "not been found" in entries["Lungs"].toolTip()
    entries["HARD"].trigger()
    assert shown(viewer).transform == film.transforms[1]
    assert button.text().startswith("HARD")
    viewer.canvas.set_transform(Window(7, 7))
    assert button.text().startswith("Own window")
    viewer.set_heatmap(None, Box(0, 0, 16, 16))  # scoring found the lungs
    assert offered(viewer, "Lungs")
    assert shown(viewer).transform == Window(7, 7)


def test_a_new_film_starts_afresh_but_keeps_tool_and_heatmap_switch(
    viewer: ImageViewer, quarters: Radiograph
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    for text in ("Pan", "Invert", "Rotate right", "1:1", "Heatmap"):
        do(viewer, text)
    viewer.show_film(quarters, evidence_at(0, 0, Box(0, 0, 100, 100)), None, CAPTION)
    assert quadrants(viewer) == [0, 80, 160, 240]  # and no heatmap: it was switched off
    do(viewer, "Heatmap")
    assert colour(viewer, 100, 150).red() > 20


# Heatmap


def test_the_heatmap_stays_on_its_anatomy(viewer: ImageViewer, quarters: Radiograph) -> None:
    heatmap = evidence_at(0, 3, Box(0, 0, 100, 100))  # the film's top right
    viewer.show_film(quarters, heatmap, None, Caption())

    def heated(x: int, y: int) -> bool:
        seen = colour(viewer, x, y)
        return max(seen.red(), seen.green(), seen.blue()) - min(seen.red(), seen.green(), seen.blue()) > 20

    assert [heated(x, y) for x, y in ((100, 100), (520, 80), (100, 480), (520, 480))] == [
        False, True, False, False,
    ]  # fmt: skip
    do(viewer, "Flip left–right")
    assert [heated(80, 80), heated(520, 80)] == [True, False]
    do(viewer, "Rotate left")
    assert [heated(80, 80), heated(80, 520)] == [False, True]
    do(viewer, "Reset")
    under = view(viewer).to_film(520, 80)
    wheel(viewer, (300, 300), 1)
    x, y = view(viewer).to_device(*under)
    assert heated(int(x), int(y))


def test_the_heatmap_is_switched_and_faded(viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot) -> None:
    viewer.show_film(quarters, evidence_at(0, 0, Box(0, 0, 100, 100)), None, CAPTION)
    assert "class activation" in said(viewer, Corner.TOP_RIGHT)
    faint = colour(viewer, 80, 120).red()
    with qtbot.waitSignal(viewer.look_changed, check_params_cb=lambda look: look.opacity == 0.6):
        do(viewer, "Stronger heatmap")
    assert colour(viewer, 80, 120).red() > faint > 0
    viewer.set_look(HeatLook(opacity=0))
    assert colour(viewer, 80, 120).red() == 0
    viewer.set_look(HeatLook(opacity=1))
    with qtbot.waitSignal(viewer.heatmap_toggled, check_params_cb=lambda on: not on):
        qtbot.keyClick(viewer.canvas, Qt.Key.Key_H)
    assert colour(viewer, 80, 120).red() == 0
    assert "hidden" in said(viewer, Corner.TOP_RIGHT)
    assert not viewer.findChild(HeatMenu).isEnabled()
    viewer.set_heatmap_shown(True)
    assert viewer.findChild(HeatMenu).isEnabled()


def test_a_heatmap_without_evidence_says_so_and_paints_nothing(
    viewer: ImageViewer, quarters: Radiograph
) -> None:
    nothing = Heatmap(np.full((4, 4), -1, np.float32), Box(0, 0, 100, 100), "class activation")
    viewer.show_film(quarters, nothing, None, CAPTION)
    assert "no evidence for suspicion" in said(viewer, Corner.TOP_RIGHT)
    assert quadrants(viewer) == [0, 80, 160, 240]


def test_a_score_that_comes_later_leaves_zoom_window_and_measurements(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    do(viewer, "2:1")
    drag(qtbot, viewer, RIGHT, (300, 300), (350, 320))
    do(viewer, "Measure")
    drag(qtbot, viewer, LEFT, (280, 280), (340, 280))
    before = view(viewer), shown(viewer).transform, list(shown(viewer).measurements.distances)
    viewer.set_heatmap(evidence_at(1, 1, Box(0, 0, 100, 100)), Box(5, 5, 90, 90))
    viewer.set_caption(Caption(("K",), ("Xception 1.0",)))
    assert (view(viewer), shown(viewer).transform, shown(viewer).measurements.distances) == before
    assert "Xception 1.0" in said(viewer, Corner.TOP_RIGHT)


# Measuring and reading


def test_a_distance_is_drawn_dragged_and_deleted(
    viewer: ImageViewer, quarters: Radiograph, qtbot: QtBot
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)  # 6 screen pixels a millimetre
    do(viewer, "Measure")
    drag(qtbot, viewer, LEFT, (120, 300), (420, 300))
    (distance,) = shown(viewer).measurements.distances
    assert distance.text(quarters.spacing_mm) == "50.0 mm"
    do(viewer, "Rotate right")
    end = view(viewer).to_device(*distance.end)
    drag(qtbot, viewer, LEFT, (int(end[0]), int(end[1])), (int(end[0]), int(end[1]) + 60))
    (longer,) = shown(viewer).measurements.distances
    assert longer.text(quarters.spacing_mm) == "60.0 mm"
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    assert not offered(viewer, "Delete measurement")
    qtbot.mouseClick(viewer.canvas, LEFT, pos=QPoint(int(end[0]), int(end[1]) - 100))
    assert offered(viewer, "Delete measurement")
    qtbot.keyClick(viewer.canvas, Qt.Key.Key_Delete)
    assert shown(viewer).measurements.distances == []


def test_the_pointer_reads_the_value_beneath_it(viewer: ImageViewer, quarters: Radiograph) -> None:
    viewer.show_film(quarters, None, None, CAPTION)

    def read(x: int, y: int) -> str:
        lines = corner_lines(shown(viewer), viewer.canvas.look, 1.0, QPointF(x, y))
        return lines[Corner.BOTTOM_LEFT][0].text

    assert read(450, 150) == "x 75  y 25: 80"
    do(viewer, "Flip left–right")
    assert read(450, 150) == "x 25  y 25: 0"
    do(viewer, "1:1")
    assert read(20, 20).startswith("W ")  # beside the film


def test_ticks_stand_at_the_sides_only_when_the_spacing_is_known(
    viewer: ImageViewer, quarters: Radiograph
) -> None:
    viewer.show_film(quarters, None, None, Caption())
    assert "ticks 5" in said(viewer, Corner.BOTTOM_LEFT)
    image = viewer.canvas.grab().toImage()
    assert (
        max(image.pixelColor(2, y).lightness() for y in range(100, 290)) > 200
    )  # the film itself is black there
    oblong = Radiograph(quarters.values, quarters.transforms, spacing_mm=(1.0, 0.25))
    viewer.show_film(oblong, None, None, Caption())
    do(viewer, "Rotate right")  # along the screen's side lie the columns now
    assert "ticks 1" in said(viewer, Corner.BOTTOM_LEFT)
    unknown = Radiograph(quarters.values, quarters.transforms)
    viewer.show_film(unknown, None, None, Caption())
    assert "ticks" not in said(viewer, Corner.BOTTOM_LEFT)
    image = viewer.canvas.grab().toImage()
    assert max(image.pixelColor(2, y).lightness() for y in range(100, 290)) == 0


def test_the_files_graphics_are_drawn_and_can_be_hidden(viewer: ImageViewer, quarters: Radiograph) -> None:
    drawn = np.zeros(quarters.shape, bool)
    drawn[20:30, 20:30] = True
    film = Radiograph(quarters.values, quarters.transforms, overlay=drawn)
    viewer.show_film(film, None, None, Caption())
    assert colour(viewer, 150, 150).getRgb()[:3] == (255, 233, 168)
    assert grey(viewer, 250, 250) == 0
    do(viewer, "File's graphics")
    assert grey(viewer, 150, 150) == 0
    viewer.show_film(quarters, None, None, Caption())
    assert not offered(viewer, "File's graphics")


# Its actions and its words


def test_every_action_has_a_text_a_tool_tip_and_a_key_of_its_own(viewer: ImageViewer) -> None:
    keys = [key.toString() for action in viewer.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys)) > 20
    for action in viewer.actions():
        assert action.text()
        assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) in action.toolTip()


def test_the_caption_says_who_when_and_by_which_model() -> None:
    header = FilmHeader(
        patient_name=PersonName("Kowalska^Anna"),
        age_years=4.2,
        sex="F",
        study_datetime=datetime(2026, 11, 21, 8, 12),
        body_part="CHEST",
        view_position="PA",
    )
    prediction = Prediction("m", "1", 0.9, 0.97, 0.62, (), evidence_in_lungs=0.91)
    added = datetime(2026, 11, 21, tzinfo=UTC)
    film = Film(1, 1, FilmSource(Path("a.dcm")), header, (9, 9), added, prediction=prediction)
    caption = caption_of(Study(1, (film,)), film, "Xception 1.0", "1 of 5 unread")
    assert caption.film[0] == "Kowalska, Anna   4 y F"
    assert "21" in caption.film[1]
    assert caption.film[2] == "Chest PA"
    assert caption.judgement == ("Xception 1.0",)
    unscored = Film(2, 2, FilmSource(Path("IM_7.jpg")), FilmHeader(), (9, 9), added)
    assert caption_of(Study(2, (unscored,)), unscored, "Xception 1.0") == Caption(("IM_7.jpg",))


def test_the_bar_follows_the_theme_and_the_film_stays_on_black(
    viewer: ImageViewer, quarters: Radiograph, qapp: QApplication
) -> None:
    viewer.show_film(quarters, None, None, CAPTION)
    viewer.resize(900, 500)
    apply_theme(qapp, "light")
    assert colour(viewer, 5, viewer.canvas.height() // 2).lightness() == 0
    fit = next(action for action in viewer.actions() if action.text() == "Fit")
    image = fit.icon().pixmap(40, 40).toImage()
    inks = {
        image.pixelColor(x, y).name()
        for x in range(40)
        for y in range(40)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert LIGHT.text in inks
    apply_theme(qapp, "dark")
