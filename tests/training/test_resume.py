"""A run that was killed goes on as if nothing had happened, or says why it cannot."""

from __future__ import annotations

import math
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec, Label
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from cxr_desktop.training.compiling import compile_network
from cxr_desktop.training.events import Epoch, Event, EventFollower, EventLog, Notice, Resumed
from cxr_desktop.training.fit import Fitted, fit
from cxr_desktop.training.recipe import Optimiser, Schedule, Stopping
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import CHECKPOINT_FILE, EVENTS_FILE, FRESH, can_resume
from cxr_desktop.training.run_lock import FolderInUse, check_free
from cxr_desktop.training.store import FilmStore, StoredFilm
from cxr_desktop.training.trainer import start_training, train_in_child

# Keras 3.15 hands out TensorFlow's variables, whose __array__ does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SPEC = InputSpec(12, 12, 1)
LABELS = ("NORMAL", "PNEUMONIA")
CLASSES = (Label("NORMAL", False), Label("PNEUMONIA", True))
RUN = {"the architecture": "small", "the seed": "7"}
EPOCHS = 5


def build(input: InputSpec, outputs: int) -> keras.Model:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((input.height, input.width, input.channels)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(outputs),
        ]
    )


# All that has a state: averaged weights, moments, a schedule by step, dropout, augmentation, statistics.
RECORD = Architecture(
    id="small",
    name="small",
    input=SPEC,
    build=build,
    parameters=0,
    batch=16,
    epochs=EPOCHS,
    source="a test",
    optimiser=Optimiser("adamw", 0.02, weight_decay=0.01, clip_norm=1.0, average=0.8),
    schedule=Schedule("cosine", warm_up=1.0),
    stopping=Stopping(patience=4),
    augmentation=Augmentation(rotation_deg=10, row_shift=0.1),
    augment_validation=True,
)


def batches(count: int, seed: int) -> FilmBatches:
    """Films whose class is their brightness, more or less."""
    drawn = np.random.default_rng(seed)
    levels = drawn.integers(0, 50_000, (count, 12, 12)).astype(np.uint16)
    levels[1::2] += 5_000
    films = tuple(StoredFilm(f"{i}", LABELS[i % 2], None, f"p{i}", f"d{i}", i) for i in range(count))
    store = FilmStore(levels, films, ())
    return FilmBatches(store, films, LABELS, SPEC, RECORD.batch, RECORD.augmentation, seed)


def run_fit(
    folder: Path,
    resume: bool = False,
    minutes: float = math.inf,
    on_event: Callable[[Event], None] = lambda event: None,
) -> Fitted:
    folder.mkdir(exist_ok=True)
    train, validation = batches(64, 1), batches(32, 2)
    return fit(
        RECORD, train, validation, CLASSES, folder, EPOCHS, 7, minutes, on_event, resume=resume, run=RUN
    )


class Killed(Exception):  # noqa: N818 - the name is the statement
    """The run ends here."""


def kill_after(epoch: int) -> Callable[[Event], None]:
    def listen(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == epoch:
            raise Killed

    return listen


@pytest.fixture(scope="module")
def unbroken_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("unbroken") / "run"


@pytest.fixture(scope="module")
def unbroken(unbroken_folder: Path) -> Fitted:
    return run_fit(unbroken_folder)


def assert_same_curve(found: Fitted, expected: Fitted) -> None:
    assert found.epochs == expected.epochs
    for epoch, (one, other) in enumerate(zip(found.history, expected.history, strict=True), start=1):
        for name in other:
            assert one[name] == pytest.approx(other[name], abs=1e-3), (epoch, name)


def test_a_process_that_was_killed_resumes_on_the_curve_of_an_unbroken_run(
    unbroken: Fitted, tmp_path: Path
) -> None:
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path), TF_DETERMINISTIC_OPS="1")
    folder = tmp_path / "run"
    child = subprocess.Popen([sys.executable, __file__, str(folder)], env=environment)
    try:
        while not (events := [e for e in EventFollower(folder).new_events() if isinstance(e, Epoch)]):
            assert child.poll() is None, "the child ended by itself"
            time.sleep(0.05)
    finally:
        os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    told: list[Event] = []
    resumed = run_fit(folder, resume=True, on_event=told.append)
    assert_same_curve(resumed, unbroken)
    first = next(event for event in told if isinstance(event, Resumed))
    assert first.epochs >= events[-1].epoch and first.history[0] == events[0].figures
    assert [event.epoch for event in told if isinstance(event, Epoch)] == list(
        range(first.epochs + 1, resumed.epochs + 1)
    )
    assert resumed.best_epoch == unbroken.best_epoch
    for one, other in zip(resumed.model.get_weights(), unbroken.model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_a_run_that_was_interrupted_twice_still_has_that_curve(unbroken: Fitted, tmp_path: Path) -> None:
    for epoch in (1, 3):
        with pytest.raises(Killed):
            run_fit(tmp_path / "run", resume=epoch > 1, on_event=kill_after(epoch))
    assert_same_curve(run_fit(tmp_path / "run", resume=True), unbroken)


def test_minutes_and_patience_count_over_all_parts_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(Killed):
        run_fit(tmp_path / "run", on_event=kill_after(2))
    told: list[Event] = []
    fitted = run_fit(tmp_path / "run", resume=True, minutes=1e-9, on_event=told.append)
    assert fitted.epochs == 2 and "minutes allowed are over" in fitted.why.english
    assert not [event for event in told if isinstance(event, Epoch)]


def test_without_a_whole_epoch_a_resumed_run_begins_anew(unbroken: Fitted, tmp_path: Path) -> None:
    told: list[Event] = []
    fitted = run_fit(tmp_path / "run", resume=True, on_event=told.append)
    assert_same_curve(fitted, unbroken)
    assert not [event for event in told if isinstance(event, Resumed)]
    (notice,) = (event for event in told if isinstance(event, Notice))
    assert "begins anew" in notice.text


def compiled() -> keras.Model:
    model = build(SPEC, 1)
    compile_network(model, RECORD, CLASSES, 4, EPOCHS)
    return model


def test_a_checkpoint_of_another_run_is_refused_with_what_differs(tmp_path: Path) -> None:
    file = tmp_path / CHECKPOINT_FILE
    save_checkpoint(file, compiled(), Progress(({"loss": 0.5},), 3.0), RUN)
    with pytest.raises(TrainingError, match=r"differs from this one in the seed, so it cannot be resumed"):
        load_checkpoint(file, compiled(), {**RUN, "the seed": "8"})


def test_a_damaged_checkpoint_is_explained(tmp_path: Path) -> None:
    file = tmp_path / CHECKPOINT_FILE
    save_checkpoint(file, compiled(), Progress(), RUN)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(TrainingError, match="damaged or of another network"):
        load_checkpoint(file, compiled(), RUN)


def test_a_checkpoint_brings_back_every_random_generator(tmp_path: Path) -> None:
    model = compiled()
    save_checkpoint(tmp_path / CHECKPOINT_FILE, model, Progress(({"loss": 0.25},), 2.0), RUN)
    before = [np.asarray(each) for each in model.variables]
    drawn = random.random(), np.random.standard_normal(3).tolist()
    other = compiled()
    assert any(not np.array_equal(np.asarray(v), b) for v, b in zip(other.variables, before, strict=True))
    assert load_checkpoint(tmp_path / CHECKPOINT_FILE, other, RUN) == Progress(({"loss": 0.25},), 2.0)
    assert (random.random(), np.random.standard_normal(3).tolist()) == drawn
    for variable, value in zip(other.variables, before, strict=True):
        np.testing.assert_array_equal(np.asarray(variable), value)


def request_for(tmp_path: Path, **changes: object) -> TrainingRequest:
    fields = {
        "films": tmp_path / "films",
        "architecture": "sharma-cnn",
        "output": tmp_path / "out",
        **changes,
    }
    return TrainingRequest(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 5}, "the seed"),
        ({"films": Path("elsewhere"), "tuning": Tuning(epochs=3)}, "the labelled folder, “Epochs”"),
        ({"architecture": "sharma-ann"}, "the architecture"),
        ({"weights": Path("a.h5")}, "the weights file"),
    ],
)
def test_a_resume_with_another_request_is_refused_before_anything_starts(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    request_for(tmp_path).save(tmp_path)
    (tmp_path / EVENTS_FILE).write_text('{"type":"preparing","done":1,"of":2}\n')
    with pytest.raises(TrainingError, match=f"differs from this one in {words}, so it cannot be resumed"):
        train_in_child(request_for(tmp_path, resume=True, **changes), tmp_path, lambda event: None)
    assert TrainingRequest.load(tmp_path) == request_for(tmp_path)
    assert len((tmp_path / EVENTS_FILE).read_text().splitlines()) == 1


def test_output_and_minutes_may_change_when_a_run_goes_on(tmp_path: Path) -> None:
    later = request_for(tmp_path, output=tmp_path / "other", minutes=5.0, resume=True)
    assert later.differences(request_for(tmp_path)) == ()


def test_nothing_to_resume_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no interrupted run"):
        start_training(request_for(tmp_path, resume=True), tmp_path / "run")
    assert not can_resume(tmp_path / "run")


def test_a_new_run_never_overwrites_one_that_can_be_resumed(tmp_path: Path) -> None:
    request_for(tmp_path).save(tmp_path)
    (tmp_path / CHECKPOINT_FILE).write_bytes(b"hours of work")
    with pytest.raises(TrainingError, match=r"--resume.*another --run folder.*delete"):
        start_training(request_for(tmp_path), tmp_path)
    assert (tmp_path / CHECKPOINT_FILE).read_bytes() == b"hours of work"


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_where_a_trainer_is_at_work_is_left_alone(tmp_path: Path, resume: bool) -> None:
    request_for(tmp_path).save(tmp_path)
    told = b'{"type":"preparing","done":1,"of":2}\n{"type":"prep'
    (tmp_path / EVENTS_FILE).write_bytes(told)
    holder = "\n".join(
        (
            "import pathlib, sys",
            "from cxr_desktop.training.run_lock import locked",
            "with locked(pathlib.Path(sys.argv[1])):",
            "    print(flush=True)",
            "    sys.stdin.read()",
        )
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    command = [sys.executable, "-c", holder, str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as trainer:
        assert trainer.stdout is not None and trainer.stdout.readline()
        with pytest.raises(FolderInUse, match="still at work"):
            train_in_child(request_for(tmp_path, resume=resume), tmp_path, lambda event: None)
        assert (tmp_path / EVENTS_FILE).read_bytes() == told
        trainer.kill()
    check_free(tmp_path)  # the system gives a dead trainer's lock back


def test_a_line_that_a_kill_cut_short_is_dropped_before_more_is_told(tmp_path: Path) -> None:
    log = EventLog(tmp_path)
    log.append(Epoch(1, {"loss": 0.5}, True, 1.0))
    whole = (tmp_path / EVENTS_FILE).read_bytes()
    (tmp_path / EVENTS_FILE).write_bytes(whole + whole[:10])
    log.mend()
    follower = EventFollower(tmp_path, from_now=True)
    log.append(Resumed(1, ({"loss": 0.5},), 1.0))
    assert [type(event) for event in EventFollower(tmp_path).new_events()] == [Epoch, Resumed]
    assert [type(event) for event in follower.new_events()] == [Resumed]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_run_that_a_full_disk_ended_goes_on_once_there_is_room(unbroken: Fitted, tmp_path: Path) -> None:
    def fill_the_disk(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 2:
            (tmp_path / f"{FRESH}{CHECKPOINT_FILE}").symlink_to("/dev/full")

    with pytest.raises(TrainingError, match="Make room on its disk, then let it go on after its last whole"):
        run_fit(tmp_path, on_event=fill_the_disk)
    assert_same_curve(run_fit(tmp_path, resume=True), unbroken)


def test_a_run_that_was_killed_after_learning_learns_no_more(unbroken: Fitted, unbroken_folder: Path) -> None:
    told: list[Event] = []
    again = run_fit(unbroken_folder, resume=True, on_event=told.append)
    assert (again.history, again.why, again.best_epoch) == (
        unbroken.history,
        unbroken.why,
        unbroken.best_epoch,
    )
    assert [type(event) for event in told] == [Resumed]


def _child(folder: Path) -> None:
    """Trains, tells, and waits to be killed once three epochs are done and two are told."""
    folder.mkdir()
    log = EventLog(folder)

    def tell(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 3:
            time.sleep(600)
        log.append(event)

    run_fit(folder, on_event=tell)


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
