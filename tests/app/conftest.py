"""A whole window on a catalogue of its own, as a reader has it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.model_card import CARD_FILE
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.settings import Settings
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.theme import apply_theme
from tests.conftest import BUNDLED
from tests.trainers import end_trainers_in, the_trainer_in

OpenDesk = Callable[[], Desk]


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    folders = UserFolders(tmp_path / "data", tmp_path / "log")
    folders.create()
    return folders


@pytest.fixture
def open_desk(qtbot: QtBot, qapp: QApplication, folders: UserFolders) -> Iterator[OpenDesk]:
    """Opens the window, as often as a test starts the program; closes the last one at the end."""
    open_ones: list[tuple[Desk, Catalogue]] = []
    apply_theme(qapp, "dark")
    before = threading.active_count()

    def close() -> None:
        while open_ones:
            desk, catalogue = open_ones.pop()
            desk.window.close()
            desk.close()
            catalogue.close()
            desk.deleteLater()
            desk.window.deleteLater()
            # Windows of its own (a page, two models) are still open, and would take the pointer's place.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            qapp.processEvents()

    def open_one() -> Desk:
        close()
        catalogue = Catalogue.open(folders.catalogue)
        desk = Desk(folders, Settings())
        open_ones.append((desk, catalogue))
        desk.window.show()
        qtbot.waitExposed(desk.window)
        desk.begin(catalogue, [])
        return desk

    yield open_one
    close()
    assert threading.active_count() == before, "a thread was left running"


@pytest.fixture
def second_model(folders: UserFolders) -> str:
    return add_model(folders, "second", "Second CNN", less_inclined)


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk()


@pytest.fixture
def labelled_films(data_folder: Path, tmp_path: Path) -> Path:
    """A labelled folder with thirty films of pneumonia and thirty without."""
    folder = tmp_path / "labelled films"
    for label in ("NORMAL", "PNEUMONIA"):
        (folder / label).mkdir(parents=True)
        for film in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:30]:
            shutil.copy(film, folder / label)
    return folder


@pytest.fixture
def trainer(folders: UserFolders) -> Iterator[Callable[[], psutil.Process]]:
    """Finds the one trainer that is at work, whoever started it; none outlives its test."""

    yield partial(the_trainer_in, folders.trainings)
    end_trainers_in(folders.trainings)


@pytest.fixture
def films(data_folder: Path, tmp_path: Path) -> Path:
    """A folder with four films of pneumonia and four without, original size."""
    folder = tmp_path / "films"
    folder.mkdir()
    for label in ("NORMAL", "PNEUMONIA"):
        for film in sorted((data_folder / "kermany_full" / label).iterdir())[:4]:
            shutil.copy(film, folder / f"{label}-{film.name}")
    return folder


def add_model(folders: UserFolders, id: str, name: str, edit: Callable[[dict[str, Any]], None]) -> str:
    """This user's own model: the bundled CNN with a name of its own, and with its card edited."""
    folder = folders.models / id
    shutil.copytree(resources_folder() / "models" / BUNDLED, folder)
    card = json.loads((folder / CARD_FILE).read_text())
    card |= {"id": id, "name": name, "version": "7"}
    edit(card)
    (folder / CARD_FILE).write_text(json.dumps(card))
    return id


def less_inclined(card: dict[str, Any]) -> None:
    """Edits a card so that the model suspects hardly any film."""
    card["calibration"]["intercept"] -= 12.0


def all_scored(desk: Desk, count: int) -> Callable[[], bool]:
    """Whether `count` films are in the worklist and none waits."""

    def check() -> bool:
        films = [film for study in desk.worklist.studies for film in study.films]
        return len(films) >= count and all(film.status is not Status.WAITING for film in films)

    return check
