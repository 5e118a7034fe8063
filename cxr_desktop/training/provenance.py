"""Where a model comes from, as its card tells it: recipe, licence, attributions."""

from __future__ import annotations

import platform
from dataclasses import asdict
from typing import Any

import keras

from cxr_desktop import __version__
from cxr_desktop.domain.model_card import LungFinderCard
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.continuing import EarlierModel
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
    earlier: EarlierModel | None = None,
) -> dict[str, Any]:
    """All that set a training, as the card keeps it."""
    started_from = _started_from(request, record)
    return {
        "source": record.source,
        "continued_from": None if earlier is None else earlier.words,
        "chosen": request.tuning.changed,
        "image_size": list(record.input.shape),
        "loss": "cross-entropy on logits",
        "optimiser": asdict(record.optimiser),
        "schedule": asdict(record.schedule),
        "batch": record.batch,
        "balance": record.balance,
        "label_smoothing": record.label_smoothing,
        "heat_penalty": record.heat_penalty,
        "augmentation": asdict(record.augmentation),
        "most_epochs": record.epochs,
        "stopping": asdict(record.stopping),
        "epochs_run": fitted.epochs,
        "best_epoch": fitted.best_epoch,
        "ended": fitted.why.english,
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


def licence_of(
    request: TrainingRequest, record: Architecture, dataset: Dataset, earlier: EarlierModel | None = None
) -> str:
    """Under which terms the model can be passed on."""
    if earlier is not None and earlier.card.licence != dataset.licence:
        return f"{dataset.licence}; of the model at the start: {earlier.card.licence}"
    started_from = _started_from(request, record)
    return dataset.licence if started_from is None else f"{dataset.licence}; {_STARTED_FROM}"


def attributions_of(
    request: TrainingRequest,
    record: Architecture,
    dataset: Dataset,
    lung_finder: LungFinderCard | None,
    earlier: EarlierModel | None = None,
) -> tuple[str, ...]:
    """Whose films, weights and lung masks went into it."""
    started_from = _started_from(request, record)
    weights = () if started_from is None else (f"Weights at the start: {started_from.what}",)
    lungs = () if lung_finder is None else (f"Lungs: {lung_finder.name}, {lung_finder.licence}",)
    own = (f"Films: {dataset.trained_on}", *weights, *lungs)
    return own if earlier is None else tuple(dict.fromkeys((*own, *earlier.card.attributions)))


def trained_on(dataset: Dataset, earlier: EarlierModel | None) -> str:
    """Which films it has learned from, in words: before and now."""
    if earlier is None:
        return dataset.trained_on
    return f"{dataset.trained_on}; before that, as {earlier.name}: {earlier.card.provenance.trained_on}"


def limits_of(earlier: EarlierModel | None) -> tuple[str, ...]:
    """What must be known of a model that went on from another."""
    if earlier is None:
        return ()
    return (
        f"It continues from {earlier.name}. Where that model learned from films that are held out here, the "
        "figures on the films held out look better than they are.",
    )


def _started_from(request: TrainingRequest, record: Architecture) -> Pretrained | None:
    """The weights file that training began with, if it began with one."""
    return None if request.from_scratch or request.continue_from is not None else record.pretrained
