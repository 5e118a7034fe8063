"""When a better epoch is seen, how the learning rate goes, and when to end: all told by the epochs so far.

Being functions of the history alone, they need no state of their own, and a resumed run decides as an
unbroken one does. `History` holds the figures of each epoch in order, all of them finite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from cxr_desktop.training.ending import Ending, all_done, time_is_over, without_progress
from cxr_desktop.training.recipe import Optimiser, Schedule, Stopping

History = Sequence[Mapping[str, float]]


def best_epoch(history: History, stopping: Stopping) -> int:
    """The first epoch (from 1) with the best monitored figure; 0 where there is none yet."""
    best, at = math.inf, 0
    sign = 1 if stopping.monitor == "val_loss" else -1
    for epoch, figures in enumerate(history, start=1):
        if sign * figures[stopping.monitor] < best:
            best, at = sign * figures[stopping.monitor], epoch
    return at


def reason_to_stop(
    history: History, stopping: Stopping, epochs: int, seconds: float, minutes: float
) -> Ending | None:
    """Why no further epoch begins; None where one does.

    Args:
        epochs: at most so many.
        seconds: spent so far, in all parts of an interrupted run.
        minutes: at most so many; infinity for no limit.
    """
    waited = len(history) - best_epoch(history, stopping)
    if stopping.patience is not None and history and waited >= stopping.patience:
        return without_progress(stopping.monitor, stopping.patience)
    if len(history) >= epochs:
        return all_done()
    if history and seconds > minutes * 60:
        return time_is_over(minutes)
    return None


def rate_of_epoch(optimiser: Optimiser, schedule: Schedule, history: History) -> float:
    """The learning rate of the epoch after `history`, for schedules that go by epochs."""
    peak = optimiser.learning_rate
    match schedule.kind:
        case "halving":
            return peak * 0.5 ** (1 + len(history) // schedule.every)
        case "plateau":
            return max(peak * 0.5 ** _waits(history, schedule.every), peak * schedule.floor)
        case _:
            return peak


def _waits(history: History, every: int) -> int:
    """How often `every` epochs in a row went by without a lower validation loss than ever before."""
    best, waited, waits = math.inf, 0, 0
    for figures in history:
        if figures["val_loss"] < best:
            best, waited = figures["val_loss"], 0
            continue
        waited += 1
        if waited == every:
            waited, waits = 0, waits + 1
    return waits


def rate_by_step(optimiser: Optimiser, schedule: Schedule, steps: int, epochs: int) -> Any:
    """What a Keras optimiser is given: a schedule by step for "cosine", else the first rate.

    Args:
        steps: an epoch.
    """
    if schedule.kind != "cosine":
        return rate_of_epoch(optimiser, schedule, ())
    rising = round(schedule.warm_up * steps)
    falling = max(steps * epochs - rising, 1)
    if not rising:
        return keras.optimizers.schedules.CosineDecay(optimiser.learning_rate, falling, alpha=schedule.floor)
    return keras.optimizers.schedules.CosineDecay(
        0.0, falling, alpha=schedule.floor, warmup_target=optimiser.learning_rate, warmup_steps=rising
    )
