"""A fitted network becomes a bundle: exported, appraised, and described in its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import keras
import numpy as np

from cxr_desktop.domain.calibration import Calibration
from cxr_desktop.domain.model_card import InputSpec, ModelCard, Provenance
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.inference.bundle import FEATURES, GRADIENT, GRAPH, WEIGHTS_FILE
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.training.appraise import appraise_on_held_out, held_out_logits, probabilities_of
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.calibrate import platt
from cxr_desktop.training.continuing import EarlierModel
from cxr_desktop.training.datasets import with_adults
from cxr_desktop.training.digests import file_sha256
from cxr_desktop.training.events import Event
from cxr_desktop.training.explained import ExplainedClassifier, LogitGradient
from cxr_desktop.training.export import write_bundle, write_graph
from cxr_desktop.training.halves import halve_graph, halve_weights
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.provenance import attributions_of, licence_of, limits_of, trained_on
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import UNFINISHED
from cxr_desktop.training.shipped import shipped_graph
from cxr_desktop.training.store import ReadFilm, data_sha256
from cxr_desktop.training.trial import Trial

# The most that float16 weights may move a held-out film's probability.
_MOST_ROUNDING = 0.002


def package(
    request: TrainingRequest,
    record: Architecture,
    material: Material,
    fitted: keras.Model,
    recipe: dict[str, Any],
    read: ReadFilm,
    on_event: Callable[[Event], None],
    lung_finder: LungFinder | None = None,
    earlier: EarlierModel | None = None,
) -> None:
    """Writes the bundle into `request.output`.

    All that is chosen is chosen on the held-out films, with the exported graph in the engine that ships. Only
    then are the test films opened, once.

    Args:
        fitted: the network as `record` builds it, with the weights to ship.
        recipe: all that set its training, for the card.
        lung_finder: with it films are judged by the whole chain that ships, and shortcuts are measured.
        earlier: the model that training went on from.
    """
    # Rebuilt, so that neither optimiser state nor a mixed-precision policy gets into the bundle.
    network = record.build(record.input, record.outputs(len(material.labels)))
    network.set_weights(fitted.get_weights())
    request.output.mkdir(parents=True, exist_ok=True)
    explained, view = shipped_graph(record, network, material.suspicious)
    files = _write_network(network, explained, view, material, request)
    engine = OnnxEngine(request.output / GRAPH, [cpu(request.engine_threads)])
    held_out = appraise_on_held_out(material, view, engine, record.augmentation, request.seed)

    dataset = material.dataset if request.adults is None else with_adults(material.dataset)
    card = ModelCard(
        # Two models of one architecture are two models; in the library each is known by its folder.
        id=request.output.name,
        version=_version(request.output / GRAPH),
        name=record.name,
        labels=material.classes,
        input=view,
        heatmap=explained.spec,
        calibration=held_out.calibration,
        operating_points=held_out.points,
        population=dataset.population,
        provenance=Provenance(
            architecture=record.id,
            trained_on=trained_on(dataset, earlier),
            created=date.today().isoformat(),
            created_by=request.made_by,
            recipe=recipe,
            counts=material.counts,
            data_sha256=data_sha256(material.train),
        ),
        licence=licence_of(request, record, dataset, earlier),
        files={},
        limits=(*dataset.limits, *limits_of(earlier)),
        attributions=attributions_of(
            request, record, dataset, lung_finder.card if lung_finder else None, earlier
        ),
        test_openings=_opening(material) if request.open_test else (),
    )
    trial = Trial(material, card, engine, lung_finder, read, on_event)
    shortcuts = trial.on_changed_films(request.drawn_lungs)
    # The hospital's own films first: by them the model is named.
    on_test = (*trial.on_locked_films(), *trial.on_test_films()) if request.open_test else ()
    card = replace(
        card,
        shortcuts=shortcuts,
        limits=(*card.limits, *_unmet(shortcuts)),
        evaluations=(held_out.evaluation, *on_test, *trial.on_adults()),
    )
    write_bundle(request.output, files, lambda digests: replace(card, files=digests))


def _write_network(
    network: keras.Model,
    explained: ExplainedClassifier,
    view: InputSpec,
    material: Material,
    request: TrainingRequest,
) -> tuple[str, ...]:
    """Graphs and weights, with large weights in float16 where that moves no held-out film's probability.

    Returns:
        The files' names.
    """
    output = request.output
    halve = {GRAPH: halve_graph, WEIGHTS_FILE: halve_weights}
    write_graph(
        explained, view.shape, explained.graph_outputs, output / f"{UNFINISHED}{GRAPH}", hidden=FEATURES
    )
    network.save_weights(output / f"{UNFINISHED}{WEIGHTS_FILE}")
    if explained.features_shape is not None:
        halve[GRADIENT] = halve_graph
        backwards, full = LogitGradient(explained), output / f"{UNFINISHED}{GRADIENT}"
        write_graph(backwards, explained.features_shape, ["gradient"], full, entrance=FEATURES)
    for name, write_half in halve.items():
        write_half(output / f"{UNFINISHED}{name}", output / name)
    full = output / f"{UNFINISHED}{GRAPH}"
    moved = _probabilities_moved(full, output / GRAPH, view, material, request.engine_threads)
    for name in halve:
        if moved <= _MOST_ROUNDING:
            (output / f"{UNFINISHED}{name}").unlink()
        else:
            (output / f"{UNFINISHED}{name}").replace(output / name)
    return tuple(halve)


def _probabilities_moved(full: Path, half: Path, view: InputSpec, material: Material, threads: int) -> float:
    """The most that a held-out film's calibrated probability differs between two graphs."""
    before, after = (
        held_out_logits(material, view, OnnxEngine(graph, [cpu(threads)])) for graph in (full, half)
    )
    calibration = Calibration(*platt(before, material.suspicion_of(material.validation)))
    moved = probabilities_of(calibration, before) - probabilities_of(calibration, after)
    return float(np.abs(moved).max())


def _version(graph: Path) -> str:
    """The day, and what tells two graphs of one day apart: the catalogue knows judgements by it."""
    return f"{date.today():%Y.%m.%d}-{file_sha256(graph)[:6]}"


def _opening(material: Material) -> tuple[str, ...]:
    """The card's note that the test films have been opened, if there are any."""
    opened = material.test or material.locked
    return (f"{date.today():%Y-%m-%d}: once, when the model was finished",) if opened else ()


def _unmet(shortcuts: Sequence[ShortcutFigure]) -> tuple[str, ...]:
    """A limit, in words, where a model looks at more than the lungs."""
    unmet = [each.name for each in shortcuts if not each.met]
    return (f"It looks at more than the lungs. Conditions not met: {', '.join(unmet)}.",) if unmet else ()
