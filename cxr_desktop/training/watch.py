"""What is told and kept on the way, epoch by epoch, and when learning ends."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras

from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.checkpoint import Progress, save_checkpoint, save_weights
from cxr_desktop.training.compiling import plain_figures
from cxr_desktop.training.events import Epoch, Event, Notice, Step
from cxr_desktop.training.run_folder import CHECKPOINT_FILE, KEPT_WEIGHTS_FILE
from cxr_desktop.training.schedules import best_epoch, rate_of_epoch, reason_to_stop


class Watch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Tells of steps and epochs, keeps weights and a checkpoint, and ends learning when it is time.

    Attributes:
        history: the figures of each epoch, those before an interruption included.
        why: why learning ended, in words; "" while it goes on.
        kept_epoch: whose weights are kept (from 1); 0 while there are none.
    """

    def __init__(
        self,
        record: Architecture,
        folder: Path,
        steps: int,
        epochs: int,
        minutes: float,
        run: Mapping[str, str],
        before: Progress,
        on_event: Callable[[Event], None],
    ):
        """Args:
        steps: an epoch.
        epochs, minutes: at most so many, over all parts of an interrupted run.
        run: what tells this run from others, for its checkpoint.
        before: what was done before an interruption.
        """
        super().__init__()
        self._record = record
        self._folder = folder
        self._steps = steps
        self._epochs = epochs
        self._minutes = minutes
        self._run = run
        self._on_event = on_event
        self.history = list(before.history)
        self.why = self._reason(before.seconds) or ""
        keeps_last = record.stopping.keep == "last"
        self.kept_epoch = len(self.history) if keeps_last else best_epoch(self.history, record.stopping)
        self._seconds_before = before.seconds
        self._epoch = len(self.history)
        self._began = self._epoch_began = time.monotonic()
        # Validation sees the averaged weights, where there are any; training goes on with its own.
        self._averaging = keras.callbacks.SwapEMAWeights() if record.optimiser.average is not None else None

    def callbacks(self) -> list[Any]:
        """All callbacks that `fit` needs, this one last."""
        schedule = self._record.schedule
        others: list[Any] = []
        if schedule.kind in {"halving", "plateau"}:
            others.append(
                keras.callbacks.LearningRateScheduler(
                    lambda epoch, rate: rate_of_epoch(self._record.optimiser, schedule, self.history)
                )
            )
        if self._averaging is not None:
            others.append(self._averaging)
        return [*others, self]

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keras calls it with the epoch, from 0."""
        self._epoch = epoch + 1
        self._epoch_began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Tells of the step; a loss that is no number ends learning at once."""
        loss = float((logs or {})["loss"])
        if not math.isfinite(loss):
            self._end_without_number("The loss")
            return
        self._on_event(Step(self._epoch, batch + 1, self._steps, loss))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keeps what is worth keeping, writes the checkpoint, tells, and decides whether to go on."""
        figures = plain_figures(logs or {})
        if not all(math.isfinite(value) for value in figures.values()):
            self._end_without_number("The validation loss")
            return
        self.history.append(figures)
        best = best_epoch(self.history, self._record.stopping) == self._epoch
        # Kept weights first: swapping in the averaged ones and back may round the others, and the checkpoint
        # must hold what training goes on with to the last digit.
        if best or self._record.stopping.keep == "last":
            self._keep_weights()
        now = time.monotonic()
        seconds = self._seconds_before + now - self._began
        progress = Progress(tuple(self.history), seconds)
        save_checkpoint(self._folder / CHECKPOINT_FILE, self.model, progress, self._run)
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        self._on_event(Epoch(self._epoch, figures, best, now - self._epoch_began, rate))
        reason = self._reason(seconds)
        if reason is not None:
            self._end(reason)

    def _reason(self, seconds: float) -> str | None:
        return reason_to_stop(self.history, self._record.stopping, self._epochs, seconds, self._minutes)

    def _keep_weights(self) -> None:
        if self._averaging is not None:
            self._averaging.on_test_begin()
        try:
            save_weights(self._folder / KEPT_WEIGHTS_FILE, self.model)
        finally:
            if self._averaging is not None:
                self._averaging.on_test_end()
        self.kept_epoch = self._epoch

    def _end_without_number(self, what: str) -> None:
        if self.why:
            return  # after the training loss the validation loss fails, too
        kept = f"the weights of epoch {self.kept_epoch} are kept" if self.history else "nothing is kept"
        self._end(f"{what} stopped being a number in epoch {self._epoch}; {kept}.")
        self._on_event(Notice(self.why))

    def _end(self, why: str) -> None:
        self.why = why
        self.model.stop_training = True
