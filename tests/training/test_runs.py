"""All trainings of a user are found again, whatever became of them."""

from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.domain.training_words import left_words, place_words, run_words
from cxr_desktop.training import runs as runs_module
from cxr_desktop.training.events import (
    Continued,
    Epoch,
    EventLog,
    Exporting,
    Failed,
    Finished,
    GivenUp,
    Paused,
    Preparing,
    Resumed,
    Resuming,
    Started,
    Step,
)
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import CHECKPOINT_FILE, EVENTS_FILE, FRESH, REQUEST_FILE
from cxr_desktop.training.run_lock import locked
from cxr_desktop.training.runs import TrainingRuns
from cxr_desktop.training.told import told
from tests.training.test_events import ALL

LEARNING = (Preparing(48, 48), Started("sharma-cnn", {}, 9, 6, "CPU"), Step(1, 6, 6, 0.6, 12.0, 10**9))


def a_run(folder: Path, *events: object, old: bool = True) -> TrainingRuns:
    """Runs with one in them, that told these events."""
    run = folder / "one"
    run.mkdir(parents=True)
    TrainingRequest(folder / "films", "sharma-cnn", folder / "model").save(run)
    if old:
        import os  # noqa: PLC0415

        os.utime(run / REQUEST_FILE, (0, 0))
    for event in events:
        EventLog(run).append(event)  # type: ignore[arg-type]
    return TrainingRuns(folder)


def state_of(runs: TrainingRuns) -> TrainingState:
    state = runs.state("one")
    assert state is not None
    return state


def test_without_any_run_there_is_none(tmp_path: Path) -> None:
    runs = TrainingRuns(tmp_path / "not there yet")
    assert runs.names() == () and runs.state("one") is None


def test_a_run_whose_trainer_is_gone_was_interrupted_and_may_go_on(tmp_path: Path) -> None:
    runs = a_run(tmp_path, *LEARNING, Epoch(1, {"val_loss": 0.6}, True, 3.0), Step(2, 1, 6, 0.5))
    found = state_of(runs)
    assert found.interrupted and not found.resumable and found.phase == "learning"
    assert (found.epoch, found.epochs, found.best_epoch, found.memory) == (2, 9, 1, 10**9)
    (tmp_path / "one" / CHECKPOINT_FILE).touch()
    assert state_of(runs).resumable
    with locked(tmp_path / "one"):
        again = state_of(TrainingRuns(tmp_path))  # another window
        assert again.alive and not again.interrupted and not again.resumable


def test_a_trainer_that_waits_is_shown_as_waiting_only_while_it_lives(tmp_path: Path) -> None:
    runs = a_run(tmp_path, *LEARNING, Paused())
    with locked(tmp_path / "one"):
        assert state_of(runs).paused
        with pytest.raises(TrainingError, match="still at work"):
            runs.forget("one")
    assert not state_of(runs).paused
    runs.forget("one")
    assert runs.names() == () and runs.state("one") is None


def test_a_trainer_that_is_coming_up_is_not_taken_for_dead(tmp_path: Path) -> None:
    runs = a_run(tmp_path, old=False)
    assert state_of(runs) == TrainingState("One convolution (Sharma)", alive=True)


@pytest.mark.parametrize(
    ("last", "phase"),
    [(Finished(1), "finished"), (Failed("No room."), "failed"), (GivenUp(), "cancelled")],
)
def test_a_run_that_is_over_says_how(tmp_path: Path, last: object, phase: str) -> None:
    found = state_of(a_run(tmp_path, *LEARNING, Exporting("All epochs are done."), last))
    assert found.phase == phase and found.over and not found.interrupted
    assert found.ended == ("No room." if phase == "failed" else "All epochs are done.")


def test_a_run_that_a_full_disk_ended_can_go_on_and_a_finished_one_cannot(tmp_path: Path) -> None:
    runs = a_run(tmp_path, *LEARNING, Epoch(1, {"val_loss": 0.6}, True, 3.0), Failed("No room."))
    (tmp_path / "one" / CHECKPOINT_FILE).touch()
    failed = state_of(runs)
    assert failed.phase == "failed" and failed.resumable and not failed.came_to_nothing
    with locked(tmp_path / "one"):
        assert not state_of(runs).resumable
    EventLog(tmp_path / "one").append(Finished(1))  # killed before it could remove the checkpoint
    assert not state_of(runs).resumable


def test_a_run_is_known_by_when_it_began_and_what_it_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(request: TrainingRequest, folder: Path) -> None:
        request.save(folder)

    monkeypatch.setattr(runs_module, "start_training", save)
    before = datetime.now().replace(microsecond=0)
    runs = TrainingRuns(tmp_path)
    name = runs.start(TrainingRequest(tmp_path / "films", "sharma-cnn", tmp_path / "model"))
    found = runs.state(name)
    assert found is not None and found.began is not None
    assert before <= found.began <= datetime.now()
    assert run_words(found).endswith(" · One convolution (Sharma)")
    assert runs.films(name) == tmp_path / "films"
    assert run_words(state_of(a_run(tmp_path, *LEARNING))) == "One convolution (Sharma)"  # made by hand


def test_an_end_that_was_seen_stays_seen_until_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = a_run(tmp_path, *LEARNING, Failed("No room."))
    assert not state_of(runs).seen
    runs.note_seen("one")
    assert state_of(TrainingRuns(tmp_path)).seen  # also for the next window
    monkeypatch.setattr(runs_module, "start_training", lambda *_: None)
    runs.resume("one")
    assert not state_of(runs).seen


def test_a_folder_that_vanished_is_a_run_that_is_gone(tmp_path: Path) -> None:
    runs = a_run(tmp_path, *LEARNING)
    assert state_of(runs).epoch == 1
    shutil.rmtree(tmp_path / "one")
    assert runs.state("one") is None
    with pytest.raises(TrainingError, match="could not be used"):
        runs.ask("one", "pause")


def test_events_of_another_version_are_explained(tmp_path: Path) -> None:
    runs = a_run(tmp_path, *LEARNING)
    with (tmp_path / "one" / EVENTS_FILE).open("a") as file:
        file.write('{"type":"of the future"}\n')
    EventLog(tmp_path / "one").append(LEARNING[-1])
    for _ in range(2):  # nor is it forgotten
        found = state_of(runs)
        assert found.phase == "failed" and "another version" in found.ended


def test_a_request_that_a_power_cut_damaged_is_explained(tmp_path: Path) -> None:
    runs = a_run(tmp_path, *LEARNING)
    (tmp_path / "one" / REQUEST_FILE).write_bytes(b"")
    for ask in (runs.output, runs.resume):
        with pytest.raises(TrainingError, match="cannot be read: it is damaged"):
            ask("one")


def test_a_request_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    request = TrainingRequest(tmp_path / "films", "sharma-cnn", tmp_path / "model")
    request.save(tmp_path)
    (tmp_path / f"{FRESH}{REQUEST_FILE}").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        msgspec.structs.replace(request, seed=2).save(tmp_path)
    assert TrainingRequest.load(tmp_path) == request


def test_a_full_disk_is_explained_when_a_run_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "a name that nobody is to see")

    monkeypatch.setattr(runs_module, "start_training", full)
    runs = TrainingRuns(tmp_path)
    with pytest.raises(TrainingError, match=r"No space left on device.*has room") as caught:
        runs.start(TrainingRequest(tmp_path / "films", "sharma-cnn", tmp_path / "model"))
    assert "nobody" not in str(caught.value)
    assert runs.names() == ()


def test_an_epoch_that_is_told_twice_counts_once() -> None:
    state = TrainingState()
    for event in (
        *LEARNING,
        Epoch(1, {"val_loss": 0.5}, True, 1.0),
        Epoch(2, {"val_loss": 0.4}, True, 1.0),
        Paused(),
        Preparing(1, 48),  # the trainer was killed before the second checkpoint, and goes on
        Resumed(1, ({"val_loss": 0.5},), 1.0, 1),
        Epoch(2, {"val_loss": 0.6}, False, 1.0),
        Continued(),
    ):
        state = told(state, event)
    assert state.figures == ({"val_loss": 0.5}, {"val_loss": 0.6})
    assert state.best_epoch == 1 and not state.paused


@pytest.mark.parametrize("event", [Resuming(), Preparing(1, 48), Finished(1), Failed("No room."), GivenUp()])
def test_where_nothing_is_learned_no_loss_and_no_time_of_before_is_told(event: object) -> None:
    state = TrainingState()
    for each in (*LEARNING, event):
        state = told(state, each)  # type: ignore[arg-type]
    assert (state.loss, state.seconds_left, left_words(state)) == (None, None, "")


def test_a_run_that_goes_on_has_not_failed_any_more() -> None:
    state = TrainingState()
    for event in (*LEARNING, Epoch(1, {"val_loss": 0.5}, True, 1.0), Failed("No room."), Resuming()):
        state = told(state, event)
    assert (state.phase, state.ended, state.at_work) == ("starting", "", True)
    assert state.figures == ({"val_loss": 0.5},) and place_words(state) == ""


@given(st.lists(st.sampled_from(ALL), max_size=30), st.integers(0, 30))
def test_whoever_comes_later_sees_the_same(events: list, cut: int) -> None:  # type: ignore[type-arg]
    whole = TrainingState()
    for event in events:
        whole = told(whole, event)
    parts = TrainingState()
    for event in events[:cut]:
        parts = told(parts, event)
    for event in events[cut:]:
        parts = told(replace(parts), event)
    assert parts == whole
