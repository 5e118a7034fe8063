"""What a probability and an operating point mean: sentences with the counts behind them."""

from __future__ import annotations

from cxr_desktop.domain.calibration import Interval, ReliabilityBin
from cxr_desktop.domain.model_card import ModelCard, OperatingPoint
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.prevalence import PriorShift
from cxr_desktop.domain.wording import counted, percent_text
from cxr_desktop.language import tr

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
        got = (
            tr("with a probability of") if prediction.shift is None else tr("to which the model itself gave")
        )
        films = tr(
            "Of {films} {got} {range}",
            films=counted(alike.films, "validation film", "validation films"),
            got=got,
            range=_range_text(alike),
        )
        were = alike.suspicious
    else:
        films, were = (
            tr("Of 100 validation films scored like this"),
            _of_hundred(alike.suspicious / alike.films),
        )
    text = tr(
        "{films}, {were:,} {was} {suspicion_word} (in a set where {of_hundred} of 100 were).",
        films=films,
        were=were,
        was=_was(were),
        suspicion_word=card.suspicion_word,
        of_hundred=_of_hundred(calibration.share),
    )
    if alike.films < FEW_FILMS and not wide:
        text += tr(
            " Only {films} {was} scored like this.",
            films=counted(alike.films, "film", "films"),
            was=_was(alike.films),
        )
    if prediction.shift is not None:
        # Not the bin's share by Bayes: one of 0 of n, or n of n, would never move.
        text += tr(
            " Probability and threshold are recomputed for your hospital’s share of {share}.",
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
    own = percent_text(prediction.probability, 1)
    by = tr("By the model’s own probability ({own}), ", own=own) if prediction.shift else ""
    return tr(
        "{by}{suspicious:,} of the {films} with a probability of {range} {was} "
        "{suspicion_word}. In the whole set {suspicious2:,} of {films2:,} were.",
        by=by,
        suspicious=alike.suspicious,
        films=counted(alike.films, "validation film", "validation films"),
        range=_range_text(alike),
        was=_was(alike.suspicious),
        suspicion_word=card.suspicion_word,
        suspicious2=suspicious,
        films2=films,
    )


def point_text(point: OperatingPoint, prediction: Prediction) -> str:
    """The threshold in force with its name and what it reached on the validation films."""
    threshold = percent_text(prediction.shown_operating_point)
    remark = f" {share_remark(prediction.shift)}" if prediction.shift else ""
    return tr(
        "Threshold {threshold}{remark}, {point_figures}",
        threshold=threshold,
        remark=remark,
        point_figures=point_figures(point),
    )


def point_figures(point: OperatingPoint) -> str:
    """An operating point's name and what it reached, with 95 % intervals where the card has them."""
    return tr(
        "{name}: sensitivity {figure}, specificity {figure2} on validation",
        name=point.name,
        figure=_figure(point.sensitivity, point.sensitivity_interval),
        figure2=_figure(point.specificity, point.specificity_interval),
    )


def share_text(share: float) -> str:
    """A share in (0, 1) in percent: "10 %", "0.5 %"."""
    return f"{100 * share:.6g}\u00a0%"


def share_remark(shift: PriorShift) -> str:
    """By what a shown probability differs from the model's own."""
    return tr("with your hospital’s share of {share}", share=share_text(shift.here))


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _of_hundred(share: float) -> int:
    return round(100 * share)


def _range_text(alike: ReliabilityBin) -> str:
    return tr("{low:.0f} to {high:.0f}\u00a0%", low=100 * alike.low, high=100 * alike.high)


def _figure(value: float, interval: Interval | None) -> str:
    if interval is None:
        return f"{value:.2f}"
    return f"{value:.2f} ({interval.low:.2f}–{interval.high:.2f})"
