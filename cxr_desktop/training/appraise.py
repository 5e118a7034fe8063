"""What a finished network is worth: calibrated, given its thresholds and measured, film by film as it ships.

Everything is chosen on the films held out from training. The test films are opened once, when nothing is left
to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.model_card import Calibration, Evaluation, InputSpec, ModelCard, OperatingPoint
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.inference.engine import Engine
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.batches import FilmBatches, in_network_range
from cxr_desktop.training.calibrate import calibrate, choose_operating_points
from cxr_desktop.training.events import Event, FilmLeftOut
from cxr_desktop.training.films import LabelledFilm
from cxr_desktop.training.metrics import evaluate_predictions
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.shortcuts import JudgedFilm, judged_film
from cxr_desktop.training.store import ReadFilm, StoredFilm

_BATCH = 32
_MINED = "as mined from reports: about half of the pneumonias show no opacity to a panel of radiologists"
_ADULTS = {
    "normal": f"adults (NIH), patients held out: pneumonia or consolidation against no finding, {_MINED}",
    "rest": f"adults (NIH), patients held out: pneumonia or consolidation against all else, {_MINED}",
    "panel": "adults (NIH), never learned from: airspace opacity or none, by a panel of radiologists",
}
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
    truth = suspicious_of([film.label for film in films], material)
    images = (in_network_range(material.store.grey(film)[None], spec)[0] for film in films)
    logits = logits_of(engine, images)
    fitted_on = f"{len(films)} films held out from training, by patient; the epoch was chosen on them, too"
    calibration = calibrate(logits, truth, [film.patient for film in films], fitted_on)
    probabilities = probabilities_of(calibration, logits)
    varied = [probabilities_of(calibration, each) for each in _varied(material, spec, engine, ranges, seed)]
    points = choose_operating_points(probabilities, truth, np.stack(varied) if varied else None)
    words = f"{len(films)} films held out from training; calibration and operating points were chosen on them"
    evaluation = evaluate_predictions(truth, probabilities, points[0].threshold, words, "validation")
    # Cross-fitted: on the very films of its own fit a calibration would always look well.
    return HeldOut(calibration, points, replace(evaluation, calibration_error=calibration.expected_error))


def appraise_on_test(
    material: Material,
    card: ModelCard,
    engine: Engine,
    lung_finder: LungFinder | None,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> tuple[Evaluation, ...]:
    """Opens the test films and compares; nothing where the folder has none, or of one kind only.

    Args:
        card: with calibration and operating points.
        lung_finder: with it the films pass the whole chain that ships, and one that is not judged does not
            count; without it each film is judged whole.
    """
    words = material.dataset.test_films
    return _compared(material.test, words, "test", material, card, engine, lung_finder, read, on_event)


def appraise_on_adults(
    material: Material,
    card: ModelCard,
    engine: Engine,
    lung_finder: LungFinder | None,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> tuple[Evaluation, ...]:
    """What the model reaches on adults that it has not seen; nothing where there are none."""
    return tuple(
        evaluation
        for name, films in material.adults.items()
        for evaluation in _compared(
            films, _ADULTS[name], "other", material, card, engine, lung_finder, read, on_event
        )
    )


def opening(material: Material) -> tuple[str, ...]:
    """The card's note that the test films have been opened, if there are any."""
    return (f"{date.today():%Y-%m-%d}: once, when the model was finished",) if material.test else ()


def shortcut_films(
    films: Sequence[StoredFilm], material: Material, read: ReadFilm, drawn_lungs: Path | None
) -> Iterator[JudgedFilm]:
    """Films to measure shortcuts on.

    Args:
        drawn_lungs: a folder of masks drawn by people, PNG files named like the films; None: there are none.
    """
    for film, suspicious in zip(films, suspicious_of([each.label for each in films], material), strict=True):
        yield judged_film(FilmSource(film.path), bool(suspicious), read, drawn_lungs)


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
    return np.array([speaks[label] for label in labels], dtype=np.bool_)


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


def _compared(
    films: Sequence[LabelledFilm],
    words: str,
    role: Literal["test", "other"],
    material: Material,
    card: ModelCard,
    engine: Engine,
    lung_finder: LungFinder | None,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> tuple[Evaluation, ...]:
    """One evaluation, or none where films of both kinds are not there.

    Args:
        words: which films.
    """
    judged: list[LabelledFilm] = []
    probabilities: list[float] = []
    for film, probability in _judged(films, card, engine, lung_finder, read, on_event):
        judged.append(film)
        probabilities.append(probability)
    truth = suspicious_of([film.label for film in judged], material)
    if not truth.any() or truth.all():
        return ()
    threshold = card.operating_point.threshold
    return (evaluate_predictions(truth, np.array(probabilities), threshold, words, role),)


def _judged(
    films: Sequence[LabelledFilm],
    card: ModelCard,
    engine: Engine,
    lung_finder: LungFinder | None,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> Iterator[tuple[LabelledFilm, float]]:
    scorer = None if lung_finder is None else Scorer(card, engine, lung_finder)
    for film in films:
        try:
            radiograph = read(FilmSource(film.path))
        except UnreadableImage as error:
            on_event(FilmLeftOut(film.path.name, str(error)))
            continue
        if scorer is None:
            (logit,) = logits_of(engine, [model_input(radiograph, card.input).image])
            yield film, card.calibration.probability(float(logit))
            continue
        (judgement,) = scorer.score([radiograph])
        if judgement.prediction.probability is None:
            on_event(FilmLeftOut(film.path.name, "; ".join(judgement.prediction.remarks)))
        else:
            yield film, judgement.prediction.probability
