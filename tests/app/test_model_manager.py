"""*Model → Manage models*: seen, used, gone back from, put into a file and taken out of it, removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.library_entry import ModelInLibrary
from cxr_desktop.imaging.phantom import phantom_file
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.model_manager import ModelManagerWindow
from tests.app.conftest import OpenDesk
from tests.conftest import default_card

LONG = 60_000


def opened(desk: Desk) -> ModelManagerWindow:
    desk.actions["manage_models"].trigger()
    window = desk.window.findChild(ModelManagerWindow)
    assert isinstance(window, ModelManagerWindow)
    return window


def models(window: ModelManagerWindow) -> dict[str, ModelInLibrary]:
    return {row.model.name: row.model for row in window.models.rows}


def choose(window: ModelManagerWindow, name: str) -> None:
    window.model_table.selectRow(list(models(window)).index(name))


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    asked: list[str] = []

    def question(parent: object, title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return button

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def name_file(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    for way in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, way, lambda *_: (str(file), ""))


def test_all_models_are_listed_with_figures_and_the_chosen_ones_card(
    second_model: str, folders: UserFolders, open_desk: OpenDesk
) -> None:
    (folders.models / "broken").mkdir()
    window = opened(open_desk())
    rows = {row.model.title: row for row in window.models.rows}
    assert [title for title, row in rows.items() if row.in_use] == [
        f"{default_card().name} {default_card().version}"
    ]
    texts = {
        window.models.data(window.models.index(row, column))
        for row in range(window.models.rowCount())
        for column in range(window.models.columnCount())
    }
    assert {"● in use", "came with the program", "your own"} <= texts
    assert any("AUC" in str(text) for text in texts)
    assert any("card.json" in str(text) for text in texts)  # why the broken one cannot be used
    choose(window, second_model)
    assert window.page.text.toPlainText().startswith("Second CNN")
    assert window.use.isEnabled() and window.export.isEnabled() and window.remove.isEnabled()
    choose(window, next(row.model.name for row in window.models.rows if row.in_use))
    assert not window.use.isEnabled() and not window.remove.isEnabled()


def test_the_tables_keep_what_qt_asks_of_models(qtmodeltester: ModelTester, desk: Desk) -> None:
    window = opened(desk)
    for model in (window.models, window.uses):
        qtmodeltester.check(model)


def test_one_goes_back_to_an_earlier_model_in_two_clicks(
    qtbot: QtBot, second_model: str, open_desk: OpenDesk
) -> None:
    desk = open_desk()
    window = opened(desk)
    qtbot.waitUntil(lambda: len(window.uses.rows) == 1, timeout=LONG)  # it is loaded
    first = desk.model.name
    choose(window, second_model)
    click(qtbot, window.use)
    assert desk.model.name == second_model
    qtbot.waitUntil(lambda: len(window.uses.rows) == 2, timeout=LONG)
    window.tabs.setCurrentIndex(1)
    place = window.use_table.visualRect(window.uses.index(1, 0)).center()
    qtbot.mouseClick(window.use_table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    click(qtbot, window.again)
    assert desk.model.name == first and desk.settings.model == first
    qtbot.waitUntil(lambda: len(window.uses.rows) == 3, timeout=LONG)
    assert [row.until is None for row in window.uses.rows] == [True, False, False]


def test_the_menu_leads_back_to_the_model_before(
    qtbot: QtBot, second_model: str, open_desk: OpenDesk
) -> None:
    desk = open_desk()
    back = desk.actions["model_before"]
    assert not back.isEnabled()
    qtbot.waitUntil(lambda: len(desk.model.uses()) == 1, timeout=LONG)
    first = desk.model.name
    desk.switch.choose(second_model)
    qtbot.waitUntil(lambda: len(desk.model.uses()) == 2, timeout=LONG)
    qtbot.waitUntil(back.isEnabled, timeout=LONG)
    assert back.text() == f"&Back to {default_card().name} {default_card().version}"
    back.trigger()
    assert desk.model.name == first
    assert back.text() == "&Back to Second CNN 7"


def test_a_window_that_was_closed_is_told_nothing_of_what_is_done_later(
    qtbot: QtBot, second_model: str, open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    opened(desk).close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window = opened(desk)
    name_file(monkeypatch, tmp_path / "second.cxrmodel")
    choose(window, second_model)
    with qtbot.waitSignal(desk.model_manager.exchange.stopped, timeout=LONG):
        desk.model_manager.exchange.stopped.emit()
    assert "nothing is left of it" in window.words.text()


@pytest.fixture
def exported(
    qtbot: QtBot, second_model: str, open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Desk, ModelManagerWindow]:
    """The manager, once it has put the second model into `second.cxrmodel`."""
    desk = open_desk()
    window = opened(desk)
    name_file(monkeypatch, tmp_path / "second.cxrmodel")
    choose(window, second_model)
    click(qtbot, window.export)
    qtbot.waitUntil(lambda: "is in second.cxrmodel" in window.words.text(), timeout=LONG)
    return desk, window


def test_a_model_goes_into_a_file_is_removed_and_comes_back(
    qtbot: QtBot,
    exported: tuple[Desk, ModelManagerWindow],
    second_model: str,
    folders: UserFolders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, window = exported
    asked = answer(monkeypatch, QMessageBox.StandardButton.No)
    click(qtbot, window.remove)
    assert "Second CNN 7" in asked[0] and (folders.models / second_model).exists()
    answer(monkeypatch, QMessageBox.StandardButton.Yes)
    click(qtbot, window.remove)
    qtbot.waitUntil(lambda: second_model not in models(window), timeout=LONG)
    assert not (folders.models / second_model).exists()
    assert second_model not in [choice.name for choice in desk.model.choices()]
    click(qtbot, window.import_)
    qtbot.waitUntil(lambda: "checked and ready" in window.words.text(), timeout=LONG)
    assert second_model in models(window)
    menu = [action.objectName() for action in desk.actions.models.menu.actions()]
    assert f"model:{second_model}" in menu


def test_a_models_file_that_is_dropped_with_films_is_imported(
    qtbot: QtBot,
    exported: tuple[Desk, ModelManagerWindow],
    second_model: str,
    folders: UserFolders,
    tmp_path: Path,
) -> None:
    desk, window = exported
    window.close()
    (tmp_path / "film.jpg").write_bytes(phantom_file(0))
    shutil.rmtree(folders.models / second_model)
    with qtbot.waitSignal(desk.intake.finished):
        desk.window.paths_dropped.emit([tmp_path / "second.cxrmodel", tmp_path / "film.jpg"])
    (window,) = (each for each in desk.window.findChildren(ModelManagerWindow) if each.isVisible())
    qtbot.waitUntil(lambda: "checked and ready" in window.words.text(), timeout=LONG)
    assert len(desk.worklist.studies) == 1


def test_a_damaged_file_is_refused_and_leaves_nothing(
    qtbot: QtBot, folders: UserFolders, open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "damaged.cxrmodel").write_bytes(b"no archive")
    name_file(monkeypatch, tmp_path / "damaged.cxrmodel")
    window = opened(open_desk())
    before = set(models(window))
    click(qtbot, window.import_)
    qtbot.waitUntil(lambda: "no model’s file" in window.words.text().replace("'", "’"), timeout=LONG)
    assert set(models(window)) == before and window.import_.isEnabled()
    assert not folders.models.exists() or not list(folders.models.iterdir())


@pytest.mark.qt_log_ignore("raise\\(\\)")  # the offscreen platform has no order of windows
def test_the_window_opens_once(desk: Desk) -> None:
    window = opened(desk)
    desk.actions["manage_models"].trigger()
    assert desk.window.findChildren(ModelManagerWindow) == [window]
