"""A second start hands its paths to the running window; a dead one locks nobody out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.workers.single_instance import SingleInstance

SECOND_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from cxr_desktop.workers.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
assert not instance.acquire(), "the first window is still open"
sys.exit(0 if instance.hand_over([Path(a) for a in sys.argv[2:]]) else 1)
"""

FIRST_START_THAT_DIES = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from cxr_desktop.workers.single_instance import SingleInstance
app = QCoreApplication([])
assert SingleInstance(Path(sys.argv[1])).acquire()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_second_start_hands_over_its_paths(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path / "catalogue.sqlite")
    assert instance.acquire()
    instance.listen()
    film = tmp_path / "Ünïcode film.dcm"
    with qtbot.waitSignal(instance.paths_received, timeout=20_000) as received:
        second = subprocess.Popen([sys.executable, "-c", SECOND_START, tmp_path / "catalogue.sqlite", film])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    instance.close()
    assert second.returncode == 0
    assert received.args == [(film.resolve(),)]


def test_a_start_without_paths_still_raises_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path / "catalogue.sqlite")
    assert instance.acquire()
    instance.listen()
    with qtbot.waitSignal(instance.paths_received, timeout=20_000) as received:
        second = subprocess.Popen([sys.executable, "-c", SECOND_START, tmp_path / "catalogue.sqlite"])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    instance.close()
    assert received.args == [()]


def test_a_second_start_waits_for_a_first_one_that_is_still_loading(qtbot: QtBot, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path / "catalogue.sqlite")
    assert instance.acquire()
    second = subprocess.Popen([sys.executable, "-c", SECOND_START, tmp_path / "catalogue.sqlite", tmp_path])
    qtbot.wait(1500)
    assert second.poll() is None
    with qtbot.waitSignal(instance.paths_received, timeout=20_000):
        instance.listen()
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    instance.close()
    assert second.returncode == 0


def test_a_folder_that_cannot_be_written_is_no_running_window(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CatalogueError, match="written"):
        SingleInstance(tmp_path / "file" / "catalogue.sqlite").acquire()


def test_a_killed_window_locks_nobody_out(qtbot: QtBot, tmp_path: Path) -> None:
    command = [sys.executable, "-c", FIRST_START_THAT_DIES, tmp_path / "catalogue.sqlite"]
    assert subprocess.run(command, check=False).returncode < 0
    instance = SingleInstance(tmp_path / "catalogue.sqlite")
    assert instance.acquire()
    instance.close()


def test_windows_on_other_catalogues_are_independent(qtbot: QtBot, tmp_path: Path) -> None:
    one, other = SingleInstance(tmp_path / "a.sqlite"), SingleInstance(tmp_path / "b.sqlite")
    assert one.acquire()
    assert other.acquire()
    one.close()
    other.close()
