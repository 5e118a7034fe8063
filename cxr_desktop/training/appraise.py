"""What the films held out from training decide of a network: calibration, operating points, its worth there.

The exported graph is asked, in the engine that ships.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.calibration import Calibration
from cxr_desktop.domain.model_card import Evaluation, InputSpec, OperatingPoint
from cxr_desktop.inference.engine import Engine
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.batches import FilmBatches, in_network_range
from cxr_desktop.training.calibrate import calibrate, choose_operating_points
from cxr_desktop.training.metrics import evaluate_predictions
from cxr_desktop.training.prepare import Material

_BATCH = 32
_DRAWS = 4  # how often each held-out film is varied to find the balanced point


@dataclass(frozen=True)
class HeldOut:
    """What the films held out from training say."""

    calibration: Calibration
    points: tuple[OperatingPoint, ...]
    evaluation: Evaluation


def appraise_on_held_out(
    material: Material, spec: InputSpec, engine: Engine, ranges: Augmentation, seed: int
) -> HeldOut:
    """Calibrates and chooses the operating points.

    Args:
        spec: what the exported network wants to see.
        ranges: how training varied its films; the balanced point is chosen on films varied alike.
    """
    films = material.validation
    truth = material.suspicion_of(films)
    logits = held_out_logits(material, spec, engine)
    fitted_on = f"{len(films)} films held out from training, by patient; the epoch was chosen on them, too"
    calibration = calibrate(logits, truth, [film.patient for film in films], fitted_on)
    probabilities = probabilities_of(calibration, logits)
    varied = [probabilities_of(calibration, each) for each in _varied(material, spec, engine, ranges, seed)]
    points = choose_operating_points(probabilities, truth, np.stack(varied) if varied else None)
    words = f"{len(films)} films held out from training; calibration and operating points were chosen on them"
    evaluation = evaluate_predictions(truth, probabilities, points[0].threshold, words, "validation")
    # Cross-fitted: on the very films of its own fit a calibration would always look well.
    return HeldOut(calibration, points, replace(evaluation, calibration_error=calibration.expected_error))


def held_out_logits(material: Material, spec: InputSpec, engine: Engine) -> NDArray[np.float64]:
    """(films,) the network's logit of each held-out film, as training stored it."""
    films = material.validation
    return logits_of(engine, (in_network_range(material.store.grey(film)[None], spec)[0] for film in films))


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


def _varied(
    material: Material, spec: InputSpec, engine: Engine, ranges: Augmentation, seed: int
) -> Iterator[NDArray[np.float64]]:
    """The held-out films' logits, drawn anew each time; nothing where training varied nothing."""
    # Geometry and grey levels are what machines differ in.
    ranges = replace(ranges, erase=0.0, outside_lungs=0.0)
    if ranges == Augmentation():
        return
    films = material.validation
    for draw in range(_DRAWS):
        batches = FilmBatches(material.store, films, material.labels, spec, _BATCH, ranges, seed)
        batches.begin_epoch(draw)
        logits = np.zeros(len(films))
        for step in range(len(batches)):
            logits[batches.chosen(step)] = engine.run(batches[step][0])["logit"].reshape(-1)
        yield logits
