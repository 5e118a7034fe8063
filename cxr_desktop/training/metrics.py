"""What a model reached on labelled films, each figure with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.classification import ClassFigures, LabelComparison
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import Estimate, Evaluation, Label
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.wilson import Z95, wilson
from cxr_desktop.language import tr

Floats = NDArray[np.floating[Any]]

_ERROR_BINS = 10


def evaluate_predictions(
    suspicious: NDArray[np.bool_],
    probabilities: Floats,
    threshold: float,
    films: str,
    role: Literal["validation", "test", "other"] = "test",
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
            tr(
                "An evaluation needs films with and without suspicion; these are all of one kind. Choose a "
                "folder that holds both, for example NORMAL and PNEUMONIA."
            )
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
        calibration_error=expected_error(probabilities, suspicious),
        role=role,
    )


def share(hits: int, of: int) -> Estimate:
    """hits / of, with Wilson's score interval, which stays sensible near 0 and 1 and in small sets."""
    interval = wilson(int(hits), int(of))
    return Estimate(float(hits / of), interval.low, interval.high)


def auc(suspicious: NDArray[np.bool_], scores: Floats) -> Estimate:
    """Area under the ROC curve with DeLong's interval (Biometrics 1988;44:837).

    The interval is laid out on the logit scale, so that it stays within 0 and 1. Where no pair is out of
    order (AUC 1) the variance is none; then the films of the rarer kind count as trials of which none failed
    (Clopper and Pearson's exact interval), and likewise for AUC 0.

    Args:
        suspicious: (films,) with both kinds.
        scores: (films,) higher for more suspicion.
    """
    of_positive, of_negative = placements(suspicious, scores)
    m, n = len(of_positive), len(of_negative)
    area = float(of_positive.mean())
    if area in (0.0, 1.0):
        nearest = 0.025 ** (1 / min(m, n))
        return Estimate(area, nearest, 1.0) if area == 1 else Estimate(area, 0.0, 1 - nearest)
    variance = variance_of_mean(of_positive) + variance_of_mean(of_negative)
    spread = Z95 * np.sqrt(variance) / (area * (1 - area))
    centre = np.log(area / (1 - area))
    low, high = (float(1 / (1 + np.exp(-(centre + side * spread)))) for side in (-1, 1))
    return Estimate(area, min(low, area), max(high, area))


def placements(suspicious: NDArray[np.bool_], scores: Floats) -> tuple[Floats, Floats]:
    """Each film's placement: the share of films of the other kind on its right side, ties counted half.

    Their means are the AUC, both of them; their variances make its interval (DeLong, Biometrics 1988;44:837).

    Args:
        suspicious: (films,) with both kinds.
        scores: (films,) higher for more suspicion.

    Returns:
        Of the suspicious films, and of the others, each in the order of `scores`.
    """
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to import

    positive, negative = scores[suspicious], scores[~suspicious]
    m, n = len(positive), len(negative)
    ranks = rankdata(np.concatenate([positive, negative]))
    return (ranks[:m] - rankdata(positive)) / n, 1 - (ranks[m:] - rankdata(negative)) / m


def expected_error(probabilities: Floats, suspicious: NDArray[np.bool_]) -> float:
    """Expected calibration error: the mean distance of probability and share in ten equal bins.

    Guo et al., 1706.04599; each bin counts by its films.
    """
    bins = np.minimum((probabilities * _ERROR_BINS).astype(int), _ERROR_BINS - 1)
    distance = 0.0
    for index in range(_ERROR_BINS):
        inside = bins == index
        if inside.any():
            distance += inside.sum() * abs(probabilities[inside].mean() - suspicious[inside].mean())
    return float(distance / len(probabilities))


def classification_report(
    truth: NDArray[np.integer[Any]], judged: NDArray[np.integer[Any]], labels: Sequence[str]
) -> tuple[ClassFigures, ...]:
    """Precision, recall, F1 and support of each label.

    Args:
        truth, judged: (films,) positions in `labels`.
    """
    from sklearn.metrics import precision_recall_fscore_support  # noqa: PLC0415 - a second to import

    columns = precision_recall_fscore_support(
        truth, judged, labels=list(range(len(labels))), zero_division=0.0
    )
    return tuple(
        ClassFigures(label, float(precision), float(recall), float(f1), int(support))
        for label, precision, recall, f1, support in zip(labels, *columns, strict=True)
    )


def compare_labels(
    truth: NDArray[np.integer[Any]], judged: NDArray[np.integer[Any]], labels: Sequence[str]
) -> LabelComparison:
    """Compares the labels that films are given with their own.

    Args:
        truth, judged: (films,) positions in `labels`; at least one film.
    """
    from sklearn.metrics import confusion_matrix  # noqa: PLC0415 - a second to import

    confusion = confusion_matrix(truth, judged, labels=list(range(len(labels))))
    return LabelComparison(
        classes=classification_report(truth, judged, labels),
        confusion=tuple(tuple(int(films) for films in row) for row in confusion),
        accuracy=share(int(confusion.trace()), len(truth)),
    )


def compare_labels_given(
    own: Sequence[str], predictions: Sequence[Prediction], labels: Sequence[Label]
) -> LabelComparison | None:
    """The labels with the greatest score against films' own; None where it is suspicion alone that decides.

    Args:
        own: each film's label, in any case.
        predictions: of films that were judged.
        labels: the model's; with two of them, or films of other labels, there is nothing to compare.
    """
    positions = {label.name.lower(): index for index, label in enumerate(labels)}
    names = [name.lower() for name in own]
    if len(labels) == 2 or not positions.keys() >= set(names):
        return None
    scores = np.array([[each.score for each in prediction.label_scores] for prediction in predictions])
    truth = np.array([positions[name] for name in names])
    return compare_labels(truth, scores.argmax(axis=1), [label.name for label in labels])


def roc_points(suspicious: NDArray[np.bool_], scores: Floats) -> tuple[tuple[float, float], ...]:
    """The corners of the ROC curve, from (0, 0) to (1, 1): (false positive rate, true positive rate).

    Args:
        suspicious: (films,) with both kinds.
        scores: (films,) higher for more suspicion.
    """
    from sklearn.metrics import roc_curve  # noqa: PLC0415 - a second to import

    false_positive, true_positive, _ = roc_curve(suspicious, scores)
    return tuple(
        (round(float(x), 5), round(float(y), 5)) for x, y in zip(false_positive, true_positive, strict=True)
    )


def precision_recall_points(suspicious: NDArray[np.bool_], scores: Floats) -> tuple[tuple[float, float], ...]:
    """The precision–recall curve from the lowest threshold to the highest: (recall, precision).

    Args:
        suspicious: (films,) with at least one suspicious film.
        scores: (films,) higher for more suspicion.
    """
    from sklearn.metrics import precision_recall_curve  # noqa: PLC0415 - a second to import

    precision, recall, _ = precision_recall_curve(suspicious, scores)
    return tuple((round(float(x), 5), round(float(y), 5)) for x, y in zip(recall, precision, strict=True))


def cross_entropy(suspicious: NDArray[np.bool_], logits: Floats) -> float:
    """Mean cross-entropy of sigmoid(logit) for "suspicious or not", natural logarithm.

    Taken from the logits, so that a film that is judged wrongly with certainty costs what it should instead
    of infinity.

    Args:
        suspicious, logits: (films,) each.
    """
    # -log(sigmoid(z)) = log(1 + exp(-z)); the sign turns it round for films without suspicion.
    return float(np.logaddexp(0, np.where(suspicious, -logits, logits)).mean())


def mean(values: Floats) -> Estimate:
    """The mean with its normal interval."""
    spread = Z95 * float(np.sqrt(variance_of_mean(values)))
    centre = float(values.mean())
    return Estimate(centre, centre - spread, centre + spread)


def variance_of_mean(values: Floats) -> float:
    """The squared standard error of a mean; 0 of a single value."""
    return float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.0
