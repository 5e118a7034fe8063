"""What a verdict, or the want of one, means: in sentences."""

from __future__ import annotations

from html import escape

from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.meaning import meaning_text, point_figures
from cxr_desktop.domain.model_card import Estimate, Evaluation, ModelCard
from cxr_desktop.domain.triage import Band, band_of
from cxr_desktop.domain.wording import counted
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr

_ROLES = {"validation": tr("Chosen on"), "test": tr("Tested on"), "other": tr("Tried on")}


def explanation(film: Film | None, card: ModelCard | None) -> str:
    """One or two sentences beneath the headline.

    Args:
        card: of the model that judged the film; None where that is not at hand.
    """
    if film is None:
        return tr("Choose a film in the list or in the queue.")
    match band_of(film):
        case Band.WAITING if film.judged_by:
            return tr(
                "{model} has judged this film; the model in use now has not yet. Its verdict will appear "
                "here by itself.",
                model=film.judged_by,
            )
        case Band.WAITING:
            return tr("The model has not come to this film yet. Its verdict will appear here by itself.")
        case Band.UNREADABLE:
            return film.problem
        case Band.NOT_JUDGED:
            reasons = film.prediction.remarks if film.prediction else ()
            return tr("The model must not judge this film: {reason}", reason=reasons[0]) if reasons else ""
    prediction = film.prediction
    return "" if card is None or prediction is None else meaning_text(card, prediction)


def model_tooltip(card: ModelCard) -> str:
    """Whom the model knows and what it reached, as rich text."""
    lines = [
        (tr("Model"), f"{card.name} {card.version}"),
        (tr("Population"), card_phrase(card.population.description)),
        (tr("Trained on"), card_phrase(card.provenance.trained_on)),
        *(
            (tr("Operating point"), f"{point.threshold:.1%}, {point_figures(point)}")
            for point in card.operating_points
        ),
        (tr("Calibrated on"), card.calibration.fitted_on),
        *((_ROLES[each.role], _evaluation_text(each)) for each in card.evaluations),
        (tr("Licence"), card.licence),
    ]
    rows = (
        f"<tr><td>{escape(title)}&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>"
        for title, text in lines
        if text
    )
    return f"<qt><table>{''.join(rows)}</table></qt>"


def _evaluation_text(evaluation: Evaluation) -> str:
    return tr(
        "{count}, {films}: sensitivity {sensitivity}, specificity {specificity}, accuracy {accuracy}, "
        "AUC {auc:.3f} ({low:.3f}–{high:.3f})",
        count=counted(evaluation.count, "film", "films"),
        films=card_phrase(evaluation.films),
        sensitivity=_estimate_text(evaluation.sensitivity),
        specificity=_estimate_text(evaluation.specificity),
        accuracy=_estimate_text(evaluation.accuracy),
        auc=evaluation.auc.value,
        low=evaluation.auc.low,
        high=evaluation.auc.high,
    )


def _estimate_text(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({100 * estimate.low:.1f}–{100 * estimate.high:.1f})"
