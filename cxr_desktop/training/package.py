"""A fitted network becomes a bundle: exported, appraised, and described in its card."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import keras
import numpy as np

from cxr_desktop.domain.model_card import InputSpec, Label, ModelCard, Provenance
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
    shortcut_films,
)
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import in_network_range
from cxr_desktop.training.datasets import with_adults
from cxr_desktop.training.events import Event
from cxr_desktop.training.explained import ExplainedClassifier
from cxr_desktop.training.export import WEIGHTS_FILE, write_bundle, write_graph
from cxr_desktop.training.fit import Fitted
from cxr_desktop.training.halves import halve_graph, halve_weights
from cxr_desktop.training.nih import ATTRIBUTION as ADULTS_ATTRIBUTION
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.shipped import shipped_graph
from cxr_desktop.training.shortcuts import measure_shortcuts
from cxr_desktop.training.store import ReadFilm, data_sha256

_OUTPUTS = ("logit", "scores", "heatmap")
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

    population, limits = material.dataset.population, material.dataset.limits
    if request.adults is not None:
        population, limits = with_adults(material.dataset)
    card = ModelCard(
        # Two models of one architecture are two models; in the library each is known by its folder.
        id=request.output.name,
        version=f"{date.today():%Y.%m.%d}",
        name=record.name,
        labels=tuple(
            Label(name, suspicious)
            for name, suspicious in zip(material.labels, material.suspicious, strict=True)
        ),
        input=view,
        heatmap=explained.spec,
        calibration=held_out.calibration,
        operating_points=held_out.points,
        population=population,
        provenance=Provenance(
            architecture=record.id,
            trained_on=material.dataset.trained_on,
            created=date.today().isoformat(),
            recipe=recipe(request, record, fitted),
            counts=material.counts,
            data_sha256=data_sha256(material.train),
        ),
        licence=material.dataset.licence,
        files={},
        limits=limits,
        attributions=_attributions(request, material, record),
        test_openings=opening(material),
    )
    if lung_finder is not None:
        films = shortcut_films(material.validation, material, read, request.drawn_lungs)
        card = replace(card, shortcuts=measure_shortcuts(films, Scorer(card, engine, lung_finder)))
    on_test = appraise_on_test(material, card, engine, lung_finder, read, on_event)
    on_adults = appraise_on_adults(material, card, engine, lung_finder, read, on_event)
    card = replace(card, evaluations=(held_out.evaluation, *on_test, *on_adults))
    write_bundle(request.output, (GRAPH, WEIGHTS_FILE), lambda files: replace(card, files=files))


def _write_network(
    network: keras.Model, explained: ExplainedClassifier, view: InputSpec, material: Material, output: Path
) -> None:
    """Graph and weights, with large weights in float16 where that moves no held-out film's probability.

    The graph's own sigmoid is compared; calibration is fitted on what is kept.
    """
    full = output / f"full-{GRAPH}"
    write_graph(explained, view, _OUTPUTS, full)
    halve_graph(full, output / GRAPH)
    moved = np.abs(_scores(full, view, material) - _scores(output / GRAPH, view, material)).max()
    weights = output / f"full-{WEIGHTS_FILE.removesuffix('.weights.h5')}.weights.h5"
    network.save_weights(weights)
    if moved <= _MOST_ROUNDING:
        halve_weights(weights, output / WEIGHTS_FILE)
        full.unlink()
        weights.unlink()
    else:
        full.replace(output / GRAPH)
        weights.replace(output / WEIGHTS_FILE)


def _scores(graph: Path, view: InputSpec, material: Material) -> Any:
    """(films,) float64, sigmoid of the logit of each held-out film."""
    films: Iterable[Any] = (
        in_network_range(material.store.grey(film)[None], view)[0] for film in material.validation
    )
    return 1 / (1 + np.exp(-np.clip(logits_of(OnnxEngine(graph, [cpu(2)]), films), -500, 500)))


def _attributions(request: TrainingRequest, material: Material, record: Architecture) -> tuple[str, ...]:
    adults = () if request.adults is None else (ADULTS_ATTRIBUTION,)
    weights = () if record.pretrained is None else (f"Weights at the start: {record.pretrained.what}",)
    return (f"Films: {material.dataset.trained_on}", *adults, *weights)


def recipe(request: TrainingRequest, record: Architecture, fitted: Fitted) -> dict[str, Any]:
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
        "adults": None if request.adults is None else request.adults.name,
        "seed": request.seed,
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "python": platform.python_version(),
    }
