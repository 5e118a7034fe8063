"""Another model, another operating point, another share, while films are being read."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.domain.settings import Settings
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.ui.model_choice import ModelBox
from cxr_desktop.ui.settings_dialog import SettingsDialog
from tests.app.conftest import OpenDesk, all_scored
from tests.conftest import BUNDLED, default_card

LONG = 60_000


@pytest.fixture
def second_model(folders: UserFolders) -> str:
    """This user's own model: the bundled network, calibrated otherwise, with a name of its own."""
    folder = folders.models / "second"
    shutil.copytree(resources_folder() / "models" / BUNDLED, folder)
    card = json.loads((folder / "card.json").read_text())
    card |= {"id": "second", "name": "Second CNN", "version": "7"}
    card["calibration"]["intercept"] -= 1.0
    (folder / "card.json").write_text(json.dumps(card))
    return "second"


@pytest.fixture
def broken_model(folders: UserFolders) -> str:
    folder = folders.models / "broken"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text('{"schema": 1, "kind": "classifier"}')
    return "broken"


def words(desk: Desk) -> str:
    return "\n".join(label.text() for label in desk.status.findChildren(QLabel))


def choose(desk: Desk, name: str) -> None:
    (action,) = [a for a in desk.actions.models.menu.actions() if a.objectName() == f"model:{name}"]
    action.trigger()


def test_another_model_scores_all_films_again_and_findings_stay(
    qtbot: QtBot, second_model: str, broken_model: str, open_desk: OpenDesk, films: Path
) -> None:
    desk = open_desk()
    desk.take_in([films])
    qtbot.waitUntil(all_scored(desk, 8), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)
    read = desk.worklist.studies[0].id
    desk.session.mark_study(read, True)
    before = {f.id: f.probability for s in desk.worklist.studies for f in s.films}
    first = default_card()

    choose(desk, second_model)
    marked = [f for s in desk.worklist.studies for f in s.films if f.prediction is None]
    assert {film.judged_by for film in marked} == {f"{first.id} {first.version}"}
    assert "Second CNN 7" in words(desk)
    qtbot.waitUntil(all_scored(desk, 8), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)
    for film in (f for s in desk.worklist.studies for f in s.films):
        assert film.prediction is not None
        assert film.prediction.model == ("second", "7")
        assert film.probability != before[film.id]
    ranked = [film.probability or 0 for film in desk.session.queue.ranked]
    assert ranked == sorted(ranked, reverse=True)
    study = desk.worklist.study(read)
    assert study is not None
    assert study.read_at is not None
    assert desk.settings.model == second_model

    choose(desk, "")  # judged already: nothing is scored twice
    assert {f.id: f.probability for s in desk.worklist.studies for f in s.films} == before
    (broken,) = [a for a in desk.actions.models.menu.actions() if a.text() == "broken"]
    assert not broken.isEnabled()


def test_a_share_and_an_operating_point_change_what_is_shown_at_once(
    qtbot: QtBot, desk: Desk, films: Path
) -> None:
    desk.take_in([films])
    qtbot.waitUntil(all_scored(desk, 8), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)
    order = [film.id for film in desk.session.queue.ranked]
    stored = {film.id: film.probability for film in desk.session.queue.ranked}
    desk.switch.look_from(replace(desk.settings, pneumonia_share=10.0, operating_point="high sensitivity"))
    ranked = desk.session.queue.ranked
    assert [film.id for film in ranked] == order
    assert {film.id: film.probability for film in ranked} == stored
    threshold = default_card().operating_points[1].threshold
    for film in ranked:
        assert film.prediction is not None
        assert film.prediction.operating_point == threshold
        assert film.prediction.suspected == ((film.probability or 0) >= threshold)
        assert (film.prediction.shown_probability or 0) < (film.probability or 0)


def test_the_model_named_at_the_start_judges_and_is_not_made_the_setting(
    qtbot: QtBot, second_model: str, folders: UserFolders
) -> None:
    desk = Desk(folders, Settings(), second_model)
    qtbot.addWidget(desk.window)
    try:
        assert desk.model.title == "Second CNN 7"
        assert desk.settings.model == ""
        assert [a.text() for a in desk.actions.models.menu.actions() if a.isChecked()] == ["Second CNN 7"]
    finally:
        desk.close()


def test_a_model_in_the_settings_that_is_gone_is_said_and_the_default_used(folders: UserFolders) -> None:
    model = ModelInUse(ModelLibrary(resources_folder() / "models", folders.models))
    said = model.choose_or_default("gone")
    assert "no model “gone”" in said
    assert f"Until then {default_card().name} is in use." in said
    assert model.card == default_card()
    assert model.choose_or_default("") == ""


def test_the_dialog_lists_models_points_and_an_optional_share(
    qtbot: QtBot, second_model: str, broken_model: str, folders: UserFolders
) -> None:
    model = ModelInUse(ModelLibrary(resources_folder() / "models", folders.models))
    model.choose("")
    dialog = SettingsDialog(Settings(), model.choices())
    qtbot.addWidget(dialog)
    box, share = dialog.findChild(ModelBox, "model"), dialog.findChild(QDoubleSpinBox, "pneumonia_share")
    texts = [box.itemText(index) for index in range(box.count())]
    assert texts[0].startswith("Default: ")
    assert any("broken · cannot be used: The field “id”" in text for text in texts)
    assert any("Second CNN 7 · AUC 0." in text for text in texts)
    assert dialog.settings() == Settings()
    assert share.text() == "as in the training set"
    box.choose(second_model)
    share.setValue(10)
    points = dialog.findChild(QComboBox, "operating_point")
    points.setCurrentIndex(1)
    assert points.currentText().startswith("high sensitivity: sensitivity 0.99")
    assert dialog.settings() == Settings(
        model=second_model, operating_point="high sensitivity", pneumonia_share=10.0
    )
