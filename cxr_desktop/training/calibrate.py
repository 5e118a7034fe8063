"""From logits to probabilities that mean what they say, and to a threshold on them.

All is fitted on the films held out from training. What the card says of its worth is cross-fitted: each
patient's films are judged by a fit that has not seen that patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.calibration import Calibration, Interval, ReliabilityBin
from cxr_desktop.domain.model_card import OperatingPoint
from cxr_desktop.training.metrics import expected_error, share

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
    error = expected_error(probabilities, suspicious)
    return Calibration(slope, intercept, fitted_on, reliability(probabilities, suspicious), error)


def platt(logits: Floats, suspicious: NDArray[np.bool_]) -> tuple[float, float]:
    """(slope, intercept) for sigmoid(slope · logit + intercept), by maximum likelihood.

    The slope is kept above zero: calibration must not turn the order of films round.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second to import

    # A trace of ridge keeps the slope finite where the films are separated without an error; on standardised
    # logits, so that it is the same trace whatever their size.
    centre, spread = float(logits.mean()), max(float(logits.std()), 1e-6)
    fit = LogisticRegression(C=100.0).fit(((logits - centre) / spread).reshape(-1, 1), suspicious)
    slope = max(float(fit.coef_[0, 0]), 1e-3) / spread
    return slope, float(fit.intercept_[0]) - slope * centre


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
    bins = [_bin(index / _BINS, (index + 1) / _BINS, probabilities, suspicious) for index in range(_BINS)]
    while len(bins) > 1 and min(each.films for each in bins) < MIN_FILMS_PER_BIN:
        at = min(range(len(bins)), key=lambda i: bins[i].films)
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(bins)]
        other = min(beside, key=lambda i: bins[i].films)
        first, second = min(at, other), max(at, other)
        bins[first : second + 1] = [_bin(bins[first].low, bins[second].high, probabilities, suspicious)]
    return tuple(bins)


def _bin(low: float, high: float, probabilities: Floats, suspicious: NDArray[np.bool_]) -> ReliabilityBin:
    inside = (probabilities >= low) & ((probabilities < high) | (high == 1.0))
    # Rounding may take the mean of equal probabilities beyond them.
    mean = float(np.clip(probabilities[inside].mean(), low, high)) if inside.any() else None
    return ReliabilityBin(low, high, int(inside.sum()), int(suspicious[inside].sum()), mean)


def choose_operating_points(
    probabilities: Floats,
    suspicious: NDArray[np.bool_],
    varied: Floats | None = None,
) -> tuple[OperatingPoint, ...]:
    """The thresholds that the card offers, the default first.

    *Balanced* errs equally often on suspicious and on other films. On films like those learned from, any
    threshold in the wide gap between the two kinds does that; on films of other machines and hands, the place
    in the gap decides. So it is chosen on the same films, each seen several times with geometry and grey
    levels varied by chance: they fill the gap from both sides.

    Args:
        probabilities: (films,) calibrated.
        suspicious: (films,) what the labels say; both kinds occur.
        varied: (draws, films) of the same films under variation; None: there are none.
    """
    drawn = probabilities[None] if varied is None else varied  # (draws, films)
    kinds = np.broadcast_to(suspicious, drawn.shape)
    balanced = _threshold_of_equal_errors(drawn[kinds], drawn[~kinds])
    how = "the films held out from training" + (
        "" if varied is None else ", varied in geometry and grey levels"
    )
    return (
        _point(
            "balanced", balanced, f"Errs equally often on both kinds of {how}.", probabilities, suspicious
        ),
        _point(
            "high sensitivity",
            min(_highest_with_sensitivity(0.99, probabilities[suspicious]), balanced),
            "The highest threshold, none above the balanced one, that finds at least 99 % of the suspicious "
            "films held out from training, taken halfway to the next film that it may miss.",
            probabilities,
            suspicious,
        ),
    )


def _threshold_of_equal_errors(positive: Floats, negative: Floats) -> float:
    """Where the share of suspicious films below comes nearest to the share of others above.

    Halfway, on the logit scale, between the two probabilities around it, as all between them are alike.
    """
    candidates = np.unique(np.concatenate([positive, negative]))
    missed = np.searchsorted(np.sort(positive), candidates, side="left") / len(positive)
    alarmed = 1 - np.searchsorted(np.sort(negative), candidates, side="left") / len(negative)
    at = int(np.argmin(np.abs(missed - alarmed) + 1e-3 * (missed + alarmed)))
    low, high = (_logit(candidates[max(i, 0)]) for i in (at - 1, at))
    return float(1 / (1 + np.exp(-(low + high) / 2)))


def _logit(probability: float) -> float:
    inside = np.clip(probability, 1e-12, 1 - 1e-12)
    return float(np.log(inside / (1 - inside)))


def _highest_with_sensitivity(target: float, positive: Floats) -> float:
    positive = np.sort(positive)
    may_miss = int(np.floor((1 - target) * len(positive) + 1e-9))
    # Halfway to the next film that may be missed: films beside these vary, too.
    below = positive[may_miss - 1] if may_miss else 0.0
    threshold = float((positive[may_miss] + below) / 2)
    # Ties: what equals a film that may be missed is suspected with it.
    return float(positive[may_miss]) if threshold == below else threshold


def _point(
    name: str, threshold: float, rule: str, probabilities: Floats, suspicious: NDArray[np.bool_]
) -> OperatingPoint:
    found = share(int((probabilities[suspicious] >= threshold).sum()), int(suspicious.sum()))
    spared = share(int((probabilities[~suspicious] < threshold).sum()), int((~suspicious).sum()))
    return OperatingPoint(
        name,
        threshold,
        found.value,
        spared.value,
        rule,
        Interval(found.low, found.high),
        Interval(spared.low, spared.high),
    )


def _sigmoid(logits: Floats, slope: float, intercept: float) -> Floats:
    probabilities: Floats = 1 / (1 + np.exp(-np.clip(slope * logits + intercept, -500, 500)))
    return probabilities
