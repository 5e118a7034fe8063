"""Probabilities that mean what they say, and thresholds that keep what they promise."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.training.calibrate import (
    MIN_FILMS_PER_BIN,
    calibrate,
    choose_operating_points,
    cross_fitted,
    platt,
    reliability,
)
from cxr_desktop.training.metrics import expected_error


def overconfident_films(count: int = 4000) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Logits three times too large and shifted by 1, two films a patient."""
    random = np.random.default_rng(2)
    true_logits = random.normal(0.8, 2, count)
    suspicious = random.random(count) < 1 / (1 + np.exp(-true_logits))
    return 3 * true_logits + 1, suspicious, [f"p{index // 2}" for index in range(count)]


def test_overconfident_logits_are_drawn_back() -> None:
    logits, suspicious, _ = overconfident_films()
    slope, intercept = platt(logits, suspicious)
    assert slope == pytest.approx(1 / 3, abs=0.03)
    assert intercept == pytest.approx(-1 / 3, abs=0.1)


def test_of_films_with_like_probability_as_many_are_suspicious() -> None:
    logits, suspicious, patients = overconfident_films()
    for each in calibrate(logits, suspicious, patients, "films").bins:
        assert each.suspicious / each.films == pytest.approx((each.low + each.high) / 2, abs=0.08)


def test_a_separable_set_keeps_finite_figures() -> None:
    logits = np.concatenate([np.linspace(-9, -1, 30), np.linspace(1, 9, 30)])
    calibration = calibrate(logits, logits > 0, [str(i) for i in range(60)], "films")
    assert np.isfinite([calibration.slope, calibration.intercept]).all()
    assert calibration.probability(-9) < 0.01
    assert calibration.probability(9) > 0.99


def test_calibration_never_turns_the_order_round() -> None:
    logits = np.arange(40.0)
    slope, _ = platt(logits, logits < 20)
    assert slope > 0


def test_no_patient_is_judged_by_a_fit_that_saw_them() -> None:
    """One patient's many mislabelled films do not bend the probabilities that they get themselves."""
    logits, suspicious, patients = overconfident_films(400)
    logits[:120], suspicious[:120], patients[:120] = 12.0, False, ["odd one"] * 120
    inside = 1 / (1 + np.exp(-(platt(logits, suspicious)[0] * 12.0 + platt(logits, suspicious)[1])))
    assert cross_fitted(logits, suspicious, patients)[0] > max(0.95, inside)


def test_one_patient_of_a_kind_still_gives_probabilities() -> None:
    logits = np.array([-2.0, -1.0, 1.0, 2.0])
    found = cross_fitted(logits, logits > 0, ["a", "b", "c", "c"])
    assert np.isfinite(found).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 300))
def test_reliability_bins_lose_no_film_and_leave_no_gap(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = random.beta(0.4, 0.4, count)
    suspicious = random.random(count) < probabilities
    bins = reliability(probabilities, suspicious)
    assert sum(each.films for each in bins) == count
    assert sum(each.suspicious for each in bins) == suspicious.sum()
    assert bins[0].low == 0 and bins[-1].high == 1
    assert all(first.high == second.low for first, second in pairwise(bins))
    assert len(bins) == 1 or min(each.films for each in bins) >= MIN_FILMS_PER_BIN
    means = [(each.films, each.mean) for each in bins if each.mean is not None]
    assert sum(films * mean for films, mean in means) == pytest.approx(probabilities.sum())


def test_a_calibrated_model_that_is_sure_of_most_films_lies_on_the_diagonal_in_few_wide_bins() -> None:
    random = np.random.default_rng(5)
    probabilities = random.permutation(np.concatenate([random.beta(1, 60, 30), random.beta(60, 1, 30)]))
    suspicious = random.random(60) < probabilities
    bins = reliability(probabilities, suspicious)
    assert max(each.high - each.low for each in bins) > 0.4  # the middle of one is far from its films
    for each in bins:
        assert each.predicted == pytest.approx(each.share, abs=0.1)


@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.integers(1, 200))
def test_an_operating_point_says_what_it_reaches_on_the_films_it_was_chosen_on(
    seed: int, normal: int, ill: int
) -> None:
    random = np.random.default_rng(seed)
    probabilities = np.round(np.concatenate([random.beta(1, 3, normal), random.beta(3, 1, ill)]), 2)
    suspicious = np.arange(normal + ill) >= normal
    balanced, sensitive = choose_operating_points(probabilities, suspicious)
    for point in (balanced, sensitive):
        assert point.sensitivity == (probabilities[suspicious] >= point.threshold).mean()
        assert point.specificity == (probabilities[~suspicious] < point.threshold).mean()
        assert point.sensitivity_interval is not None and point.specificity_interval is not None
        assert point.sensitivity_interval.low <= point.sensitivity <= point.sensitivity_interval.high
        assert point.specificity_interval.low <= point.specificity <= point.specificity_interval.high
    assert sensitive.sensitivity >= 0.99
    assert sensitive.threshold <= balanced.threshold


def test_the_balanced_point_errs_equally_often_on_both_kinds() -> None:
    random = np.random.default_rng(3)
    probabilities = np.concatenate([random.beta(2, 5, 4000), random.beta(5, 2, 9000)])
    suspicious = np.arange(13_000) >= 4000
    balanced, _ = choose_operating_points(probabilities, suspicious)
    assert balanced.sensitivity == pytest.approx(balanced.specificity, abs=0.002)


def test_in_a_wide_gap_varied_films_tell_where_the_balanced_point_lies() -> None:
    probabilities = np.concatenate([np.full(50, 0.01), np.full(50, 0.99)])
    suspicious = np.arange(100) >= 50
    spread = np.random.default_rng(4).beta(2, 2, (4, 100)) * 0.3
    varied = np.where(suspicious, 0.5 + spread, 0.2 + spread)  # they meet at 0.5
    alone, _ = choose_operating_points(probabilities, suspicious)
    balanced, _ = choose_operating_points(probabilities, suspicious, varied)
    assert alone.threshold == pytest.approx(0.5)
    assert 0.47 < balanced.threshold < 0.53
    lower = np.where(suspicious, 0.3 + spread, 0.1 + spread)
    assert choose_operating_points(probabilities, suspicious, lower)[0].threshold < 0.4


def test_the_expected_error_is_the_distance_of_probability_and_share() -> None:
    probabilities = np.full(200, 0.85)
    suspicious = np.arange(200) < 150
    assert expected_error(probabilities, suspicious) == pytest.approx(0.10)
    logits, labels, patients = overconfident_films()
    made = calibrate(logits, labels, patients, "films")
    assert made.expected_error is not None and made.expected_error < 0.03
    raw = 1 / (1 + np.exp(-logits))
    assert expected_error(raw, labels) > 0.08
