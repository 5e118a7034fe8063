"""How two models differ on the same films, with intervals that know that the films are the same.

Films are taken as independent of one another; several of one patient make the intervals a little too narrow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.comparison import RecallAtSpecificity
from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.domain.wilson import Z95
from cxr_desktop.training.metrics import Floats, auc, placements, variance_of_mean

_RESAMPLES = 2000
_SEED = 1337


def auc_difference(suspicious: NDArray[np.bool_], now: Floats, new: Floats) -> Estimate:
    """The new model's AUC less the present one's, with DeLong's paired interval (Biometrics 1988;44:837).

    Where one of them makes no error at all, its placements do not vary and the interval would be too narrow;
    then both models' own intervals are combined as if they were independent (MOVER, Zou and Donner,
    Statistics in Medicine 2008;27:1693), which errs to the safe side.

    Args:
        suspicious: (films,) with both kinds.
        now, new: (films,) scores, higher for more suspicion; only their order matters.
    """
    of_now, of_new = placements(suspicious, now), placements(suspicious, new)
    apart = [b - a for a, b in zip(of_now, of_new, strict=True)]
    if all((each == 0).all() for each in apart) and 0 < of_now[0].mean() < 1:
        return Estimate(0.0, 0.0, 0.0)  # both put every film in the same place
    first, second = auc(suspicious, now), auc(suspicious, new)
    difference = second.value - first.value
    spread = float(Z95 * np.sqrt(sum(variance_of_mean(each) for each in apart)))
    if spread == 0 or {first.value, second.value} & {0.0, 1.0}:
        down = np.hypot(second.value - second.low, first.high - first.value)
        up = np.hypot(second.high - second.value, first.value - first.low)
    else:
        down = up = spread
    return Estimate(difference, max(difference - float(down), -1.0), min(difference + float(up), 1.0))


def recall_at_same_specificity(
    suspicious: NDArray[np.bool_], now: Floats, new: Floats, threshold: float
) -> RecallAtSpecificity:
    """Recall of both models where the present one's operating point puts its specificity.

    The interval comes from resampling the films of each kind, both models' together; the new model's
    threshold is found anew each time, so that its uncertainty counts.

    Args:
        suspicious: (films,) with both kinds.
        now, new: (films,) scores, higher for more suspicion.
        threshold: of the present model; suspected from this score on.
    """
    kinds = np.stack([now[suspicious], new[suspicious]]), np.stack([now[~suspicious], new[~suspicious]])
    random = np.random.default_rng(_SEED)
    differences = np.empty(_RESAMPLES)
    for index in range(_RESAMPLES):
        found, others = (each[:, random.integers(0, each.shape[1], each.shape[1])] for each in kinds)
        _, first, second = _recalls(found, others, threshold)
        differences[index] = second - first
    specificity, first, second = _recalls(*kinds, threshold)
    low, high = (float(each) for each in np.percentile(differences, (2.5, 97.5)))
    difference = second - first
    estimate = Estimate(difference, min(low, difference), max(high, difference))
    return RecallAtSpecificity(specificity, first, second, estimate)


def _recalls(found: Floats, others: Floats, threshold: float) -> tuple[float, float, float]:
    """The present model's specificity, and both recalls there.

    Args:
        found, others: (2, films) scores of the present and the new model on films of each kind.
    """
    false_alarms = int((others[0] >= threshold).sum())
    of_others = np.sort(others[1])[::-1]
    # The lowest threshold of the new model with no more false alarms than the present one has.
    beyond = of_others[false_alarms] if false_alarms < len(of_others) else -np.inf
    specificity = 1 - false_alarms / len(of_others)
    return specificity, float((found[0] >= threshold).mean()), float((found[1] > beyond).mean())
