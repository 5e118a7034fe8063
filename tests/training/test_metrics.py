"""Figures and their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.metrics import (
    auc,
    classification_report,
    compare_labels,
    cross_entropy,
    evaluate_predictions,
    mean,
    roc_points,
    share,
)


def test_an_evaluation_counts_by_label_and_judgement() -> None:
    suspicious = np.array([False, False, False, True, True, True, True])
    probabilities = np.array([0.1, 0.2, 0.7, 0.3, 0.5, 0.8, 0.9])
    result = evaluate_predictions(suspicious, probabilities, 0.5, "seven films")
    assert result.confusion == ((2, 1), (1, 3))
    assert result.count == 7
    assert result.accuracy.value == pytest.approx(5 / 7)
    assert result.sensitivity.value == pytest.approx(3 / 4)  # exactly at the threshold is suspected
    assert result.specificity.value == pytest.approx(2 / 3)
    assert result.auc.value == pytest.approx(10 / 12)


def test_an_evaluation_needs_both_kinds_of_films() -> None:
    for only in (True, False):
        with pytest.raises(TrainingError, match="with and without suspicion"):
            evaluate_predictions(np.full(3, only), np.array([0.1, 0.5, 0.9]), 0.5, "three films")


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 1998;17:857, table I: 81 of 263 and 0 of 20.
    many, none = share(81, 263), share(0, 20)
    assert (many.low, many.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    assert (none.low, none.high) == (pytest.approx(0, abs=1e-9), pytest.approx(0.1611, abs=1e-4))


def test_delongs_interval_agrees_with_the_bootstrap() -> None:
    random = np.random.default_rng(4)
    suspicious = np.arange(400) < 250
    scores = random.normal(size=400) + 1.6 * suspicious
    estimate = auc(suspicious, scores)
    resampled = []
    for _ in range(600):
        chosen = random.integers(0, 400, 400)
        resampled.append(roc_auc_score(suspicious[chosen], scores[chosen]))
    low, high = np.percentile(resampled, (2.5, 97.5))
    assert estimate.low == pytest.approx(low, abs=0.008)
    assert estimate.high == pytest.approx(high, abs=0.008)


@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(1, 6))
def test_the_area_is_scikit_learns_and_lies_in_its_interval(seed: int, count: int, levels: int) -> None:
    random = np.random.default_rng(seed)
    suspicious = np.arange(count) < random.integers(1, count)
    scores = random.integers(0, levels, count) / levels
    estimate = auc(suspicious, scores)
    assert estimate.value == pytest.approx(roc_auc_score(suspicious, scores))
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_a_perfect_order_of_few_films_is_no_certainty() -> None:
    estimate = auc(np.array([False] * 5 + [True] * 5), np.arange(10.0))
    assert estimate.value == 1 and estimate.high == 1
    assert 0.4 < estimate.low < 0.97
    many = auc(np.arange(524) >= 134, np.arange(524.0))
    assert 0.96 < many.low < 0.99
    assert auc(np.arange(524) < 390, np.arange(524.0)).high == pytest.approx(1 - many.low)


def test_a_mean_has_a_narrower_interval_with_more_films() -> None:
    few, many = mean(np.array([0.9, 0.95, 1.0])), mean(np.array([0.9, 0.95, 1.0] * 30))
    assert (few.value, many.value) == (pytest.approx(0.95), pytest.approx(0.95))
    assert few.low < many.low < 0.95 < many.high < few.high


def test_a_classification_report_counts_each_label() -> None:
    truth = np.array([0, 0, 0, 1, 1, 2])
    judged = np.array([0, 0, 1, 1, 0, 1])
    first, second, third = classification_report(truth, judged, ("a", "b", "c"))
    assert (first.precision, first.recall, first.support) == (pytest.approx(2 / 3), pytest.approx(2 / 3), 3)
    assert (second.precision, second.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))
    assert second.f1 == pytest.approx(2 / 5)
    # Never judged so: there is nothing to be precise about, and no warning either.
    assert (third.label, third.precision, third.recall, third.f1, third.support) == ("c", 0, 0, 0, 1)


def test_labels_given_are_counted_against_their_own() -> None:
    truth = np.array([0, 0, 0, 1, 1, 1])
    compared = compare_labels(truth, np.array([0, 2, 0, 1, 0, 2]), ("a", "b", "c"))
    assert compared.confusion == ((2, 0, 1), (1, 1, 1), (0, 0, 0))
    assert compared.accuracy.value == pytest.approx(3 / 6)
    assert compared.accuracy.low < 0.5 < compared.accuracy.high
    assert [each.support for each in compared.classes] == [3, 3, 0]


def test_the_area_under_the_roc_points_is_the_auc() -> None:
    random = np.random.default_rng(8)
    suspicious = np.arange(200) < 120
    scores = np.round(random.normal(size=200) + suspicious, 1)
    points = np.array(roc_points(suspicious, scores))
    assert points[0].tolist() == [0, 0] and points[-1].tolist() == [1, 1]
    area = np.trapezoid(points[:, 1], points[:, 0])
    assert area == pytest.approx(auc(suspicious, scores).value, abs=1e-4)


def test_a_film_judged_wrongly_with_certainty_costs_its_logit_and_not_infinity() -> None:
    suspicious = np.array([True, False, True])
    assert cross_entropy(suspicious, np.array([-1000.0, 0.0, 1000.0])) == pytest.approx(
        (1000 + np.log(2)) / 3
    )
