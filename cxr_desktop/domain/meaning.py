"""What a probability and an operating point mean: sentences with the counts behind them."""

from __future__ import annotations

from cxr_desktop.domain.model_card import Interval, ModelCard, OperatingPoint, ReliabilityBin
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.prevalence import PriorShift
from cxr_desktop.domain.wording import counted, percent_text

# Of fewer films a share says little: at 25, half its 95 % interval is still up to 19 %.
FEW_FILMS = 25


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
        return "No validation film was scored like this."
    were = _of_hundred(alike.suspicious / alike.films)
    verb = "was" if were == 1 else "were"
    text = (
        f"Of 100 validation films scored like this, {were} {verb} {card.suspicion_word} "
        f"(in a set where {_of_hundred(calibration.share)} of 100 were)"
    )
    if prediction.shift is not None:
        would_be = _of_hundred(prediction.shift.probability(alike.suspicious / alike.films))
        text += f"; {share_remark(prediction.shift)} it would be {would_be}"
    few = f" Only {counted(alike.films, 'film')} {'was' if alike.films == 1 else 'were'} scored like this."
    return f"{text}.{few if alike.films < FEW_FILMS else ''}"


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
    own = f", the model’s own is {percent_text(prediction.probability, 1)}" if prediction.shift else ""
    return (
        f"{alike.suspicious:,} of the {counted(alike.films, 'validation film')} with a probability of "
        f"{_range_text(alike)} were {card.suspicion_word}{own}. In the whole set {suspicious:,} of "
        f"{films:,} were."
    )


def point_text(point: OperatingPoint, prediction: Prediction) -> str:
    """The threshold in force with its name and what it reached on the validation films."""
    threshold = percent_text(prediction.shown_operating_point)
    remark = f" {share_remark(prediction.shift)}" if prediction.shift else ""
    return f"Threshold {threshold}{remark}, {point_figures(point)}"


def point_figures(point: OperatingPoint) -> str:
    """An operating point's name and what it reached, with 95 % intervals where the card has them."""
    return (
        f"{point.name}: sensitivity {_figure(point.sensitivity, point.sensitivity_interval)}, "
        f"specificity {_figure(point.specificity, point.specificity_interval)} on validation"
    )


def share_text(share: float) -> str:
    """A share in (0, 1) in percent: "10 %", "0.5 %"."""
    return f"{100 * share:.6g}\u00a0%"


def share_remark(shift: PriorShift) -> str:
    """By what a shown probability differs from the model's own."""
    return f"with your hospital’s share of {share_text(shift.here)}"


def _of_hundred(share: float) -> int:
    return round(100 * share)


def _range_text(alike: ReliabilityBin) -> str:
    return f"{100 * alike.low:.0f} to {100 * alike.high:.0f}\u00a0%"


def _figure(value: float, interval: Interval | None) -> str:
    if interval is None:
        return f"{value:.2f}"
    return f"{value:.2f} ({interval.low:.2f}–{interval.high:.2f})"
