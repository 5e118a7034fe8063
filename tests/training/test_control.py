"""A trainer at work waits, goes on, ends with what was best, or gives up, as it is asked to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.training.checkpoint import load_weights
from cxr_desktop.training.control import Control, Stopped, Wish, ask_trainer
from cxr_desktop.training.events import (
    Continued,
    Epoch,
    Event,
    EventFollower,
    GivenUp,
    Paused,
    Preparing,
    Samples,
    Step,
)
from cxr_desktop.training.run import run_training
from cxr_desktop.training.run_folder import CONTROL_FILE, KEPT_WEIGHTS_FILE
from cxr_desktop.training.samples import SampleFilms, chosen_samples
from tests.training.short_run import short_run
from tests.training.test_fit import CLASSES, RECORD, SPEC, build, learnable, run_fit

# Keras 3.15 hands out TensorFlow's variables, whose __array__ does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def wait_and_ask(folder: Path, wish: Wish, seconds: float = 0.5) -> None:
    threading.Thread(target=lambda: (time.sleep(seconds), ask_trainer(folder, wish))).start()


def asking(folder: Path, wish: Wish, epoch: int, step: int, told: list[Event]) -> Callable[[Event], None]:
    """Notes all events, and leaves a wish at a step."""

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, Step) and (event.epoch, event.step) == (epoch, step):
            ask_trainer(folder, wish)

    return listen


def test_a_pause_waits_without_counting_the_time_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "unbroken").mkdir()
    unbroken = run_fit(tmp_path / "unbroken", epochs=3)
    told: list[Event] = []
    note = asking(tmp_path, "pause", 2, 2, told)

    def listen(event: Event) -> None:
        note(event)
        if isinstance(event, Paused):
            wait_and_ask(tmp_path, "go on", 3)

    paused = run_fit(tmp_path, epochs=3, on_event=listen)
    kinds = [type(event) for event in told]
    at = kinds.index(Paused)
    assert kinds[at + 1] is Continued and kinds.count(Paused) == 1
    assert isinstance(told[at - 1], Step) and isinstance(told[at + 2], Step)
    seconds = [event.seconds for event in told if isinstance(event, Epoch)]
    assert seconds[1] < 3
    assert paused.history[-1]["val_loss"] == pytest.approx(unbroken.history[-1]["val_loss"], abs=1e-5)


def test_stopping_keeps_the_best_epoch_and_drops_the_one_under_way(tmp_path: Path) -> None:
    told: list[Event] = []
    fitted = run_fit(tmp_path, epochs=50, on_event=asking(tmp_path, "stop", 3, 2, told))
    assert fitted.epochs == 2 and fitted.why.english == "It was stopped on request."
    best = build(SPEC, 1)
    load_weights(tmp_path / KEPT_WEIGHTS_FILE, best)
    assert [event.epoch for event in told if isinstance(event, Epoch)] == [1, 2]


def test_stopping_before_an_epoch_is_over_says_that_there_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"before one epoch was over.*no model yet"):
        run_fit(tmp_path, epochs=50, on_event=asking(tmp_path, "stop", 1, 2, []))


def test_cancelling_ends_learning_at_once(tmp_path: Path) -> None:
    told: list[Event] = []
    with pytest.raises(Cancelled):
        run_fit(tmp_path, epochs=50, on_event=asking(tmp_path, "cancel", 2, 1, told))
    assert isinstance(told[-1], Step)


def test_cancelling_while_films_are_read_leaves_nothing(drawn_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    ask_trainer(run, "cancel")
    assert not run_training(short_run(drawn_folder, tmp_path / "model"), run)
    events = list(EventFollower(run).new_events())
    assert isinstance(events[0], Preparing) and isinstance(events[-1], GivenUp) and len(events) == 2
    assert {each.name for each in run.iterdir()} == {"control", "events.jsonl"}
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("content", ["", "paus", "anything\n", "\x00\x00"])
def test_a_wish_that_makes_no_sense_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / CONTROL_FILE).write_text(content)
    Control(tmp_path, lambda event: None).obey_while_learning()


def test_a_later_wish_replaces_an_earlier_one(tmp_path: Path) -> None:
    control = Control(tmp_path, lambda event: None)
    for wish in ("pause", "go on", "stop"):
        assert wish in get_args(Wish)
        ask_trainer(tmp_path, wish)  # type: ignore[arg-type]
    with pytest.raises(Stopped):
        control.obey_while_learning()
    control.obey()  # what is not learning goes on: the model is being written


def test_a_folder_that_is_gone_is_the_askers_problem(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        ask_trainer(tmp_path / "gone", "pause")


def test_the_same_few_films_of_all_classes_are_judged_after_each_epoch(tmp_path: Path) -> None:
    store, films = learnable(40, 3)
    chosen = chosen_samples(films, seed=5)
    assert len(chosen) == 8 and [film.label for film in chosen].count("NORMAL") == 4
    assert chosen == chosen_samples(films, seed=5) != chosen_samples(films, seed=6)
    assert len(chosen_samples(films[:3], seed=5)) == 3
    samples = SampleFilms(store, chosen, RECORD, CLASSES)
    judged = samples.judged(build(SPEC, 1))
    assert [each.label for each in judged] == [film.label for film in chosen]
    assert all(0 <= each.suspicion <= 1 for each in judged)


def test_each_step_tells_what_memory_is_in_use_and_how_long_it_will_take(tmp_path: Path) -> None:
    told: list[Event] = []
    run_fit(tmp_path, epochs=4, on_event=told.append)
    steps = [event for event in told if isinstance(event, Step)]
    assert all(event.memory > 50_000_000 for event in steps)
    assert steps[0].seconds_left is None  # the first steps are slow and tell nothing
    left = [event.seconds_left for event in steps if event.seconds_left is not None]
    assert left and left[-1] == pytest.approx(0, abs=0.2)
    assert not [event for event in told if isinstance(event, Samples)]  # none were chosen
