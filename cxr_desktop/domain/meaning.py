"""What a probability and an operating point mean: sentences with the counts behind them."""

from __future__ import annotations

from cxr_desktop.domain.calibration import Interval, ReliabilityBin
from cxr_desktop.domain.card_words import card_phrase
from cxr_desktop.domain.model_card import ModelCard, OperatingPoint
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.prevalence import PriorShift
from cxr_desktop.domain.wording import counted, percent_text, suspicion_in_words
from cxr_desktop.language import plural, tr

# Of fewer films a share says little: at 25, half its 95 % interval is still up to 19 %.
FEW_FILMS = 25

# A wider bin's share says little of a single probability in it, so its range and counts are told instead.
_WIDE_POINTS = 20


def meaning_text(card: ModelCard, prediction: Prediction) -> str:
    """What became of validation films with a probability like this one; "" where nothing is known of it.

    Args:
        card: of the model that made the prediction.
    """
    calibration = card.calibration
    if prediction.probability is None or calibration.share is None:
        return ""
    alike = calibration.bin_of(prediction.probability)
    if alike is None:
        return tr("No validation film was scored like this.")
    wide = round(100 * (alike.high - alike.low)) > _WIDE_POINTS
    if wide:
        # A shifted probability stands above: the range is told to be that of the model's own.
        films, span = counted(alike.films, "validation film", "validation films"), _range_text(alike)
        of = (
            tr("Of {films} with a probability of {range}", films=films, range=span)
            if prediction.shift is None
            else tr("Of {films} to which the model itself gave {range}", films=films, range=span)
        )
        suspicious = alike.suspicious
    else:
        of = tr("Of 100 validation films scored like this")
        suspicious = _of_hundred(alike.suspicious / alike.films)
    text = tr(
        "{of}, {were} {word} (in a set where {usual} of 100 were).",
        of=of,
        were=counted(suspicious, "was", "were"),
        word=suspicion_in_words(card.suspicion_word),
        usual=_of_hundred(calibration.share),
    )
    if alike.films < FEW_FILMS and not wide:
        films = counted(alike.films, "film was", "films were")
        text += " " + tr("Only {films_were} scored like this.", films_were=films)
    if prediction.shift is not None:
        # Not the bin's share by Bayes: one of 0 of n, or n of n, would never move.
        text += " " + tr(
            "Probability and threshold are recomputed for your hospital’s share of {share}.",
            share=share_text(prediction.shift.here),
        )
    return text


def counts_text(card: ModelCard, prediction: Prediction) -> str:
    """The counts behind `meaning_text`; "" where there are none."""
    share = card.calibration.share
    if prediction.probability is None or share is None:
        return ""
    alike = card.calibration.bin_of(prediction.probability)
    if alike is None:
        return ""
    films = sum(each.films for each in card.calibration.bins)
    suspicious = sum(each.suspicious for each in card.calibration.bins)
    counts = tr(
        "{suspicious:,} of the {films} with a probability of {range} {were} {word}. In the whole set "
        "{all_suspicious:,} of {all_films:,} were.",
        suspicious=alike.suspicious,
        films=counted(alike.films, "validation film", "validation films"),
        range=_range_text(alike),
        were=plural("was", "were", alike.suspicious),
        word=suspicion_in_words(card.suspicion_word),
        all_suspicious=suspicious,
        all_films=films,
    )
    if prediction.shift is None:
        return counts
    own = percent_text(prediction.probability, 1)
    return tr("By the model’s own probability ({own}), {counts}", own=own, counts=counts)


def point_text(point: OperatingPoint, prediction: Prediction) -> str:
    """The threshold in force with its name and what it reached on the validation films."""
    threshold = percent_text(prediction.shown_operating_point)
    if prediction.shift:
        threshold += f" {share_remark(prediction.shift)}"
    return tr("Threshold {threshold}, {figures}", threshold=threshold, figures=point_figures(point))


def point_figures(point: OperatingPoint) -> str:
    """An operating point's name and what it reached, with 95 % intervals where the card has them."""
    return tr(
        "{name}: sensitivity {sensitivity}, specificity {specificity} on validation",
        name=card_phrase(point.name),
        sensitivity=_figure(point.sensitivity, point.sensitivity_interval),
        specificity=_figure(point.specificity, point.specificity_interval),
    )


def share_text(share: float) -> str:
    """A share in (0, 1) in percent: "10 %", "0.5 %"."""
    return f"{100 * share:.6g}\u00a0%"


def share_remark(shift: PriorShift) -> str:
    """By what a shown probability differs from the model's own."""
    return tr("with your hospital’s share of {share}", share=share_text(shift.here))


def _of_hundred(share: float) -> int:
    return round(100 * share)


def _range_text(alike: ReliabilityBin) -> str:
    return tr("{low:.0f} to {high:.0f}\u00a0%", low=100 * alike.low, high=100 * alike.high)


def _figure(value: float, interval: Interval | None) -> str:
    if interval is None:
        return f"{value:.2f}"
    return f"{value:.2f} ({interval.low:.2f}–{interval.high:.2f})"
