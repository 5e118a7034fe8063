"""Where a model comes from, as its card tells it: recipe, licence, attributions."""

from __future__ import annotations

import platform
from dataclasses import asdict
from typing import Any

import keras

from cxr_desktop import __version__
from cxr_desktop.domain.model_card import LungFinderCard
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.datasets import Dataset
from cxr_desktop.training.fit import Fitted
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.recipe import Pretrained
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.versions import versions_of

_STARTED_FROM = "weights at the start: MIT"
_LIBRARIES = ("tensorflow", "torch", "jax", "onnx", "onnxruntime", "numpy")


def recipe_of(
    request: TrainingRequest,
    record: Architecture,
    fitted: Fitted,
    material: Material,
    lung_finder: LungFinderCard | None,
) -> dict[str, Any]:
    """All that set a training, as the card keeps it."""
    started_from = _started_from(request, record)
    return {
        "source": record.source,
        "loss": "cross-entropy on logits",
        "optimiser": asdict(record.optimiser),
        "schedule": asdict(record.schedule),
        "batch": record.batch,
        "balance": record.balance,
        "label_smoothing": record.label_smoothing,
        "heat_penalty": record.heat_penalty,
        "augmentation": asdict(record.augmentation),
        "most_epochs": request.epochs or record.epochs,
        "stopping": asdict(record.stopping),
        "epochs_run": fitted.epochs,
        "best_epoch": fitted.best_epoch,
        "ended": fitted.why,
        "most_minutes": request.minutes,
        "from_scratch": request.from_scratch,
        "suspicious": list(request.suspicious),
        "weights_sha256": None if started_from is None else started_from.sha256,
        "adults": None if request.adults is None else request.adults.name,
        "held_out": material.dataset.split,
        "locked_test_films": material.locked_in_all,
        "lungs": None if lung_finder is None else f"{lung_finder.id} {lung_finder.version}",
        "seed": request.seed,
        "program": __version__,
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        **versions_of(_LIBRARIES),
        "python": platform.python_version(),
    }


def licence_of(request: TrainingRequest, record: Architecture, dataset: Dataset) -> str:
    """Under which terms the model can be passed on."""
    started_from = _started_from(request, record)
    return dataset.licence if started_from is None else f"{dataset.licence}; {_STARTED_FROM}"


def attributions_of(
    request: TrainingRequest, record: Architecture, dataset: Dataset, lung_finder: LungFinderCard | None
) -> tuple[str, ...]:
    """Whose films, weights and lung masks went into it."""
    started_from = _started_from(request, record)
    weights = () if started_from is None else (f"Weights at the start: {started_from.what}",)
    lungs = () if lung_finder is None else (f"Lungs: {lung_finder.name}, {lung_finder.licence}",)
    return (f"Films: {dataset.trained_on}", *weights, *lungs)


def _started_from(request: TrainingRequest, record: Architecture) -> Pretrained | None:
    """The weights that training began with, if it did not begin from chance."""
    return None if request.from_scratch else record.pretrained
