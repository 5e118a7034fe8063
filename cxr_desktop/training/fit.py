"""Learning: one network, its films, and what is told and kept on the way."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.events import Epoch, Event, Step

CHECKPOINT_FILE = "checkpoint.keras"
BEST_WEIGHTS_FILE = "best.weights.h5"


@dataclass(frozen=True)
class Fitted:
    """A network that has learned; it holds the weights of its best epoch.

    Attributes:
        best_epoch, epochs: counted from 1.
        why: why learning ended, in words.
        history: the figures of each epoch, in order.
    """

    model: keras.Model
    best_epoch: int
    epochs: int
    why: str
    history: tuple[dict[str, float], ...]


def fit(
    record: Architecture,
    train: FilmBatches,
    validation: FilmBatches,
    labels: tuple[str, ...],
    folder: Path,
    epochs: int,
    seed: int,
    minutes: float,
    on_event: Callable[[Event], None],
) -> Fitted:
    """Trains from scratch until the validation loss stops falling, the epochs or the minutes are spent.

    Args:
        folder: the run's; it receives a checkpoint every epoch and the best weights.
        minutes: no epoch begins after so many; infinity for no limit.

    Raises:
        TrainingError: the loss is no number in the very first epoch, or the disk is full.
    """
    keras.utils.set_random_seed(seed)
    outputs = record.outputs(len(labels))
    model = record.build(record.input, outputs)
    compile_for_logits(model, record.optimiser.learning_rate, outputs)
    watch = _Watch(record.stopping.patience or epochs, minutes, folder, len(train), on_event)
    try:
        model.fit(
            train, validation_data=validation, epochs=epochs, callbacks=[watch], shuffle=False, verbose=0
        )
    except OSError as error:
        raise TrainingError(
            f"The run's folder cannot be written ({error.strerror}). The best weights so far are kept there; "
            "make room and start again."
        ) from error
    if not watch.best_epoch:
        raise TrainingError(
            "The loss stopped being a number before one epoch was over, so nothing was learned. A lower "
            "learning rate usually helps."
        )
    model.load_weights(folder / BEST_WEIGHTS_FILE)
    return Fitted(model, watch.best_epoch, len(watch.history), watch.why, tuple(watch.history))


def compile_for_logits(model: keras.Model, learning_rate: float, outputs: int) -> None:
    """Adam and cross-entropy on logits; accuracy, and for two classes the AUC."""
    if outputs == 1:
        loss: Any = keras.losses.BinaryCrossentropy(from_logits=True)
        metrics = [
            keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0),
            keras.metrics.AUC(name="auc", from_logits=True),
        ]
    else:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        metrics = [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss, metrics=metrics)


class _Watch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Tells of steps and epochs, keeps checkpoints and the best weights, and knows when to stop."""

    def __init__(
        self, patience: int, minutes: float, folder: Path, steps: int, on_event: Callable[[Event], None]
    ):
        super().__init__()
        self._patience = patience
        self._minutes = minutes
        self._folder = folder
        self._steps = steps
        self._on_event = on_event
        self._best_loss = math.inf
        self._epoch = 0
        self._began = self._epoch_began = time.monotonic()
        self.best_epoch = 0
        self.why = "All epochs are done."
        self.history: list[dict[str, float]] = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch = epoch + 1
        self._epoch_began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        loss = float((logs or {})["loss"])
        if not math.isfinite(loss):
            self._stop("The loss stopped being a number; the best weights before that are kept.")
            return
        self._on_event(Step(self._epoch, batch + 1, self._steps, loss))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures = {name: float(value) for name, value in (logs or {}).items()}
        if not all(math.isfinite(value) for value in figures.values()):
            self._stop("The loss stopped being a number; the best weights before that are kept.")
            return
        self.history.append(figures)
        best = figures["val_loss"] < self._best_loss
        if best:
            self._best_loss, self.best_epoch = figures["val_loss"], self._epoch
            self._keep(BEST_WEIGHTS_FILE, self.model.save_weights)
        self._keep(CHECKPOINT_FILE, self.model.save)
        now = time.monotonic()
        self._on_event(Epoch(self._epoch, figures, best, now - self._epoch_began))
        if self._epoch - self.best_epoch >= self._patience:
            self._stop(f"The validation loss has not fallen for {self._patience} epochs.")
        elif now - self._began > self._minutes * 60:
            self._stop(f"The {self._minutes:g} minutes allowed are over.")

    def _stop(self, why: str) -> None:
        self.why = why
        self.model.stop_training = True

    def _keep(self, name: str, save: Callable[[Path], None]) -> None:
        # A kill while writing must not cost the checkpoint before: write beside it, then swap.
        fresh = self._folder / f"new-{name}"
        save(fresh)
        fresh.replace(self._folder / name)
