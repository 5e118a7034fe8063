"""What is told and kept on the way, epoch by epoch, and when learning ends."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import keras

from cxr_desktop.domain.training_state import SampleJudgement
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.checkpoint import Progress, save_checkpoint, save_weights
from cxr_desktop.training.compiling import plain_figures
from cxr_desktop.training.control import Control
from cxr_desktop.training.ending import Ending, without_number
from cxr_desktop.training.events import Epoch, Event, Notice, Samples, Step
from cxr_desktop.training.pace import Pace
from cxr_desktop.training.run_folder import CHECKPOINT_FILE, KEPT_WEIGHTS_FILE
from cxr_desktop.training.samples import SampleFilms
from cxr_desktop.training.schedules import best_epoch, rate_of_epoch, reason_to_stop
from cxr_desktop.training.share import memory_in_use


class Watch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Tells of steps and epochs, keeps weights and a checkpoint, and ends learning when it is time.

    Attributes:
        history: the figures of each epoch, those before an interruption included.
        why: why learning ended; None while it goes on.
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
        control: Control,
        samples: SampleFilms | None = None,
    ):
        """Args:
        steps: an epoch.
        epochs, minutes: at most so many, over all parts of an interrupted run.
        run: what tells this run from others, for its checkpoint.
        before: what was done before an interruption.
        control: asked after each step, whether learning is to wait or to end.
        samples: films to be judged after each epoch.
        """
        super().__init__()
        self._record = record
        self._folder = folder
        self._steps = steps
        self._epochs = epochs
        self._minutes = minutes
        self._run = run
        self._on_event = on_event
        self._control = control
        self._samples = samples
        self.history = list(before.history)
        self.why = self._reason(before.seconds)
        keeps_last = record.stopping.keep == "last"
        self.kept_epoch = len(self.history) if keeps_last else best_epoch(self.history, record.stopping)
        self._seconds_before = before.seconds
        self._epoch = len(self.history)
        self._began = self._epoch_began = self._now()
        self._pace = Pace()
        self._pace.begin_model(1, 1, None if math.isinf(minutes) else minutes, self._began)
        self._pace.begin_epochs(epochs, steps, self._began)
        self._pace.resume(self._epoch, before.seconds)
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
        self._epoch_began = self._now()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Tells of the step; a loss that is no number ends learning at once."""
        loss = float((logs or {})["loss"])
        if not math.isfinite(loss):
            self._end_without_number("loss")
            return
        self._pace.step(self._epoch, batch + 1)
        left, memory = self._pace.model_left(self._now()), memory_in_use()
        self._on_event(Step(self._epoch, batch + 1, self._steps, loss, left, memory))
        self._control.obey_while_learning()

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Validation waits and ends when it is asked to, too."""
        self._control.obey_while_learning()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keeps what is worth keeping, writes the checkpoint, tells, and decides whether to go on."""
        figures = plain_figures(logs or {})
        if not all(math.isfinite(value) for value in figures.values()):
            self._end_without_number("val_loss")
            return
        self.history.append(figures)
        best = best_epoch(self.history, self._record.stopping) == self._epoch
        # Before the checkpoint: swapping in the averaged weights and back may round the others, and the
        # checkpoint must hold what training goes on with to the last digit.
        samples = self._judge_and_keep(best or self._record.stopping.keep == "last")
        now = self._now()
        seconds = self._seconds_before + now - self._began
        progress = Progress(tuple(self.history), seconds)
        save_checkpoint(self._folder / CHECKPOINT_FILE, self.model, progress, self._run)
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        self._on_event(Epoch(self._epoch, figures, best, now - self._epoch_began, rate))
        if samples:
            self._on_event(Samples(self._epoch, samples))
        reason = self._reason(seconds)
        if reason is not None:
            self._end(reason)

    def _now(self) -> float:
        """Seconds on a clock that stands while learning is paused."""
        return time.monotonic() - self._control.paused_seconds

    def _reason(self, seconds: float) -> Ending | None:
        return reason_to_stop(self.history, self._record.stopping, self._epochs, seconds, self._minutes)

    def _judge_and_keep(self, keep: bool) -> tuple[SampleJudgement, ...]:
        """What the weights that count, averaged ones where there are any, say of the samples."""
        if self._averaging is not None:
            self._averaging.on_test_begin()
        try:
            if keep:
                save_weights(self._folder / KEPT_WEIGHTS_FILE, self.model)
                self.kept_epoch = self._epoch
            return self._samples.judged(self.model) if self._samples is not None else ()
        finally:
            if self._averaging is not None:
                self._averaging.on_test_end()

    def _end_without_number(self, which: Literal["loss", "val_loss"]) -> None:
        if self.why is not None:
            return  # after the training loss the validation loss fails, too
        why = without_number(which, self._epoch, self.kept_epoch)
        self._end(why)
        self._on_event(Notice(why.words))

    def _end(self, why: Ending) -> None:
        self.why = why
        self.model.stop_training = True
