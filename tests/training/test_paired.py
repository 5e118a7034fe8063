"""How two models differ on the same films."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from cxr_desktop.training.metrics import auc
from cxr_desktop.training.paired import auc_difference, recall_at_same_specificity


def films(count: int, seed: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, and scores of two models that see much of the same; the second sees a little more."""
    random = np.random.default_rng(seed)
    suspicious = np.arange(count) < 0.6 * count
    common = random.normal(size=count)
    now, new = (common + 0.6 * random.normal(size=count) + strength * suspicious for strength in (1.2, 1.6))
    return suspicious, now, new


def test_delongs_paired_interval_agrees_with_the_bootstrap() -> None:
    suspicious, now, new = films(400)
    estimate = auc_difference(suspicious, now, new)
    random = np.random.default_rng(5)
    resampled = []
    for _ in range(600):
        chosen = random.integers(0, 400, 400)
        truth = suspicious[chosen]
        resampled.append(roc_auc_score(truth, new[chosen]) - roc_auc_score(truth, now[chosen]))
    low, high = np.percentile(resampled, (2.5, 97.5))
    assert estimate.value == pytest.approx(roc_auc_score(suspicious, new) - roc_auc_score(suspicious, now))
    assert estimate.low == pytest.approx(low, abs=0.006)
    assert estimate.high == pytest.approx(high, abs=0.006)


def test_that_the_films_are_the_same_makes_the_interval_narrower() -> None:
    suspicious, now, new = films(400)
    paired = auc_difference(suspicious, now, new)
    first, second = auc(suspicious, now), auc(suspicious, new)
    assert paired.high - paired.low < 0.8 * np.hypot(first.high - first.low, second.high - second.low)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Two models that are equally good: 0 lies outside in about one of twenty sets of films."""
    random = np.random.default_rng(6)
    suspicious = np.arange(120) < 60
    outside = 0
    for _ in range(400):
        common = random.normal(size=120) + 1.3 * suspicious
        now, new = (common + 0.7 * random.normal(size=120) for _ in range(2))
        estimate = auc_difference(suspicious, now, new)
        outside += not estimate.low <= 0 <= estimate.high
    assert 6 <= outside <= 36  # 20 expected; beyond that one in a thousand


def test_a_model_beside_itself_differs_by_nothing() -> None:
    suspicious, now, _ = films(80)
    for same in (now, 3 * now + 1):
        estimate = auc_difference(suspicious, now, same)
        assert (estimate.low, estimate.value, estimate.high) == (0, 0, 0)


def test_models_without_an_error_are_not_certain_to_be_alike_or_different() -> None:
    suspicious = np.arange(60) < 30
    perfect, blind = suspicious.astype(float), np.zeros(60)
    both = auc_difference(suspicious, perfect, perfect + 1)
    assert both.value == 0 and both.low < -0.05 and both.high > 0.05
    much = auc_difference(suspicious, blind, perfect)
    assert much.value == 0.5 and 0.3 < much.low < 0.5


@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.integers(1, 5))
def test_exchanging_the_models_turns_the_sign(seed: int, count: int, levels: int) -> None:
    random = np.random.default_rng(seed)
    suspicious = np.arange(count) < random.integers(1, count)
    now, new = (random.integers(0, levels, count) / levels for _ in range(2))
    there, back = auc_difference(suspicious, now, new), auc_difference(suspicious, new, now)
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)


def test_recall_is_compared_where_both_raise_equally_many_false_alarms() -> None:
    suspicious = np.array([False] * 4 + [True] * 4)
    now = np.array([0.1, 0.2, 0.3, 0.8, 0.4, 0.6, 0.7, 0.9])
    new = np.array([0.1, 0.2, 0.3, 0.4, 0.35, 0.6, 0.7, 0.9])
    result = recall_at_same_specificity(suspicious, now, new, 0.5)
    assert result.specificity == pytest.approx(3 / 4)
    assert (result.now, result.new) == (pytest.approx(3 / 4), pytest.approx(1))
    assert result.difference.value == pytest.approx(1 / 4)
    assert result.difference.low <= 1 / 4 <= result.difference.high


def test_recall_differs_for_certain_only_with_films_enough() -> None:
    few = recall_at_same_specificity(*films(40), 0.8).difference
    many = recall_at_same_specificity(*films(2000), 0.8).difference
    assert few.low < 0 < few.high
    assert 0 < many.low < many.high


def test_a_threshold_that_suspects_all_or_nothing_is_compared_all_the_same() -> None:
    suspicious, now, new = films(40)
    everything = recall_at_same_specificity(suspicious, now, new, -10)
    assert (everything.specificity, everything.now, everything.new) == (0, 1, 1)
    nothing = recall_at_same_specificity(suspicious, now, new, 10)
    assert (nothing.specificity, nothing.now) == (1, 0)
