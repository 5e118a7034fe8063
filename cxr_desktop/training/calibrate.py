"""From logits to probabilities that mean what they say, and to a threshold on them.

All is fitted on the films held out from training. What the card says of its worth is cross-fitted: each
patient's films are judged by a fit that has not seen that patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_card import Calibration, OperatingPoint, ReliabilityBin

Floats = NDArray[np.floating[Any]]

# A bin with fewer films says little: at 25, half its 95 % interval is still up to 19 %.
MIN_FILMS_PER_BIN = 25
_BINS = 10
_FOLDS = 5


def calibrate(
    logits: Floats, suspicious: NDArray[np.bool_], patients: Sequence[str], fitted_on: str
) -> Calibration:
    """Platt scaling with its cross-fitted reliability.

    Args:
        logits: (films,) of the network.
        suspicious: (films,) what the labels say; both kinds occur.
        patients: of each film.
        fitted_on: which films, in words.
    """
    slope, intercept = platt(logits, suspicious)
    probabilities = cross_fitted(logits, suspicious, patients)
    return Calibration(slope, intercept, fitted_on, reliability(probabilities, suspicious))


def platt(logits: Floats, suspicious: NDArray[np.bool_]) -> tuple[float, float]:
    """(slope, intercept) for sigmoid(slope · logit + intercept), by maximum likelihood.

    The slope is kept above zero: calibration must not turn the order of films round.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second to import

    # A trace of ridge keeps the slope finite where the films are separated without an error.
    fit = LogisticRegression(C=100.0).fit(logits.reshape(-1, 1), suspicious)  # (films,) -> (films, 1)
    return max(float(fit.coef_[0, 0]), 1e-3), float(fit.intercept_[0])


def cross_fitted(logits: Floats, suspicious: NDArray[np.bool_], patients: Sequence[str]) -> Floats:
    """(films,) probabilities, each from a fit on other patients' films."""
    from sklearn.model_selection import StratifiedGroupKFold  # noqa: PLC0415

    rarest = min(
        len({p for p, s in zip(patients, suspicious, strict=True) if s == kind}) for kind in (True, False)
    )
    probabilities = np.full(len(logits), np.nan)
    if rarest < 2:  # one patient of a kind: there are no others to fit on
        return _sigmoid(logits, *platt(logits, suspicious))
    folds = StratifiedGroupKFold(min(_FOLDS, rarest), shuffle=True, random_state=0)
    for others, chosen in folds.split(logits, suspicious, patients):
        if suspicious[others].all() or not suspicious[others].any():
            others = np.arange(len(logits))  # noqa: PLW2901
        probabilities[chosen] = _sigmoid(logits[chosen], *platt(logits[others], suspicious[others]))
    return probabilities


def reliability(probabilities: Floats, suspicious: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """How often films of like probability were suspicious.

    Starts from ten equal bins and joins neighbours until each holds `MIN_FILMS_PER_BIN` or all films.
    """
    bins: list[ReliabilityBin] = []
    for index in range(_BINS):
        low, high = index / _BINS, (index + 1) / _BINS
        inside = (probabilities >= low) & ((probabilities < high) | (high == 1.0))
        bins.append(ReliabilityBin(low, high, int(inside.sum()), int(suspicious[inside].sum())))
    while len(bins) > 1 and min(each.films for each in bins) < MIN_FILMS_PER_BIN:
        at = min(range(len(bins)), key=lambda i: bins[i].films)
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(bins)]
        other = min(beside, key=lambda i: bins[i].films)
        first, second = bins[min(at, other)], bins[max(at, other)]
        bins[min(at, other) : max(at, other) + 1] = [
            ReliabilityBin(
                first.low, second.high, first.films + second.films, first.suspicious + second.suspicious
            )
        ]
    return tuple(bins)


def choose_operating_points(
    probabilities: Floats, suspicious: NDArray[np.bool_]
) -> tuple[OperatingPoint, ...]:
    """The thresholds that the card offers, the default first.

    Recall of suspicion comes first; given that recall, a higher threshold sends fewer harmless films ahead.
    The default asks for 95 %, not more: on this few films a threshold for 99 % hangs on one to four films
    that are least like the rest, and what it costs in specificity does not carry over to other films.

    Args:
        probabilities: (films,) calibrated.
        suspicious: (films,) what the labels say; both kinds occur.
    """
    return (
        _highest_with_sensitivity("balanced", 0.95, probabilities, suspicious),
        _highest_with_sensitivity("high sensitivity", 0.99, probabilities, suspicious),
    )


def _highest_with_sensitivity(
    name: str, target: float, probabilities: Floats, suspicious: NDArray[np.bool_]
) -> OperatingPoint:
    positive = np.sort(probabilities[suspicious])
    may_miss = int(np.floor((1 - target) * len(positive) + 1e-9))
    # Halfway to the next film that may be missed: films beside these vary, too.
    below = positive[may_miss - 1] if may_miss else 0.0
    threshold = float((positive[may_miss] + below) / 2)
    if threshold == below:  # ties: what equals a film that may be missed is suspected with it
        threshold = float(positive[may_miss])
    return OperatingPoint(
        name=name,
        threshold=threshold,
        sensitivity=float((positive >= threshold).mean()),
        specificity=float((probabilities[~suspicious] < threshold).mean()),
        rule=(
            f"The highest threshold that finds at least {target:.0%} of the suspicious films held out from "
            "training, taken halfway to the next film that it may miss."
        ),
    )


def _sigmoid(logits: Floats, slope: float, intercept: float) -> Floats:
    probabilities: Floats = 1 / (1 + np.exp(-np.clip(slope * logits + intercept, -500, 500)))
    return probabilities
