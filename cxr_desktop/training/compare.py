"""A new model beside the present one: both judge the same films with the chain that ships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.comparison import (
    AtPoint,
    ComparedFilm,
    ModelComparison,
    ModelFigures,
    NotCompared,
    judge,
)
from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.model_card import Label, ModelCard
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.domain.standpoint import Standpoint, standpoint_of
from cxr_desktop.domain.wording import utf8_text
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.batch import score_files
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.language import grouped, tr
from cxr_desktop.training.calibrate import reliability
from cxr_desktop.training.metrics import (
    classification_report,
    compare_labels_given,
    evaluate_predictions,
    precision_recall_points,
    roc_points,
)
from cxr_desktop.training.paired import auc_difference, recall_at_same_specificity
from cxr_desktop.training.shortcuts import JudgedFilm, judged_film, measure_shortcuts
from cxr_desktop.training.store import ReadFilm
from cxr_desktop.training.subgroups import subgroup_figures

_REASONS_TOLD = 3

# What is done, how many of how many.
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FilmToCompare:
    """A film with its label.

    Attributes:
        suspicious: what the label says.
        view, age_years, sex: as a list says, for groups of films; what a DICOM header says counts more.
    """

    source: FilmSource
    label: str
    suspicious: bool
    view: str = ""
    age_years: float | None = None
    sex: str = ""


@dataclass(frozen=True)
class _Said:
    """What one model says of one film: a prediction with a probability, or why there is none."""

    header: FilmHeader
    prediction: Prediction | None = None
    reason: str = ""
    readable: bool = True


@dataclass(frozen=True)
class _Judged:
    """A film that both models judged."""

    film: FilmToCompare
    header: FilmHeader
    now: Prediction
    new: Prediction


def common_labels(now: ModelCard, new: ModelCard) -> tuple[Label, ...]:
    """The labels that films may have to be compared: those of either model, each once.

    Raises:
        TrainingError: a label speaks for suspicion in one model and against it in the other.
    """
    labels: dict[str, Label] = {}
    for label in (*now.labels, *new.labels):
        known = labels.setdefault(label.name.lower(), label)
        if known.suspicious != label.suspicious:
            raise TrainingError(
                tr(
                    "The two models disagree on whether {label} is suspicious, so their verdicts "
                    "cannot be compared. Compare models that were trained for the same question.",
                    label=label.name,
                )
            )
    return tuple(labels.values())


def compare_models(
    films: Sequence[FilmToCompare],
    words: str,
    now: Scorer,
    new: Scorer,
    jobs: int,
    with_shortcuts: bool = True,
    on_progress: OnProgress = lambda what, done, of: None,
    read: ReadFilm = read_radiograph,
    point: str = "",
) -> ModelComparison:
    """Judges films with both models and compares; the verdict follows `domain.comparison.RULE`.

    Only films that both judged are compared, each model at its own operating points.

    Args:
        films: of both kinds.
        words: which films.
        jobs: threads for reading and judging.
        with_shortcuts: also change what is not lung on each film, which takes ten more judgements of it.
        on_progress: told of each film.
        point: the name of the operating point in force; a card that has none of this name has its own in
            force.

    Raises:
        TrainingError: the films that both judged are none, or of one kind only.
        EngineError: a network cannot be run.
    """
    from_now, from_new = (_in_force(scorer.card, point) for scorer in (now, new))
    of_now, of_new = (
        _said(films, scorer, standpoint, jobs, on_progress, read)
        for scorer, standpoint in ((now, from_now), (new, from_new))
    )
    both = [
        _Judged(film, one.header, one.prediction, other.prediction)
        for film, one, other in zip(films, of_now, of_new, strict=True)
        if one.prediction is not None and other.prediction is not None
    ]
    if not both:
        raise TrainingError(
            tr(
                "No film was judged by both models, so there is nothing to compare. {reasons}",
                reasons=_why_not((*of_now, *of_new)),
            )
        )
    compared = [each.film for each in both]
    suspicious = np.array([film.suspicious for film in compared])
    figures_now = _figures(now, from_now, compared, [each.now for each in both], words)
    figures_new = _figures(new, from_new, compared, [each.new for each in both], words)
    if with_shortcuts:
        figures_now = replace(figures_now, shortcuts=_shortcuts(compared, now, on_progress, read))
        figures_new = replace(figures_new, shortcuts=_shortcuts(compared, new, on_progress, read))
    first, second = _probabilities([each.now for each in both]), _probabilities([each.new for each in both])
    difference = auc_difference(suspicious, first, second)
    recall = recall_at_same_specificity(suspicious, first, second, from_now.point.threshold)
    kinds = int(suspicious.sum()), int((~suspicious).sum())
    verdict, reasons = judge(*kinds, difference, recall.difference, _broken(figures_now, figures_new))
    return ModelComparison(
        films_in_words=words,
        now=figures_now,
        new=figures_new,
        films=tuple(_compared_film(each) for each in both),
        not_compared=tuple(
            NotCompared(
                utf8_text(str(film.source)),
                film.label,
                one.readable and other.readable,
                (one.reason, other.reason),
            )
            for film, one, other in zip(films, of_now, of_new, strict=True)
            if one.reason or other.reason
        ),
        auc_difference=difference,
        recall=recall,
        subgroups=subgroup_figures([each.header for each in both], suspicious, first, second),
        verdict=verdict,
        reasons=reasons,
    )


def _in_force(card: ModelCard, point: str) -> Standpoint:
    return standpoint_of(card, point if card.point_named(point) else "")


def _said(
    films: Sequence[FilmToCompare],
    scorer: Scorer,
    standpoint: Standpoint,
    jobs: int,
    on_progress: OnProgress,
    read: ReadFilm,
) -> list[_Said]:
    """What one model says of each film, in the films' order; the films themselves are not kept."""
    said = []
    judged = score_files((film.source for film in films), scorer, jobs, read)
    for done, (film, scored) in enumerate(zip(films, judged, strict=True), 1):
        header = scored.radiograph.header if scored.radiograph else FilmHeader()
        header = header.completed(film.view, film.age_years, film.sex)
        if scored.judgement is None:
            said.append(_Said(header, reason=scored.problem, readable=False))
        elif scored.judgement.prediction.probability is None:
            said.append(_Said(header, reason="; ".join(scored.judgement.prediction.remarks)))
        else:
            said.append(_Said(header, standpoint.seen(scored.judgement.prediction)))
        on_progress(scorer.card.name, done, len(films))
    return said


def _why_not(said: Iterable[_Said]) -> str:
    """The commonest reasons for which films were not judged."""
    reasons = Counter(each.reason for each in said if each.reason)
    return "; ".join(f"{grouped(films)} × {reason}" for reason, films in reasons.most_common(_REASONS_TOLD))


def _probabilities(predictions: Sequence[Prediction]) -> NDArray[np.float64]:
    """(films,) calibrated, of films that were judged."""
    return np.array([each.probability for each in predictions], np.float64)


def _compared_film(judged: _Judged) -> ComparedFilm:
    film, now, new = judged.film, judged.now, judged.new
    return ComparedFilm(
        utf8_text(str(film.source)),
        film.label,
        film.suspicious,
        (now.probability or 0.0, new.probability or 0.0),
        (bool(now.suspected), bool(new.suspected)),
    )


def _figures(
    scorer: Scorer,
    standpoint: Standpoint,
    films: Sequence[FilmToCompare],
    predictions: Sequence[Prediction],
    words: str,
) -> ModelFigures:
    """All of one model but its shortcuts; the operating point in force comes first."""
    card = scorer.card
    suspicious = np.array([film.suspicious for film in films])
    probabilities = _probabilities(predictions)
    kinds = (card.suspicion_word, f"not {card.suspicion_word}")  # the page says them anew
    points = []
    for point in sorted(card.operating_points, key=lambda each: each != standpoint.point):
        evaluation = evaluate_predictions(suspicious, probabilities, point.threshold, words)
        first, second = classification_report(
            np.where(suspicious, 0, 1), np.where(probabilities >= point.threshold, 0, 1), kinds
        )
        points.append(AtPoint(point.name, point.threshold, evaluation, (first, second)))
    in_lungs = [
        each.evidence_in_lungs
        for each, is_suspicious in zip(predictions, suspicious, strict=True)
        if is_suspicious and each.evidence_in_lungs is not None
    ]
    return ModelFigures(
        card.id,
        card.version,
        card.name,
        tuple(points),
        roc_points(suspicious, probabilities),
        precision_recall_points(suspicious, probabilities),
        reliability(probabilities, suspicious),
        compare_labels_given([film.label for film in films], predictions, card.labels),
        float(np.mean(in_lungs)) if in_lungs else None,
    )


def _shortcuts(
    films: Sequence[FilmToCompare], scorer: Scorer, on_progress: OnProgress, read: ReadFilm
) -> tuple[ShortcutFigure, ...]:
    def readable() -> Iterator[JudgedFilm]:
        for done, film in enumerate(films, 1):
            on_progress(tr("{model}: shortcuts", model=scorer.card.name), done, len(films))
            with suppress(UnreadableImage):  # it was readable a moment ago: gone meanwhile
                yield judged_film(film.source, film.suspicious, read)

    return measure_shortcuts(readable(), scorer)


def _broken(now: ModelFigures, new: ModelFigures) -> list[str]:
    """The conditions that the new model breaks and the present one keeps."""
    kept = {each.name for each in now.shortcuts if each.met}
    return [each.name for each in new.shortcuts if not each.met and each.name in kept]
