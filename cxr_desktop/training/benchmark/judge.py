"""A bundle's figures on the test films, in the engine that ships, measured as the studies measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import BundleError, EngineError, TrainingError, UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import Bundle
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.graph_check import check_classifier
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.training.benchmark.rows import Figures
from cxr_desktop.training.digests import file_sha256, joint_sha256
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.metrics import (
    auc,
    classification_report,
    cross_entropy,
    evaluate_predictions,
    roc_points,
)

STUDY_THRESHOLD = 0.5

_BATCH = 32

ShowCount = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class TestFilms:
    """The test films of a labelled folder.

    Attributes:
        sha256: digest over the sorted digests of the files: equal for equal films, whatever their names.
    """

    __test__ = False  # no test case, whatever its name says

    films: tuple[LabelledFilm, ...]
    sha256: str

    @classmethod
    def of(cls, folder: Path) -> TestFilms:
        """Those on the folder's own test side.

        Raises:
            TrainingError: the folder has none, or no usable classes.
        """
        films = tuple(film for film in find_films(folder) if film.side is Side.TEST)
        if not films:
            raise TrainingError(
                "The folder has no test films of its own. The benchmark needs a folder that holds “train” "
                "and “test”, each with a folder for each class."
            )
        return cls(films, joint_sha256(file_sha256(film.path) for film in films))


@dataclass(frozen=True, eq=False)
class Scores:
    """What a network gives for films, before any calibration.

    Attributes:
        truth: (films,) positions in the card's labels.
        logits: (films,) float64, log-odds of the suspicious labels.
        of_labels: (films, labels) float64, summing to one.
        left_out: files that gave no film.
    """

    truth: NDArray[np.int64]
    logits: NDArray[np.float64]
    of_labels: NDArray[np.float64]
    left_out: int


def judge(
    bundle: Bundle[ModelCard],
    films: Sequence[LabelledFilm],
    lung_finder: Path | None,
    threads: int,
    on_progress: ShowCount = lambda done, of: None,
) -> Figures:
    """Scores each film once and compares with its label.

    Every film is judged as the studies do it, also one that the window's image checks would set aside.

    Args:
        lung_finder: its bundle's folder; needed for a network that looks at the lungs' rectangle only.

    Raises:
        TrainingError: a film's class is unknown to the model, or the films are of one kind only.
        BundleError, EngineError: the model cannot be used.
    """
    scores = score(bundle, films, lung_finder, threads, on_progress)
    return figures_of(bundle.card, scores)


def score(
    bundle: Bundle[ModelCard],
    films: Sequence[LabelledFilm],
    lung_finder: Path | None,
    threads: int,
    on_progress: ShowCount = lambda done, of: None,
) -> Scores:
    """Runs the bundle's network over films, as `judge` needs it."""
    card = bundle.card
    positions = {label.name.lower(): index for index, label in enumerate(card.labels)}
    unknown = sorted({film.label for film in films if film.label.lower() not in positions})
    if unknown:
        raise TrainingError(
            f"The model knows {', '.join(label.name for label in card.labels)}; the test films have "
            f"{', '.join(unknown)}, too."
        )
    engine = OnnxEngine(bundle.graph, [cpu(threads)])
    check_classifier(card, engine.signature)
    view = _Views(card, lung_finder, threads)
    truth: list[int] = []
    outputs: list[dict[str, NDArray[np.float32]]] = []
    left_out = 0
    for first in range(0, len(films), _BATCH):
        images = []
        for film in films[first : first + _BATCH]:
            try:
                images.append(view.of(read_radiograph(FilmSource(film.path))))
            except UnreadableImage:
                left_out += 1
            else:
                truth.append(positions[film.label.lower()])
        if images:
            outputs.append(engine.run(np.stack(images)))
        on_progress(min(first + _BATCH, len(films)), len(films))
    logits = np.concatenate([each["logit"].reshape(-1) for each in _any(outputs)]).astype(np.float64)
    of_labels = np.concatenate([each["scores"] for each in outputs]).astype(np.float64)
    if not (np.isfinite(logits).all() and np.isfinite(of_labels).all()):
        raise EngineError("The model gave a result that is no number, so it has no figures.")
    return Scores(np.array(truth), logits, of_labels, left_out)


def figures_of(card: ModelCard, scores: Scores) -> Figures:
    """The figures of scored films.

    Raises:
        TrainingError: the films are of one kind only.
    """
    speaks = np.array([label.suspicious for label in card.labels])
    suspicious = speaks[scores.truth]
    raw = np.clip(scores.of_labels[:, speaks].sum(axis=1), 0, 1)
    probabilities = np.array([card.calibration.probability(float(logit)) for logit in scores.logits])
    point = card.operating_point
    words = f"{len(suspicious)} test films"
    at_half = evaluate_predictions(suspicious, raw, STUDY_THRESHOLD, words)
    calibrated = evaluate_predictions(suspicious, probabilities, point.threshold, words)
    area = auc(suspicious, scores.logits)
    # With two labels the larger score is the one from 0.5 on; written so that a tie falls as it does there.
    judged = (raw >= STUDY_THRESHOLD) * 1 if len(speaks) == 2 else scores.of_labels.argmax(axis=1)
    if len(speaks) == 2 and not speaks[1]:
        judged = 1 - judged
    return Figures(
        at_half=replace(at_half, auc=area),
        calibrated=replace(calibrated, auc=area),
        operating_point=point.name,
        threshold=point.threshold,
        loss=cross_entropy(suspicious, scores.logits),
        classes=classification_report(scores.truth, judged, [label.name for label in card.labels]),
        roc=roc_points(suspicious, scores.logits),
        alike=bool(np.ptp(scores.logits) < 1e-6),
        left_out=scores.left_out,
    )


class _Views:
    """Films as a network wants to see them."""

    def __init__(self, card: ModelCard, lung_finder: Path | None, threads: int):
        self._spec = card.input
        self._finder: LungFinder | None = None
        if card.input.crop == "lungs":
            if lung_finder is None:
                raise BundleError("The model looks at the lungs only, and the lung finder is missing.")
            self._finder = load_lung_finder(lung_finder, [cpu(threads)])

    def of(self, film: Radiograph) -> NDArray[np.float32]:
        """(height, width, channels) float32."""
        box = None
        if self._finder is not None:
            (lungs,) = self._finder.find([self._finder.view(film)], [film.shape])
            box = lungs.box
        return model_input(film, self._spec, box).image


def _any(
    outputs: Sequence[dict[str, NDArray[np.float32]]],
) -> Iterator[dict[str, NDArray[np.float32]]]:
    if not outputs:
        raise TrainingError("None of the test films can be read, so there is nothing to compare.")
    yield from outputs
