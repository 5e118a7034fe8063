"""A fitted network becomes a bundle: exported, calibrated, measured, and described in its card."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import islice
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.model_card import (
    Calibration,
    Evaluation,
    HeatmapSpec,
    InputSpec,
    Label,
    ModelCard,
    Provenance,
)
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.inference.bundle import GRAPH
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import Engine, OnnxEngine
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import in_network_range
from cxr_desktop.training.calibrate import calibrate, choose_operating_points
from cxr_desktop.training.events import Event, FilmLeftOut
from cxr_desktop.training.explained import ExplainedClassifier, last_convolution
from cxr_desktop.training.export import WEIGHTS_FILE, write_bundle, write_graph
from cxr_desktop.training.films import LabelledFilm
from cxr_desktop.training.fit import Fitted
from cxr_desktop.training.metrics import evaluate_predictions
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.store import ReadFilm, data_sha256

_BATCH = 32


def package(
    request: TrainingRequest,
    record: Architecture,
    material: Material,
    fitted: Fitted,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> None:
    """Writes the bundle into `request.output`.

    The threshold is chosen and the probabilities are calibrated on the held-out films, with the exported
    graph in the engine that ships. Only then are the test films opened, once.
    """
    # Rebuilt, so that neither optimiser state nor a mixed-precision policy gets into the bundle.
    network = record.build(record.input, fitted.model.output_shape[-1])
    network.set_weights(fitted.model.get_weights())
    output = request.output
    output.mkdir(parents=True, exist_ok=True)
    shipped, view = for_grey_films(record, network)
    explained = ExplainedClassifier(shipped, material.suspicious)
    write_graph(explained, view, ("logit", "scores", "heatmap"), output / GRAPH)
    network.save_weights(output / WEIGHTS_FILE)
    engine = OnnxEngine(output / GRAPH, [cpu(2)])

    held_out = material.validation
    images = (in_network_range(material.store.grey(film)[None], view)[0] for film in held_out)
    logits = logits_of(engine, images)
    truth = suspicious_of([film.label for film in held_out], material)
    fitted_on = f"{len(held_out)} films held out from training, by patient; the epoch was chosen on them, too"
    calibration = calibrate(logits, truth, [film.patient for film in held_out], fitted_on)
    points = choose_operating_points(probabilities_of(calibration, logits), truth)
    evaluations = (
        _evaluation_on_held_out(material, calibration, points[0].threshold, logits, truth),
        *_evaluations_on_test(material, calibration, points[0].threshold, engine, view, read, on_event),
    )

    def card(files: dict[str, str]) -> ModelCard:
        return ModelCard(
            id=record.id,
            version=f"{date.today():%Y.%m.%d}",
            name=record.name,
            labels=tuple(
                Label(name, suspicious)
                for name, suspicious in zip(material.labels, material.suspicious, strict=True)
            ),
            input=view,
            heatmap=HeatmapSpec("Grad-CAM", network.layers[last_convolution(network)].name),
            calibration=calibration,
            operating_points=points,
            population=material.dataset.population,
            provenance=Provenance(
                architecture=record.id,
                trained_on=material.dataset.trained_on,
                created=date.today().isoformat(),
                recipe=recipe(request, record, fitted),
                counts=material.counts,
                data_sha256=data_sha256(material.train),
            ),
            licence=material.dataset.licence,
            files=files,
            evaluations=evaluations,
        )

    write_bundle(output, (GRAPH, WEIGHTS_FILE), card)


def for_grey_films(record: Architecture, network: keras.Model) -> tuple[keras.Model, InputSpec]:
    """The same network for one channel, where it was trained on a grey film repeated over several.

    Equal channels meet the first convolution's kernels one by one, so their sum does the same in a third of
    the work: the outputs are equal but for rounding. A network that does not begin with a convolution stays
    as it is.

    Returns:
        The network to ship and what it wants to see.
    """
    kernel, *others = network.get_weights()
    if record.input.channels == 1 or kernel.ndim != 4 or kernel.shape[2] != record.input.channels:
        return network, record.input
    view = replace(record.input, channels=1)
    grey = record.build(view, network.output_shape[-1])
    grey.set_weights([kernel.sum(axis=2, keepdims=True), *others])
    return grey, view


def recipe(request: TrainingRequest, record: Architecture, fitted: Fitted) -> dict[str, Any]:
    """All that set the training, as the card keeps it."""
    return {
        "source": record.source,
        "loss": "cross-entropy on logits",
        "optimiser": asdict(record.optimiser),
        "schedule": asdict(record.schedule),
        "batch": record.batch,
        "augmentation": asdict(record.augmentation),
        "most_epochs": request.epochs or record.epochs,
        "stopping": asdict(record.stopping),
        "epochs_run": fitted.epochs,
        "best_epoch": fitted.best_epoch,
        "ended": fitted.why,
        "most_minutes": request.minutes,
        "seed": request.seed,
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "python": platform.python_version(),
    }


def logits_of(engine: Engine, images: Iterable[NDArray[np.float32]]) -> NDArray[np.float64]:
    """(films,) the network's logit of each (height, width, channels) image; few are in memory at a time."""
    remaining = iter(images)
    logits = [
        engine.run(np.stack(batch))["logit"].reshape(len(batch))
        for batch in iter(lambda: list(islice(remaining, _BATCH)), [])
    ]
    return np.concatenate(logits).astype(np.float64) if logits else np.zeros(0)


def probabilities_of(calibration: Calibration, logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """(films,) calibrated probabilities."""
    return np.array([calibration.probability(float(logit)) for logit in logits])


def suspicious_of(labels: Sequence[str], material: Material) -> NDArray[np.bool_]:
    """(films,) whether each label speaks for suspicion."""
    speaks = dict(zip(material.labels, material.suspicious, strict=True))
    return np.array([speaks[label] for label in labels])


def _evaluation_on_held_out(
    material: Material,
    calibration: Calibration,
    threshold: float,
    logits: NDArray[np.float64],
    truth: NDArray[np.bool_],
) -> Evaluation:
    words = (
        f"{len(logits)} films held out from training; epoch, calibration and operating point were chosen "
        "on them"
    )
    return evaluate_predictions(truth, probabilities_of(calibration, logits), threshold, words)


def _evaluations_on_test(
    material: Material,
    calibration: Calibration,
    threshold: float,
    engine: Engine,
    spec: InputSpec,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> tuple[Evaluation, ...]:
    judged: list[LabelledFilm] = []

    def images() -> Iterator[NDArray[np.float32]]:
        for film in material.test:
            try:
                image = model_input(read(FilmSource(film.path)), spec).image
            except UnreadableImage as error:
                on_event(FilmLeftOut(film.path.name, str(error)))
            else:
                judged.append(film)
                yield image

    logits = logits_of(engine, images())
    truth = suspicious_of([film.label for film in judged], material)
    if not truth.any() or truth.all():  # no test films, or of one kind only: nothing can be said
        return ()
    probabilities = probabilities_of(calibration, logits)
    return (evaluate_predictions(truth, probabilities, threshold, material.dataset.test_films),)
