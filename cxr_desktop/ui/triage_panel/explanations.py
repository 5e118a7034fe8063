"""What a verdict, or the want of one, means: in sentences."""

from __future__ import annotations

from html import escape

from cxr_desktop.domain.model_card import Estimate, Evaluation, ModelCard, ReliabilityBin
from cxr_desktop.domain.triage import Band, band_of
from cxr_desktop.domain.wording import counted
from cxr_desktop.domain.worklist import Film


def explanation(film: Film | None, card: ModelCard | None) -> str:
    """One or two sentences beneath the headline.

    Args:
        card: of the model that judged the film; None where that is not at hand.
    """
    if film is None:
        return "Choose a film in the list or in the queue."
    match band_of(film):
        case Band.WAITING:
            return "The model has not come to this film yet. Its verdict will appear here by itself."
        case Band.UNREADABLE:
            return film.problem
        case Band.NOT_JUDGED:
            reasons = film.prediction.remarks if film.prediction else ()
            return f"The model must not judge this film: {reasons[0]}" if reasons else ""
    prediction = film.prediction
    if card is None or prediction is None or prediction.probability is None or not card.calibration.bins:
        return ""
    return reliability_text(card.calibration.bin_of(prediction.probability))


def reliability_text(films_alike: ReliabilityBin | None) -> str:
    """What became of validation films with a probability like this one."""
    if films_alike is None:
        return "No validation film was scored like this."
    number = round(100 * films_alike.suspicious / films_alike.films)
    verb = "was" if number == 1 else "were"
    return (
        f"Of 100 validation films scored like this, {number} {verb} pneumonia "
        f"(measured on {films_alike.films:,})."
    )


def model_tooltip(card: ModelCard) -> str:
    """Whom the model knows and what it reached, as rich text."""
    point = card.operating_point
    lines = [
        ("Model", f"{card.name} {card.version}"),
        ("Population", card.population.description),
        ("Trained on", card.provenance.trained_on),
        (
            "Operating point",
            f"{point.threshold:.1%} ({point.name}): on the films it was chosen on, sensitivity "
            f"{point.sensitivity:.1%}, specificity {point.specificity:.1%}",
        ),
        ("Calibrated on", card.calibration.fitted_on),
        *(("Tested on", _evaluation_text(evaluation)) for evaluation in card.evaluations),
        ("Licence", card.licence),
    ]
    rows = (
        f"<tr><td>{escape(title)}&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>"
        for title, text in lines
        if text
    )
    return f"<qt><table>{''.join(rows)}</table></qt>"


def _evaluation_text(evaluation: Evaluation) -> str:
    return (
        f"{counted(evaluation.count, 'film')}, {evaluation.films}: "
        f"sensitivity {_estimate_text(evaluation.sensitivity)}, "
        f"specificity {_estimate_text(evaluation.specificity)}, "
        f"accuracy {_estimate_text(evaluation.accuracy)}, "
        f"AUC {evaluation.auc.value:.3f} ({evaluation.auc.low:.3f}–{evaluation.auc.high:.3f})"
    )


def _estimate_text(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({100 * estimate.low:.1f}–{100 * estimate.high:.1f})"
