"""Trainings go on beside the window: started, steered, killed, found again."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.training.runs import TrainingRuns
from cxr_desktop.workers.training_service import TrainingService
from tests.trainers import end_trainers_in, the_trainer_in
from tests.training.conftest import draw_film
from tests.training.short_run import short_run

LONG_MS = 120_000


@pytest.fixture
def films(tmp_path: Path) -> Path:
    for index in range(14):
        draw_film(tmp_path / "films" / "NORMAL" / f"IM-{index:04}-0001.png", False, index)
        draw_film(tmp_path / "films" / "PNEUMONIA" / f"person{index}_virus_1.png", True, 100 + index)
    return tmp_path / "films"


class Window:
    """A window's part in trainings."""

    def __init__(self, folder: Path) -> None:
        self.runs = TrainingRuns(folder)
        self.service = TrainingService(self.runs)
        self.service.begin()


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[tuple[Window, Window]]:
    """Two windows of one user."""
    both = (Window(tmp_path / "runs"), Window(tmp_path / "runs"))
    yield both
    for window in both:
        window.service.close()
    end_trainers_in(tmp_path)


@pytest.mark.timeout(900)  # two trainers come up, one after the other
def test_a_run_is_paused_killed_resumed_and_stopped_from_two_windows(
    qtbot: QtBot, windows: tuple[Window, Window], films: Path, tmp_path: Path
) -> None:
    first, second = (window.service for window in windows)
    runs = windows[0].runs
    with qtbot.waitSignal(first.run_started) as started:
        first.start(partial(runs.start, short_run(films, tmp_path / "model", cores=1)))
    (name,) = started.args

    def until(holds: Callable[[TrainingState], bool]) -> None:
        def both() -> bool:
            return all(name in each.states and holds(each.states[name]) for each in (first, second))

        qtbot.waitUntil(both, timeout=LONG_MS)

    until(lambda state: len(state.figures) >= 2)
    second.pause(name)
    until(lambda state: state.paused)
    stands = first.states[name]
    qtbot.wait(1500)
    assert first.states[name] == stands and stands.alive and stands.samples
    first.go_on(name)
    until(lambda state: not state.paused and len(state.figures) > len(stands.figures))

    trainer = the_trainer_in(tmp_path)
    assert trainer.nice() >= 10
    trainer.kill()  # or the machine is switched off
    until(lambda state: state.interrupted and state.resumable)
    assert "memory was full" in first.states[name].ended
    done = len(second.states[name].figures)
    second.resume(name)
    until(lambda state: state.alive and len(state.figures) > done)
    first.stop(name)
    until(lambda state: state.phase == "finished" and not state.alive)
    assert first.states[name].ended == "It was stopped on request."
    card = open_classifier(tmp_path / "model").card
    assert card.provenance.recipe["best_epoch"] == second.states[name].best_epoch
    second.forget(name)
    qtbot.waitUntil(lambda: not (first.states or second.states), timeout=LONG_MS)


def test_a_cancelled_run_leaves_nothing_and_a_run_folder_may_vanish(
    qtbot: QtBot, windows: tuple[Window, Window], films: Path, tmp_path: Path
) -> None:
    service, other = (window.service for window in windows)
    with qtbot.waitSignal(service.run_started) as started:
        service.start(partial(windows[0].runs.start, short_run(films, tmp_path / "model", cores=1)))
    (name,) = started.args
    service.cancel(name)  # heard before the trainer imports Keras, which takes long
    qtbot.waitUntil(
        lambda: (
            name in service.states
            and service.states[name].phase == "cancelled"
            and not service.states[name].alive
        ),
        timeout=LONG_MS,
    )
    assert not (tmp_path / "model").exists()
    assert not [each for each in (tmp_path / "runs" / name).iterdir() if each.suffix in {".npz", ".u16"}]
    qtbot.waitUntil(lambda: name in other.states, timeout=LONG_MS)
    with qtbot.waitSignal(other.run_gone, timeout=LONG_MS) as gone:
        shutil.rmtree(tmp_path / "runs" / name)
    assert gone.args == [name]


class SlowRuns:
    """Takes its time on a slow disk."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.asked: list[tuple[str, str]] = []

    def names(self) -> tuple[str, ...]:
        assert self.gate.wait(5)
        return ("one",)

    def state(self, name: str) -> TrainingState | None:
        return TrainingState(phase="learning")

    def resume(self, name: str) -> None:
        self.asked.append((name, "resume"))

    def ask(self, name: str, wish: str) -> None:
        self.asked.append((name, wish))

    def note_seen(self, name: str) -> None:
        """Nobody asks here."""

    def forget(self, name: str) -> None:
        raise TrainingError("A trainer is still at work.")


def test_a_slow_disk_keeps_nobody_waiting(qtbot: QtBot) -> None:
    runs = SlowRuns()
    service = TrainingService(runs)
    service.begin()
    turns = []
    qtbot.waitUntil(lambda: len(turns) > 20 or bool(turns.append(None)))  # the event loop turns meanwhile
    assert service.states == {}
    with qtbot.waitSignal(service.run_changed) as changed:
        runs.gate.set()
    assert changed.args == ["one", TrainingState(phase="learning")]
    with qtbot.waitSignal(service.failed) as failed:
        service.pause("one")
        service.forget("one")
        service.stop("one")
    assert failed.args == ["A trainer is still at work."]
    qtbot.waitUntil(lambda: runs.asked == [("one", "pause"), ("one", "stop")])
    service.close()
    service.close()
