"""Two models side by side, with real films and real networks, in the whole window."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QSpinBox
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.explanation import LimeOptions, Method
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.ui.image_viewer.superpixel_renderer import SuperpixelRenderer
from cxr_desktop.ui.model_comparison import ModelComparisonWindow
from cxr_desktop.ui.triage_panel.lime_dialog import LimeDialog
from tests.app.conftest import all_scored
from tests.conftest import BUNDLED

LONG = 60_000


@pytest.fixture
def films(data_folder: Path, tmp_path: Path) -> Path:
    """A folder with one film without pneumonia and two with it: fewer are scored sooner."""
    folder = tmp_path / "films"
    folder.mkdir()
    for label, count in (("NORMAL", 1), ("PNEUMONIA", 2)):
        for film in sorted((data_folder / "kermany_full" / label).iterdir())[:count]:
            shutil.copy(film, folder / f"{label}-{film.name}")
    return folder


@pytest.fixture
def reading(qtbot: QtBot, second_model: str, desk: Desk, films: Path) -> Desk:
    """All films scored by the bundled network, the most suspicious one in view."""
    desk.switch.choose(BUNDLED)
    desk.take_in([films])
    qtbot.waitUntil(all_scored(desk, 3), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)
    if desk.session.film != desk.session.queue.ranked[0]:
        with qtbot.waitSignal(desk.session.own_map_shown, timeout=LONG):
            desk.session.show_film(desk.session.queue.ranked[0].id)
    return desk


@pytest.fixture
def window(qtbot: QtBot, reading: Desk) -> ModelComparisonWindow:
    """Opened from the evidence card; both models have answered."""
    reading.triage.evidence_card.comparison.click()
    (window,) = reading.window.findChildren(ModelComparisonWindow)
    box = window.sides[1].box
    box.choose("second")
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: settled(window), timeout=LONG)
    return window


def settled(window: ModelComparisonWindow) -> bool:
    return all(side.told is not None for side in window.sides) and not window.running.isVisible()


def maps(window: ModelComparisonWindow) -> list[str]:
    """The methods of the maps on both films."""
    shown = (side.viewer.canvas.shown for side in window.sides)
    return [each.heatmap.method if each and each.heatmap else "" for each in shown]


def choose(window: ModelComparisonWindow, method: Method) -> None:
    window.methods.setCurrentIndex(window.methods.findData(method))
    window.methods.activated.emit(window.methods.currentIndex())


def next_film(desk: Desk) -> int:
    return next(film.id for film in desk.session.queue.ranked if film != desk.session.film)


def test_both_models_judge_the_film_in_view_side_by_side(
    qtbot: QtBot, reading: Desk, window: ModelComparisonWindow
) -> None:
    left, right = window.sides
    assert left.choice is not None
    assert right.choice is not None
    assert left.choice.card == reading.model.card
    assert right.choice.title == "Second CNN 7"
    film = reading.session.film
    assert film is not None
    assert film.probability is not None
    assert left.prediction is not None
    assert right.prediction is not None
    assert left.prediction.probability == pytest.approx(film.probability, abs=1e-4)
    assert (right.prediction.probability or 0) < film.probability
    assert left.verdict.headline.text() == "Suspected pneumonia"
    assert "Threshold" in right.verdict.point_line.text()
    assert "Second CNN 7" in right.verdict.model_line.text()
    assert "in the lungs" in left.words.text()
    assert left.words.text() == right.words.text()  # the same network
    assert ">99\u00a0% of their evidence in common" in window.words.text()
    assert maps(window) == maps(window)[:1] * 2 != ["", ""]
    captions = [
        side.viewer.canvas.shown.caption.judgement for side in window.sides if side.viewer.canvas.shown
    ]
    assert captions == [(left.choice.title,), (right.choice.title,)]


def test_one_method_for_both_and_superpixels_too(qtbot: QtBot, window: ModelComparisonWindow) -> None:
    assert not window.superpixels.isVisible()
    choose(window, Method.OCCLUSION)
    assert window.running.isVisible()
    qtbot.waitUntil(lambda: maps(window) == ["occlusion"] * 2, timeout=LONG)

    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, LimeDialog)
        for name, value in (("samples", 60), ("superpixels", 8)):
            box = dialog.findChild(QSpinBox, name)
            assert box is not None
            box.setValue(value)
        buttons = dialog.findChild(QDialogButtonBox)
        assert buttons is not None
        buttons.button(QDialogButtonBox.StandardButton.Ok).click()

    window.methods.setCurrentIndex(window.methods.findData(Method.LIME))
    QTimer.singleShot(0, fill_in)
    window.options.clicked.emit()
    qtbot.waitUntil(lambda: maps(window) == ["LIME"] * 2, timeout=LONG)
    assert all("Agreement over 3 seeds" in side.words.text() for side in window.sides)
    window.superpixels.setChecked(True)
    for side in window.sides:
        assert side.viewer.canvas.shown is not None
        assert isinstance(side.viewer.canvas.shown.heat, SuperpixelRenderer)


def test_it_follows_the_film_in_view(qtbot: QtBot, reading: Desk, window: ModelComparisonWindow) -> None:
    before = window.sides[0].told
    reading.session.show_film(next_film(reading))
    assert all(side.told is None for side in window.sides)  # nothing of the film before
    qtbot.waitUntil(lambda: settled(window), timeout=LONG)
    assert reading.session.film is not None
    for side in window.sides:
        assert side.told is not None
        assert side.told is not before
        assert side.told[0].film_id == reading.session.film.id
        assert side.viewer.canvas.shown is not None
        assert reading.viewer.canvas.shown is not None
        assert side.viewer.canvas.shown.radiograph is reading.viewer.canvas.shown.radiograph


def test_stopping_leaves_the_maps_before_and_asking_again_goes_on(
    qtbot: QtBot, reading: Desk, window: ModelComparisonWindow
) -> None:
    before = maps(window)
    words = window.sides[0].words.text()
    choose(window, Method.LIME)
    with qtbot.waitSignal(reading.questioning.progress_changed, timeout=LONG):
        pass
    window.running.stop.click()
    assert maps(window) == before
    assert window.sides[0].words.text() == words
    assert not window.running.isVisible()
    reading.lime.options = LimeOptions(samples=60, superpixels=8)
    window.again.click()
    qtbot.waitUntil(lambda: maps(window) == ["LIME"] * 2, timeout=LONG)
    assert not window.again.isVisible()


def test_a_question_in_the_main_window_takes_none_away(
    qtbot: QtBot, reading: Desk, window: ModelComparisonWindow
) -> None:
    choose(window, Method.OCCLUSION)
    card = reading.triage.evidence_card
    card.methods.setCurrentIndex(card.methods.findData(Method.OCCLUSION))
    card.methods.activated.emit(card.methods.currentIndex())
    qtbot.waitUntil(lambda: maps(window) == ["occlusion"] * 2, timeout=LONG)
    qtbot.waitUntil(lambda: "in common" in card.words.text(), timeout=LONG)


def test_heatmaps_look_alike_in_both_windows_and_next_time(
    reading: Desk, window: ModelComparisonWindow
) -> None:
    left, right = (side.viewer for side in window.sides)
    for changed, look in ((right, HeatLook(opacity=0.2)), (reading.viewer, HeatLook(opacity=0.7))):
        changed.set_look(look)
        assert [each.canvas.look.heat for each in (left, right, reading.viewer)] == [look] * 3
        assert reading.settings.heat_look == look


def test_each_side_can_ask_another_model(qtbot: QtBot, reading: Desk, window: ModelComparisonWindow) -> None:
    left, right = window.sides
    kept = left.told
    assert left.choice is not None
    right.box.choose(left.choice.name)
    right.box.activated.emit(right.box.currentIndex())
    assert right.told is None
    qtbot.waitUntil(lambda: settled(window), timeout=LONG)
    assert left.told is kept
    assert right.prediction == left.prediction
    assert window.words.text().startswith("Both sides ask the same model")


def test_the_model_in_use_stands_on_the_left(
    qtbot: QtBot, reading: Desk, window: ModelComparisonWindow, second_model: str
) -> None:
    reading.switch.choose(second_model)
    qtbot.waitUntil(lambda: settled(window), timeout=LONG)
    left, right = window.sides
    assert left.choice is not None
    assert right.choice is not None
    assert left.choice.name == second_model
    assert right.choice.name != second_model
    assert left.prediction is not None
    assert left.prediction.model == ("second", "7")


def test_a_film_that_is_not_judged_says_why_on_both_sides(
    qtbot: QtBot, desk: Desk, second_model: str, pydicom_films: Path
) -> None:
    desk.take_in([pydicom_films / "RG3_UNCI.dcm"])
    qtbot.waitUntil(all_scored(desk, 1), timeout=LONG)
    qtbot.waitUntil(lambda: desk.viewer.canvas.shown is not None, timeout=LONG)
    desk.actions["two_models"].trigger()
    (window,) = desk.window.findChildren(ModelComparisonWindow)
    qtbot.waitUntil(lambda: all("No map can be made" in s.doubts.text() for s in window.sides), timeout=LONG)
    assert not any(side.verdict.isVisible() for side in window.sides)
    assert not window.running.isVisible()


@pytest.mark.qt_log_ignore("raise\\(\\)")  # the offscreen platform has no order of windows
def test_it_opens_once_and_closing_ends_what_runs(
    qtbot: QtBot, reading: Desk, window: ModelComparisonWindow
) -> None:
    reading.actions["two_models"].trigger()
    assert reading.window.findChildren(ModelComparisonWindow) == [window]
    choose(window, Method.LIME)
    with qtbot.waitSignal(reading.questioning.progress_changed, timeout=LONG):
        pass
    with qtbot.waitSignal(reading.questioning.cancelled, timeout=LONG):
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not reading.window.findChildren(ModelComparisonWindow)
    reading.session.show_film(next_film(reading))  # nobody follows any more
    reading.actions["two_models"].trigger()
    assert len(reading.window.findChildren(ModelComparisonWindow)) == 1


def test_all_films_are_judged_by_both_and_those_they_differ_on_lead_to_the_film(
    qtbot: QtBot,
    reading: Desk,
    window: ModelComparisonWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = window.all_films
    window.pages.setCurrentWidget(page)
    qtbot.waitUntil(lambda: page.words.text().startswith("3 films of 3"), timeout=LONG)
    rows = page.table.films.rows
    assert rows
    assert all(each.one.suspected and not each.other.suspected for each in rows)
    stored = {film.id: film.probability for study in reading.worklist.studies for film in study.films}
    assert all(each.one.probability == stored[each.film.id] for each in rows)
    assert page.scatter is not None
    assert sum(len(points.points()) for points in page.scatter.points.values()) == 3

    other = next(each.film for each in rows if each.film != reading.session.film)
    page.table.film_clicked.emit(other.id)
    assert reading.session.film is not None
    assert reading.session.film.id == other.id
    assert window.pages.currentWidget() is page
    page.table.film_opened.emit(other.id)
    assert window.pages.currentIndex() == 0
    qtbot.waitUntil(lambda: settled(window), timeout=LONG)

    file = tmp_path / "two.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page.save.click()
    with file.open(newline="") as table:
        written = list(csv.DictReader(table))
    assert len(written) == 3
    assert {row["model_2"] for row in written} == {"second 7"}
    assert sum(row["same_verdict"] == "false" for row in written) == len(rows)
