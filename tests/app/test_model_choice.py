"""Another model, another operating point, another share, while films are being read."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QDoubleSpinBox, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.domain.settings import Settings
from cxr_desktop.domain.standpoint import standpoint_of
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_history import uses
from cxr_desktop.storage.model_library import DEFAULT_MODELS, ModelLibrary
from cxr_desktop.storage.settings_file import load_settings
from cxr_desktop.ui.model_choice import ModelBox
from cxr_desktop.ui.settings_dialog import SettingsDialog
from cxr_desktop.ui.status_line import StatusLine
from tests.app.conftest import OpenDesk, all_scored
from tests.conftest import BUNDLED, default_card

LONG = 60_000


@pytest.fixture
def unloadable_model(second_model: str, folders: UserFolders) -> str:
    """Its card is sound, its graph is not the one that the card names."""
    folder = folders.models / "unloadable"
    shutil.copytree(folders.models / second_model, folder)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"id": "unloadable", "name": "Unloadable"}))
    graph = folder / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:-1])
    return "unloadable"


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


def test_each_model_that_judged_is_kept_in_the_history(second_model: str, folders: UserFolders) -> None:
    library = ModelLibrary(resources_folder() / "models", folders.models)
    model = ModelInUse(library, folders.model_history)
    for wanted in ("", second_model, second_model, BUNDLED):
        model.choose(wanted)
        model.load_scorer()
    used = uses(folders.model_history)
    assert [use.id for use in used] == [default_card().id, "second", BUNDLED]
    assert [library.find(use.name).card for use in used] == [library.find(use.id).card for use in used]
    folders.model_history.unlink()
    folders.model_history.mkdir()  # cannot be written: no reason not to judge
    model.choose(second_model)
    model.load_scorer()
    assert model.loaded == second_model


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
    qtbot.keyClick(points, Qt.Key.Key_Down)
    assert points.currentText().startswith("high sensitivity: sensitivity 0.99")
    assert dialog.settings() == Settings(
        model=second_model, operating_point="high sensitivity", pneumonia_share=10.0
    )


def test_a_model_that_cannot_be_loaded_gives_way_to_the_one_before_and_is_not_kept(
    qtbot: QtBot, second_model: str, unloadable_model: str, desk: Desk, folders: UserFolders
) -> None:
    with qtbot.waitSignal(desk.scoring.model_ready, timeout=LONG):
        choose(desk, second_model)
    with qtbot.waitSignal(desk.scoring.model_failed, timeout=LONG):
        choose(desk, unloadable_model)
    qtbot.waitUntil(lambda: desk.model.wanted == second_model, timeout=LONG)
    qtbot.waitUntil(lambda: "loading" not in words(desk), timeout=LONG)
    assert "Second CNN 7" in words(desk)
    assert "not loaded" not in words(desk)
    assert desk.settings.model == second_model
    assert not desk.scoring.is_stopped
    said = "\n".join(desk.notices.sentences)
    assert "Unloadable 7 cannot be loaded. Until another is chosen, Second CNN 7 is in use." in said
    assert "SHA-256" in said


def test_at_the_start_the_default_stands_in_for_a_model_that_cannot_be_loaded(
    qtbot: QtBot, unloadable_model: str, folders: UserFolders
) -> None:
    model = ModelInUse(ModelLibrary(resources_folder() / "models", folders.models))
    model.choose(unloadable_model)
    assert model.choose_stand_in()
    assert (model.wanted, model.card) == ("", default_card())
    tried = 1
    while model.choose_stand_in():
        tried += 1
        assert tried < 5, "the same models are tried round and round"


def test_the_status_line_does_not_say_loading_for_ever(qtbot: QtBot) -> None:
    status = StatusLine()
    qtbot.addWidget(status)
    status.show_model("Second CNN 7")
    status.show_not_loaded()
    texts = [label.text() for label in status.findChildren(QLabel)]
    assert "not loaded" in texts
    assert "loading the model…" not in texts


def test_settings_are_applied_though_the_model_chosen_with_them_cannot_be_used(
    qtbot: QtBot, second_model: str, desk: Desk, folders: UserFolders
) -> None:
    def fill_in() -> None:
        dialog = desk.window.findChild(SettingsDialog)
        dialog.findChild(ModelBox, "model").choose(second_model)
        dialog.findChild(QDoubleSpinBox, "pneumonia_share").setValue(10)
        qtbot.keyClick(dialog.findChild(QComboBox, "operating_point"), Qt.Key.Key_Down)
        shutil.rmtree(folders.models / "second")  # gone while the dialog is open
        dialog.accept()

    QTimer.singleShot(0, fill_in)
    desk.actions["settings"].trigger()
    assert desk.settings.model == ""
    assert load_settings(folders.settings, datetime.now()).settings == desk.settings
    assert (desk.settings.pneumonia_share, desk.settings.operating_point) == (10.0, "high sensitivity")
    assert desk.films.standpoint == standpoint_of(default_card(), "high sensitivity", 0.1)
    assert any("no model “second”" in sentence for sentence in desk.notices.sentences)
    assert desk.model.card == default_card()


def test_a_glance_at_a_model_without_the_wanted_point_does_not_change_it(
    qtbot: QtBot, second_model: str, folders: UserFolders
) -> None:
    card = json.loads((folders.models / "second" / "card.json").read_text())
    card["operating_points"] = card["operating_points"][:1]
    (folders.models / "second" / "card.json").write_text(json.dumps(card))
    model = ModelInUse(ModelLibrary(resources_folder() / "models", folders.models))
    model.choose("")
    wanted = Settings(operating_point="high sensitivity")
    dialog = SettingsDialog(wanted, model.choices())
    qtbot.addWidget(dialog)
    box, points = dialog.findChild(ModelBox, "model"), dialog.findChild(QComboBox, "operating_point")
    box.choose(second_model)
    assert points.currentText().startswith("balanced")
    box.choose("")
    assert points.currentText().startswith("high sensitivity")
    assert dialog.settings() == wanted


def test_a_bundle_from_a_folder_of_the_readers_choice_judges_if_it_is_one(
    qtbot: QtBot, desk: Desk, second_model: str, folders: UserFolders, tmp_path: Path
) -> None:
    def choose_folder(folder: Path) -> None:
        def fill_in() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            dialog.setDirectory(str(folder.parent))
            dialog.selectFile(folder.name)
            dialog.done(QDialog.DialogCode.Accepted)

        QTimer.singleShot(0, fill_in)
        menu = desk.actions.models.menu
        (action,) = [a for a in menu.actions() if a.objectName() == "model_from_folder"]
        action.trigger()

    inside = folders.models / second_model
    elsewhere = shutil.copytree(inside, tmp_path / "elsewhere")
    choose_folder(elsewhere)
    assert desk.model.title == "Second CNN 7"
    assert desk.settings.model == str(elsewhere)
    empty = tmp_path / "empty"
    empty.mkdir()
    choose_folder(empty)
    assert any("no model" in sentence and "card.json" in sentence for sentence in desk.notices.sentences)
    assert desk.settings.model == str(elsewhere)
    assert desk.model.name_of(inside) == second_model  # one of the library goes by its name
    assert "model_from_folder" in [a.objectName() for a in desk.actions.models.menu.actions()]


def test_a_damaged_default_that_another_stands_in_for_is_told(tmp_path: Path) -> None:
    bundled = tmp_path / "models"
    shutil.copytree(resources_folder() / "models" / BUNDLED, bundled / BUNDLED)
    (bundled / DEFAULT_MODELS[0]).mkdir()
    (bundled / DEFAULT_MODELS[0] / "card.json").write_text("{")
    model = ModelInUse(ModelLibrary(bundled, tmp_path / "none"))
    assert model.choose_or_default("") == ""
    assert f"“{DEFAULT_MODELS[0]}” cannot be used" in model.default_problem
    model.choose(BUNDLED)  # asked for by its name: nothing to tell
    assert model.default_problem == ""
