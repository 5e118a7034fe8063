"""The program in a process of its own: killed, started twice, and cut off from every network."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.prediction import Status
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.training.run_folder import CHECKPOINT_FILE
from cxr_desktop.ui.retraining_wizard.training_page import TrainingPage
from tests.app.conftest import OpenDesk
from tests.conftest import PROJECT

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `tests.app.whole_program` with arguments, away from this user's own folders."""
    homes = ("HOME", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
    environment = os.environ | {name: str(tmp_path / "home") for name in homes}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"}
    started: list[subprocess.Popen[str]] = []

    def start_one(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.app.whole_program", *map(str, arguments)]
        started.append(
            subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not come"
        time.sleep(0.02)


def films_in(catalogue: Path) -> list[str]:
    """The paths of the films in a catalogue that a window has open."""
    with closing(sqlite3.connect(f"{catalogue.as_uri()}?mode=ro", uri=True)) as connection:
        return [bytes(path).decode() for (path,) in connection.execute("SELECT path FROM film")]


@pytest.mark.parametrize("lines", [1, 120, 400])
def test_a_program_killed_while_films_come_in_has_every_film_that_it_showed(
    start: Start, data_folder: Path, tmp_path: Path, lines: int
) -> None:
    process = start("show", tmp_path / "data", data_folder / "kermany224" / "test")
    assert process.stdout is not None
    shown = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    shown += process.stdout.read().splitlines(keepends=True)  # what it had shown when it was hit
    assert process.wait() != 0, "it was done before it could be killed"

    file = tmp_path / "data" / "catalogue.sqlite"
    catalogue = Catalogue.open(file)
    card = ModelLibrary(resources_folder() / "models", tmp_path).find("").card
    assert card is not None
    studies = catalogue.studies((card.id, card.version))
    catalogue.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    stored = {film.id: film.status for study in studies for film in study.films}
    for line in shown:
        if line.endswith("\n"):
            film_id, status = line.split()
            assert int(film_id) in stored
            assert stored[int(film_id)] == status or status == Status.WAITING


def test_a_second_start_hands_its_films_to_the_open_window_and_raises_it(
    start: Start, data_folder: Path, tmp_path: Path
) -> None:
    film = next((data_folder / "kermany_full" / "NORMAL").iterdir())
    catalogue = tmp_path / "somewhere" / "films.sqlite"
    window = start("start-offline", "--catalogue", catalogue)
    assert window.stdout is not None
    assert window.stdout.readline() == "open\n"
    second = start("start-offline", "--catalogue", catalogue, film)
    assert second.wait(60) == 0
    assert window.stdout.readline() == "forward\n"
    wait_until(lambda: films_in(catalogue) == [str(film.resolve())])
    assert window.poll() is None


def test_a_window_takes_films_in_scores_and_shows_them_without_any_network(
    start: Start, pydicom_films: Path, tmp_path: Path
) -> None:
    process = start("show-offline", tmp_path / "data", pydicom_films)
    out, _ = process.communicate(timeout=200)
    assert process.returncode == 0
    last = dict(line.split() for line in out.splitlines())
    assert Status.CHECK in last.values()  # scored: the adult chest film, which the model warns of
    assert Status.UNREADABLE in last.values()


@pytest.mark.timeout(1200)  # a window and two trainers come up, one after the other
def test_a_window_and_its_trainer_that_die_at_once_leave_a_training_that_the_next_window_finishes(
    start: Start, qtbot: QtBot, open_desk: OpenDesk, folders: UserFolders, labelled_films: Path,
    trainer: Callable[[], psutil.Process],
) -> None:  # fmt: skip
    window = start("train", folders.data, labelled_films)
    wait_until(lambda: any(folders.trainings.glob(f"*/{CHECKPOINT_FILE}")), seconds=400)
    killed = trainer()
    window.kill()
    killed.kill()
    window.wait()
    killed.wait()
    desk = open_desk()
    line = desk.status.training
    qtbot.waitUntil(lambda: line.text() == "training interrupted\ncan go on", timeout=60_000)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    (page,) = desk.window.findChildren(TrainingPage)
    assert page.isVisible() and page.resume.isVisible() and not page.is_ready
    qtbot.mouseClick(page.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.is_ready, timeout=400_000)
    (model,) = folders.models.iterdir()
    assert open_classifier(model).card.provenance.recipe["chosen"]["epochs"] == 20
    qtbot.waitUntil(page.remove.isVisible, timeout=60_000)  # the trainer is gone
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=60_000)  # its end was seen on the page


def test_the_command_line_scores_without_any_network(start: Start, pydicom_films: Path) -> None:
    process = start("start-offline", "demo", "--headless")
    out, _ = process.communicate(timeout=200)
    assert process.returncode == 0
    assert "RG1_UNCR.dcm" in out


def test_the_guard_would_notice_a_network_call() -> None:
    program = (
        "import urllib.request; from tests.app.whole_program import shut_the_network; shut_the_network();"
        "urllib.request.urlopen('http://127.0.0.1:9')"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, check=False)
    assert answer.returncode == 97


def test_a_window_with_its_model_loaded_has_imported_neither_keras_nor_tensorflow_nor_scipy(
    start: Start, tmp_path: Path
) -> None:
    out, _ = start("show-modules", tmp_path / "data").communicate(timeout=200)
    loaded = set(out.split())
    assert {"PySide6", "sqlalchemy", "onnxruntime"} <= loaded
    assert not loaded & {"keras", "tensorflow", "scipy", "sklearn", "skimage", "lime", "alembic"}
