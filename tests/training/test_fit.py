"""When learning stops, and what is kept."""

from __future__ import annotations

import errno
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.events import Epoch, Event, Step
from cxr_desktop.training.fit import BEST_WEIGHTS_FILE, CHECKPOINT_FILE, Fitted, fit
from cxr_desktop.training.recipe import Optimiser, Stopping
from cxr_desktop.training.store import FilmStore, StoredFilm

# Keras 3.15 hands TensorFlow's variables to h5py, whose __array__ does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SPEC = InputSpec(12, 12, 1)
LABELS = ("NORMAL", "PNEUMONIA")


def build(input: InputSpec, outputs: int) -> keras.Model:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((input.height, input.width, input.channels)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(outputs),
        ]
    )


RECORD = Architecture(
    id="small",
    name="small",
    input=SPEC,
    build=build,
    parameters=0,
    batch=16,
    epochs=50,
    stopping=Stopping(patience=3),
    source="a test",
    augmentation=Augmentation(),
)


def learnable(count: int, seed: int) -> tuple[FilmStore, tuple[StoredFilm, ...]]:
    """Films whose class is their brightness."""
    random = np.random.default_rng(seed)
    levels = random.integers(0, 30_000, (count, 12, 12)).astype(np.uint16)
    levels[1::2] += 20_000
    films = tuple(StoredFilm(f"{i}", LABELS[i % 2], None, f"p{i}", f"d{i}", i) for i in range(count))
    return FilmStore(levels, films, ()), films


def run_fit(
    folder: Path,
    record: Architecture = RECORD,
    epochs: int = 4,
    minutes: float = math.inf,
    on_event: Callable[[Event], None] = lambda event: None,
    wrong_validation: bool = False,
) -> Fitted:
    store, films = learnable(64, 1)
    other, held_out = learnable(32, 2)
    if wrong_validation:  # what is learned makes validation worse
        held_out = tuple(replace(film, label=LABELS[(film.row + 1) % 2]) for film in held_out)
    train = FilmBatches(store, films, LABELS, SPEC, record.batch, record.augmentation, 1)
    validation = FilmBatches(other, held_out, LABELS, SPEC, record.batch)
    return fit(record, train, validation, LABELS, folder, epochs, 1, minutes, on_event)


def test_a_network_learns_what_can_be_learned(tmp_path: Path) -> None:
    events: list[Event] = []
    record = replace(RECORD, optimiser=Optimiser(learning_rate=0.01))
    fitted = run_fit(tmp_path, record, epochs=8, on_event=events.append)
    assert fitted.history[-1]["val_loss"] < 0.6 * fitted.history[0]["val_loss"]
    assert fitted.history[-1]["val_accuracy"] > 0.9
    assert fitted.why == "All epochs are done."
    assert [event.epoch for event in events if isinstance(event, Epoch)] == list(range(1, 9))
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4] * 8


def test_the_best_weights_come_back_when_patience_ends(tmp_path: Path) -> None:
    record = replace(RECORD, optimiser=Optimiser(learning_rate=0.01))
    fitted = run_fit(tmp_path, record, epochs=50, wrong_validation=True)
    assert fitted.best_epoch == 1
    assert fitted.epochs == 1 + record.stopping.patience
    assert "has not fallen for 3 epochs" in fitted.why
    best = build(SPEC, 1)
    best.load_weights(tmp_path / BEST_WEIGHTS_FILE)
    last = keras.saving.load_model(tmp_path / CHECKPOINT_FILE)
    for kept, found in zip(best.get_weights(), fitted.model.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, found)
    assert not np.allclose(last.get_weights()[0], fitted.model.get_weights()[0])


def test_time_that_is_over_ends_learning_after_the_epoch(tmp_path: Path) -> None:
    fitted = run_fit(tmp_path, epochs=50, minutes=1e-6)
    assert fitted.epochs == 1
    assert "minutes allowed are over" in fitted.why


def test_a_loss_that_is_no_number_from_the_start_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"stopped being a number.*lower learning rate"):
        run_fit(tmp_path, replace(RECORD, optimiser=Optimiser(learning_rate=math.nan)))


def test_a_loss_that_stops_being_a_number_keeps_the_best_weights(tmp_path: Path) -> None:
    fitted_model: list[keras.Model] = []

    def build_and_keep(input: InputSpec, outputs: int) -> keras.Model:
        fitted_model.append(build(input, outputs))
        return fitted_model[-1]

    def break_after_two_epochs(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 2:
            fitted_model[0].set_weights([np.full_like(w, np.nan) for w in fitted_model[0].get_weights()])

    fitted = run_fit(
        tmp_path, replace(RECORD, build=build_and_keep), epochs=9, on_event=break_after_two_epochs
    )
    assert "stopped being a number" in fitted.why
    assert fitted.best_epoch in {1, 2} and fitted.epochs == 2
    assert all(np.isfinite(weights).all() for weights in fitted.model.get_weights())


def test_a_disk_that_fills_while_learning_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keras.Model, "save", full)
    with pytest.raises(TrainingError, match=r"cannot be written \(No space left on device\)"):
        run_fit(tmp_path)


def test_the_same_seed_learns_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first, second = run_fit(tmp_path / "one", epochs=2), run_fit(tmp_path / "two", epochs=2)
    assert first.history[-1]["val_loss"] == pytest.approx(second.history[-1]["val_loss"], abs=1e-5)
