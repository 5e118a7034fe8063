"""The reader questions a score, with real films and the real models."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.explanation import Method
from cxr_desktop.domain.model_card import GRADIENT_FILE
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.image_viewer.heat_renderer import HeatRenderer
from cxr_desktop.ui.image_viewer.superpixel_renderer import SuperpixelRenderer
from cxr_desktop.ui.triage_panel.lime_dialog import LimeDialog
from tests.app.conftest import add_model, all_scored

LONG = 60_000


@pytest.fixture
def reading(qtbot: QtBot, desk: Desk, films: Path) -> Desk:
    """A window with a suspicious film in view, its heatmap on it."""
    desk.take_in([films])
    qtbot.waitUntil(all_scored(desk, 8), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)
    with qtbot.waitSignal(desk.session.own_map_shown, timeout=LONG):
        desk.session.show_film(another_film(desk))
    return desk


def another_film(desk: Desk) -> int:
    """The most suspicious film that is not in view."""
    return next(film.id for film in desk.session.queue.ranked if film != desk.session.film)


def choose(desk: Desk, method: Method) -> None:
    """Chooses a method in the box, as the reader's click does."""
    box = desk.triage.evidence_card.methods
    box.setCurrentIndex(box.findData(method))
    box.activated.emit(box.currentIndex())


def method_on_film(desk: Desk) -> str:
    shown = desk.viewer.canvas.shown
    return shown.heatmap.method if shown is not None and shown.heatmap is not None else ""


def test_another_method_lays_its_map_on_the_film_and_says_how_far_it_holds(
    qtbot: QtBot, reading: Desk
) -> None:
    card = reading.triage.evidence_card
    own = method_on_film(reading)
    choose(reading, Method.OCCLUSION)
    assert card.running.isVisible()
    qtbot.waitUntil(lambda: method_on_film(reading) == "occlusion", timeout=LONG)
    assert not card.running.isVisible()
    assert "in the lungs" in card.words.text() and "in common with the map of the score" in card.words.text()
    choose(reading, Method.CAM)
    assert method_on_film(reading) == own
    assert "in common" not in card.words.text()


def test_lime_asks_as_the_reader_sets_it_and_shows_its_superpixels(qtbot: QtBot, reading: Desk) -> None:
    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, LimeDialog)
        for name, value in (("samples", 60), ("superpixels", 8), ("seed", 5)):
            box = dialog.findChild(QSpinBox, name)
            assert box is not None
            box.setValue(value)
        buttons = dialog.findChild(QDialogButtonBox)
        assert buttons is not None
        buttons.button(QDialogButtonBox.StandardButton.Ok).click()

    card, canvas = reading.triage.evidence_card, reading.viewer.canvas
    assert not card.superpixels.isVisible()
    card.superpixels.setChecked(True)  # as left from a film before: there is nothing to show yet
    QTimer.singleShot(0, fill_in)
    card.options.clicked.emit()
    qtbot.waitUntil(lambda: method_on_film(reading) == "LIME", timeout=LONG)
    assert "Agreement over 3 seeds" in card.words.text()
    assert "Fit of the superpixels" in card.words.text()
    assert card.method is Method.LIME
    assert card.superpixels.isVisible()
    assert canvas.shown is not None
    assert isinstance(canvas.shown.heat, SuperpixelRenderer)
    card.superpixels.click()
    assert isinstance(canvas.shown.heat, HeatRenderer)
    card.superpixels.click()
    choose(reading, Method.CAM)
    assert not card.superpixels.isVisible()
    assert isinstance(canvas.shown.heat, HeatRenderer)


def test_stopping_leaves_the_map_before(qtbot: QtBot, reading: Desk) -> None:
    card = reading.triage.evidence_card
    own = method_on_film(reading)
    words = card.words.text()
    choose(reading, Method.LIME)
    with qtbot.waitSignal(reading.questioning.progress_changed, timeout=LONG):
        pass
    with qtbot.waitSignal(reading.questioning.cancelled, timeout=LONG):
        card.running.stop.click()
    assert method_on_film(reading) == own
    assert (card.method, card.words.text(), card.running.isVisible()) == (Method.CAM, words, False)


def test_in_a_low_window_the_answer_is_brought_into_sight(qtbot: QtBot, reading: Desk) -> None:
    reading.window.resize(1366, 700)
    card = reading.triage.evidence_card

    def seen(part: QWidget) -> bool:
        return part.isVisible() and part.visibleRegion().boundingRect().height() == part.height()

    choose(reading, Method.OCCLUSION)
    qtbot.waitUntil(lambda: seen(card.running), timeout=LONG)
    qtbot.waitUntil(lambda: method_on_film(reading) == "occlusion", timeout=LONG)
    qtbot.waitUntil(lambda: seen(card.words) and seen(card.methods))


def test_another_share_keeps_the_answer_that_lies_on_the_film(qtbot: QtBot, reading: Desk) -> None:
    choose(reading, Method.OCCLUSION)
    qtbot.waitUntil(lambda: method_on_film(reading) == "occlusion", timeout=LONG)
    words = reading.triage.evidence_card.words.text()
    with qtbot.waitSignal(reading.session.own_map_shown, timeout=LONG):
        reading.preferences.change(pneumonia_share=20.0)
        reading.switch.look_from(reading.settings)
    assert method_on_film(reading) == "occlusion"
    assert reading.triage.evidence_card.method is Method.OCCLUSION
    assert reading.triage.evidence_card.words.text() == words


def test_another_film_takes_the_question_back(qtbot: QtBot, reading: Desk) -> None:
    choose(reading, Method.LIME)
    with qtbot.waitSignal(reading.questioning.progress_changed, timeout=LONG):
        pass
    with qtbot.waitSignal(reading.questioning.cancelled, timeout=LONG):
        reading.session.show_film(another_film(reading))
    qtbot.waitUntil(lambda: method_on_film(reading) != "", timeout=LONG)
    assert method_on_film(reading) != "LIME"
    assert reading.triage.evidence_card.method is Method.CAM
    assert not reading.triage.evidence_card.running.isVisible()


def test_a_film_that_was_not_judged_has_no_evidence_to_question(
    qtbot: QtBot, desk: Desk, pydicom_films: Path
) -> None:
    desk.take_in([pydicom_films / "RG3_UNCI.dcm"])
    qtbot.waitUntil(all_scored(desk, 1), timeout=LONG)
    qtbot.waitUntil(lambda: desk.session.film is not None)
    assert desk.triage.prediction_card.isVisible()
    assert not desk.triage.evidence_card.isVisible()


def test_a_method_that_the_model_in_use_does_not_allow_is_grey_and_says_why(
    reading: Desk, folders: UserFolders
) -> None:
    box = reading.triage.evidence_card.methods
    row = box.findData(Method.GRAD_CAM_PLUS_PLUS)

    def offered() -> bool:
        return Qt.ItemFlag.ItemIsEnabled in box.model().flags(box.model().index(row, 0))

    assert offered()
    old = add_model(folders, "old", "Old CNN", lambda card: card["files"].pop(GRADIENT_FILE, None))
    reading.switch.choose(old)
    assert not offered()
    assert box.itemText(row) == "Grad-CAM++ · not with this model"
    assert "Package it again" in box.itemData(row, Qt.ItemDataRole.ToolTipRole)
    reading.switch.choose("")
    assert offered()
