"""How a training on half of the cores disturbs reading, and how soon it begins to learn.

The network is the largest, and so is its disturbance. On a machine that is busy otherwise only ratios tell.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import find_devices, usable_cores
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.model_library import DEFAULT_MODELS
from cxr_desktop.training.events import Event, EventFollower, Failed, Preparing, Step
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.trainer import start_training, stop_training

ARCHITECTURE = "xception"
FILMS = 40
LONGEST_S = 900


def report(data: Path, scratch: Path) -> None:
    """Scores one film again and again, alone and beside a training in `scratch`."""
    models = resources_folder() / "models"
    cores = max(1, usable_cores() // 2)
    film = sorted((data / "kermany224" / "test").rglob("*.jpeg"))[0]
    scorer = load_scorer(models / DEFAULT_MODELS[0], models / "lung-finder", find_devices(usable_cores()))
    request = TrainingRequest(
        data / "kermany224",
        ARCHITECTURE,
        scratch / "model",
        from_scratch=True,
        lung_finder=models / "lung-finder",
        cores=cores,
    )
    alone = _latency(scorer, film)
    began = time.monotonic()
    child = start_training(request, scratch / "run")
    try:
        follower = EventFollower(scratch / "run")
        read = _until(follower, lambda event: isinstance(event, Preparing) and event.done == event.of, began)
        first = _until(follower, lambda event: isinstance(event, Step), began)
        beside = _latency(scorer, film)
    finally:
        stop_training(child)
    alone = statistics.median((alone, _latency(scorer, film)))
    print(
        f"One film to score, alone: {alone * 1000:.0f} ms; beside a training of {ARCHITECTURE} on {cores} of "
        f"{usable_cores()} cores: {beside * 1000:.0f} ms, {beside / alone:.2f} × as long (aim: 2)\n"
        f"  from the start to the last film read: {read:.0f} s, to the first step: {first:.0f} s "
        "(aim: 30 s)\n"
    )


def _latency(scorer: Scorer, film: Path) -> float:
    """Seconds from the file to its judgement, the median of many."""
    times = []
    for _ in range(3 + FILMS):
        started = time.perf_counter()
        scorer.score([read_radiograph(FilmSource(film))])
        times.append(time.perf_counter() - started)
    return statistics.median(times[3:])  # the first ones warm up


def _until(follower: EventFollower, wanted: Callable[[Event], bool], began: float) -> float:
    """Seconds until the trainer told of it."""
    while time.monotonic() - began < LONGEST_S:
        for event in follower.new_events():
            if isinstance(event, Failed):
                raise RuntimeError(event.reason)
            if wanted(event):
                return time.monotonic() - began
        time.sleep(0.1)
    raise TimeoutError("The training did not begin to learn.")
