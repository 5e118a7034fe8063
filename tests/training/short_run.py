"""A training that takes seconds: a small network on small images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.training.request import TrainingRequest


def short_run(films: Path, output: Path, **changes: Any) -> TrainingRequest:
    """Of the smallest network, for 500 epochs unless `epochs` says otherwise; fields of `Tuning` go there."""
    tuning = {"epochs": 500, "image_size": 32, "batch": 8, "patience": 0}
    tuning |= {name: changes.pop(name) for name in list(changes) if hasattr(Tuning(), name)}
    return TrainingRequest(films, "sharma-cnn", output, tuning=Tuning(**tuning), **changes)
