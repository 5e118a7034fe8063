"""A few steps of the very network on a few of the films, to see what a training will take."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from cxr_desktop.domain.model_card import Label
from cxr_desktop.training.balance import class_weights
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.checkpoint import Progress, save_checkpoint
from cxr_desktop.training.compiling import compile_network, precision
from cxr_desktop.training.learn import device, map_shape, network_of
from cxr_desktop.training.run import Start
from cxr_desktop.training.run_folder import CHECKPOINT_FILE
from cxr_desktop.training.store import FilmStore

_SECONDS = 5.0
_MOST_STEPS = 10
_LEAST_STEPS = 2


@dataclass(frozen=True)
class Rehearsed:
    """What the steps took.

    Attributes:
        build_seconds: until the first step was done.
        memory: bytes, the most that this process had in use.
    """

    device: str
    build_seconds: float
    step_seconds: float
    validation_step_seconds: float
    memory: int


def rehearse(start: Start, classes: tuple[Label, ...], store: FilmStore, folder: Path) -> Rehearsed:
    """Builds, learns and judges as a training does; a checkpoint is written to see what memory that takes.

    Args:
        store: some of the films; a batch repeats them.
        folder: where the checkpoint goes.
    """
    began = time.monotonic()
    record = start.record
    network = network_of(start.request, record, classes, start.earlier)
    with precision(record):
        compile_network(network, record, classes, _MOST_STEPS, 1)
    repeated = math.ceil((_MOST_STEPS + 1) * record.batch / len(store.films))
    films = (store.films * repeated)[: (_MOST_STEPS + 1) * record.batch]
    labels, suspicious = tuple(c.name for c in classes), tuple(c.suspicious for c in classes)
    weights = class_weights(films) if record.balance == "class weights" else None
    shape = map_shape(network)
    learned = FilmBatches(
        store, films, labels, record.input, record.batch, record.augmentation, 0, weights, shape, suspicious
    )
    judged = FilmBatches(
        store, films, labels, record.input, record.batch, map_shape=shape, suspicious=suspicious
    )
    network.train_on_batch(*learned[0])
    build_seconds = time.monotonic() - began
    step_seconds = _timed(network.train_on_batch, learned)
    network.test_on_batch(*judged[0])
    validation_seconds = _timed(network.test_on_batch, judged)
    save_checkpoint(folder / CHECKPOINT_FILE, network, Progress(), {})
    return Rehearsed(device(), build_seconds, step_seconds, validation_seconds, _peak_memory())


def _timed(take: Callable[..., Any], batches: FilmBatches) -> float:
    """Seconds a step, its batch's making included."""
    began = time.monotonic()
    for step in range(1, _MOST_STEPS + 1):
        take(*batches[step])
        seconds = time.monotonic() - began
        if step >= _LEAST_STEPS and seconds > _SECONDS / 2:
            break
    return seconds / step


def _peak_memory() -> int:
    """The most bytes that this process has had in use."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415 - Windows has none

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Not ru_maxrss, which a process on Linux takes over from whoever started it.
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))  # kilobytes
