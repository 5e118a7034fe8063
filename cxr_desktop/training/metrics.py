"""What a model reached on labelled films, each figure with its 95 % interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import Estimate, Evaluation

Floats = NDArray[np.floating[Any]]

_Z = 1.959964  # of a two-sided 95 % interval


def evaluate_predictions(
    suspicious: NDArray[np.bool_], probabilities: Floats, threshold: float, films: str
) -> Evaluation:
    """Compares judgements with labels.

    Args:
        suspicious: (films,) what the labels say.
        probabilities: (films,) calibrated, in [0, 1].
        threshold: suspected from this probability on.
        films: which films, in words, with their population.

    Raises:
        TrainingError: the films show only suspicious or only other classes.
    """
    if suspicious.shape != probabilities.shape or suspicious.ndim != 1:
        raise ValueError(f"expected two (films,) arrays, got {suspicious.shape} and {probabilities.shape}")
    if suspicious.all() or not suspicious.any():
        raise TrainingError(
            "An evaluation needs films with and without suspicion; these are all of one kind. Choose a "
            "folder that holds both, for example NORMAL and PNEUMONIA."
        )
    from sklearn.metrics import confusion_matrix  # noqa: PLC0415 - a second to import

    suspected = probabilities >= threshold
    (true_negative, false_positive), (false_negative, true_positive) = confusion_matrix(suspicious, suspected)
    return Evaluation(
        films=films,
        count=len(suspicious),
        accuracy=share(true_positive + true_negative, len(suspicious)),
        sensitivity=share(true_positive, true_positive + false_negative),
        specificity=share(true_negative, true_negative + false_positive),
        auc=auc(suspicious, probabilities),
        confusion=((int(true_negative), int(false_positive)), (int(false_negative), int(true_positive))),
    )


def share(hits: int, of: int) -> Estimate:
    """hits / of, with Wilson's score interval, which stays sensible near 0 and 1 and in small sets."""
    from scipy.stats import binomtest  # noqa: PLC0415 - slow to import

    interval = binomtest(int(hits), int(of)).proportion_ci(0.95, method="wilson")
    return Estimate(float(hits / of), float(interval.low), float(interval.high))


def auc(suspicious: NDArray[np.bool_], scores: Floats) -> Estimate:
    """Area under the ROC curve with DeLong's interval (Biometrics 1988;44:837).

    The interval is laid out on the logit scale, so that it stays within 0 and 1. Where no pair is out of
    order (AUC 1) or all are (AUC 0), the variance is estimated as if half a pair were otherwise.

    Args:
        suspicious: (films,) with both kinds.
        scores: (films,) higher for more suspicion.
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to import

    positive, negative = scores[suspicious], scores[~suspicious]
    m, n = len(positive), len(negative)
    ranks = rankdata(np.concatenate([positive, negative]))
    # Each film's placement: the share of films of the other kind on its right side, ties counted half.
    of_positive = (ranks[:m] - rankdata(positive)) / n
    of_negative = 1 - (ranks[m:] - rankdata(negative)) / m
    area = float(of_positive.mean())
    variance = _variance_of_mean(of_positive) + _variance_of_mean(of_negative)
    inside = float(np.clip(area, 0.5 / (m * n), 1 - 0.5 / (m * n)))
    variance = max(variance, inside * (1 - inside) / min(m, n)) if inside != area else variance
    spread = _Z * np.sqrt(variance) / (inside * (1 - inside))
    centre = np.log(inside / (1 - inside))
    low, high = (float(1 / (1 + np.exp(-(centre + side * spread)))) for side in (-1, 1))
    return Estimate(area, min(low, area), max(high, area))


def mean(values: Floats) -> Estimate:
    """The mean with its normal interval."""
    spread = _Z * float(np.sqrt(_variance_of_mean(values)))
    centre = float(values.mean())
    return Estimate(centre, centre - spread, centre + spread)


def _variance_of_mean(values: Floats) -> float:
    return float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.0
