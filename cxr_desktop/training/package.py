"""A fitted network becomes a bundle: exported, appraised, and described in its card."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np

from cxr_desktop import __version__
from cxr_desktop.domain.model_card import Calibration, InputSpec, Label, LungFinderCard, ModelCard, Provenance
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.inference.bundle import GRAPH
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.training.appraise import (
    appraise_on_adults,
    appraise_on_held_out,
    appraise_on_test,
    logits_of,
    opening,
    probabilities_of,
    shortcut_films,
    suspicious_of,
)
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import in_network_range
from cxr_desktop.training.calibrate import platt
from cxr_desktop.training.datasets import Dataset, with_adults
from cxr_desktop.training.events import Event
from cxr_desktop.training.explained import ExplainedClassifier
from cxr_desktop.training.export import WEIGHTS_FILE, write_bundle, write_graph
from cxr_desktop.training.fit import Fitted
from cxr_desktop.training.halves import halve_graph, halve_weights
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.recipe import Pretrained
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.shipped import shipped_graph
from cxr_desktop.training.shortcuts import measure_shortcuts
from cxr_desktop.training.store import ReadFilm, data_sha256

_STARTED_FROM = "weights at the start: MIT"
_OUTPUTS = ("logit", "scores", "heatmap")
_LIBRARIES = ("tensorflow", "torch", "jax", "onnx", "onnxruntime", "numpy")
# The most that float16 weights may move a held-out film's probability.
_MOST_ROUNDING = 0.002


def package(
    request: TrainingRequest,
    record: Architecture,
    material: Material,
    fitted: Fitted,
    read: ReadFilm,
    on_event: Callable[[Event], None],
    lung_finder: LungFinder | None = None,
) -> None:
    """Writes the bundle into `request.output`.

    All that is chosen is chosen on the held-out films, with the exported graph in the engine that ships. Only
    then are the test films opened, once.

    Args:
        lung_finder: with it films are judged by the whole chain that ships, and shortcuts are measured.
    """
    # Rebuilt, so that neither optimiser state nor a mixed-precision policy gets into the bundle.
    network = record.build(record.input, record.outputs(len(material.labels)))
    network.set_weights(fitted.model.get_weights())
    request.output.mkdir(parents=True, exist_ok=True)
    explained, view = shipped_graph(record, network, material.suspicious)
    _write_network(network, explained, view, material, request.output)
    engine = OnnxEngine(request.output / GRAPH, [cpu(2)])
    held_out = appraise_on_held_out(material, view, engine, record.augmentation, request.seed)

    dataset = material.dataset if request.adults is None else with_adults(material.dataset)
    card = ModelCard(
        # Two models of one architecture are two models; in the library each is known by its folder.
        id=request.output.name,
        version=_version(request.output / GRAPH),
        name=record.name,
        labels=tuple(
            Label(name, suspicious)
            for name, suspicious in zip(material.labels, material.suspicious, strict=True)
        ),
        input=view,
        heatmap=explained.spec,
        calibration=held_out.calibration,
        operating_points=held_out.points,
        population=dataset.population,
        provenance=Provenance(
            architecture=record.id,
            trained_on=dataset.trained_on,
            created=date.today().isoformat(),
            recipe=recipe(request, record, fitted, material, lung_finder.card if lung_finder else None),
            counts=material.counts,
            data_sha256=data_sha256(material.train),
        ),
        licence=dataset.licence
        if not _started_from(request, record)
        else f"{dataset.licence}; {_STARTED_FROM}",
        files={},
        limits=dataset.limits,
        attributions=_attributions(dataset, _started_from(request, record), lung_finder),
        test_openings=opening(material) if request.open_test else (),
    )
    if lung_finder is not None:
        films = shortcut_films(material.validation, material, read, request.drawn_lungs)
        shortcuts = measure_shortcuts(films, Scorer(card, engine, lung_finder))
        card = replace(card, shortcuts=shortcuts, limits=(*card.limits, *_unmet(shortcuts)))
    on_test = (
        appraise_on_test(material, card, engine, lung_finder, read, on_event) if request.open_test else ()
    )
    on_adults = appraise_on_adults(material, card, engine, lung_finder, read, on_event)
    card = replace(card, evaluations=(held_out.evaluation, *on_test, *on_adults))
    write_bundle(request.output, (GRAPH, WEIGHTS_FILE), lambda files: replace(card, files=files))


def _write_network(
    network: keras.Model, explained: ExplainedClassifier, view: InputSpec, material: Material, output: Path
) -> None:
    """Graph and weights, with large weights in float16 where that moves no held-out film's probability."""
    full, full_weights = output / f"full-{GRAPH}", output / f"full-{WEIGHTS_FILE}"
    write_graph(explained, view, _OUTPUTS, full)
    network.save_weights(full_weights)
    halve_graph(full, output / GRAPH)
    if _probabilities_moved(full, output / GRAPH, view, material) <= _MOST_ROUNDING:
        halve_weights(full_weights, output / WEIGHTS_FILE)
        full.unlink()
        full_weights.unlink()
    else:
        full.replace(output / GRAPH)
        full_weights.replace(output / WEIGHTS_FILE)


def _probabilities_moved(full: Path, half: Path, view: InputSpec, material: Material) -> float:
    """The most that a held-out film's calibrated probability differs between two graphs."""
    before, after = (
        logits_of(
            OnnxEngine(graph, [cpu(2)]),
            (in_network_range(material.store.grey(film)[None], view)[0] for film in material.validation),
        )
        for graph in (full, half)
    )
    truth = suspicious_of([film.label for film in material.validation], material)
    calibration = Calibration(*platt(before, truth))
    moved = probabilities_of(calibration, before) - probabilities_of(calibration, after)
    return float(np.abs(moved).max())


def _version(graph: Path) -> str:
    """The day, and what tells two graphs of one day apart: the catalogue knows judgements by it."""
    with graph.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return f"{date.today():%Y.%m.%d}-{digest[:6]}"


def _unmet(shortcuts: Sequence[ShortcutFigure]) -> tuple[str, ...]:
    """A limit, in words, where a model looks at more than the lungs."""
    unmet = [each.name for each in shortcuts if not each.met]
    return (f"It looks at more than the lungs. Conditions not met: {', '.join(unmet)}.",) if unmet else ()


def _started_from(request: TrainingRequest, record: Architecture) -> Pretrained | None:
    """The weights that training began with, if it did not begin from chance."""
    return None if request.from_scratch else record.pretrained


def _attributions(
    dataset: Dataset, started_from: Pretrained | None, lung_finder: LungFinder | None
) -> tuple[str, ...]:
    weights = () if started_from is None else (f"Weights at the start: {started_from.what}",)
    lungs = () if lung_finder is None else (f"Lungs: {lung_finder.card.name}, {lung_finder.card.licence}",)
    return (f"Films: {dataset.trained_on}", *weights, *lungs)


def recipe(
    request: TrainingRequest,
    record: Architecture,
    fitted: Fitted,
    material: Material,
    lung_finder: LungFinderCard | None,
) -> dict[str, Any]:
    """All that set the training, as the card keeps it."""
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
        "weights_sha256": started_from.sha256 if (started_from := _started_from(request, record)) else None,
        "adults": None if request.adults is None else request.adults.name,
        "held_out": material.dataset.split,
        "lungs": None if lung_finder is None else f"{lung_finder.id} {lung_finder.version}",
        "seed": request.seed,
        "program": __version__,
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        **{each: version(each) for each in _LIBRARIES if find_spec(each)},
        "python": platform.python_version(),
    }
