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


@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.integers(1, 200))
def test_an_operating_point_keeps_the_recall_that_it_promises(seed: int, normal: int, ill: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = np.round(np.concatenate([random.beta(1, 3, normal), random.beta(3, 1, ill)]), 2)
    suspicious = np.arange(normal + ill) >= normal
    balanced, sensitive = choose_operating_points(probabilities, suspicious)
    for point, target in ((balanced, 0.95), (sensitive, 0.99)):
        assert point.sensitivity >= target
        assert point.sensitivity == (probabilities[suspicious] >= point.threshold).mean()
        assert point.specificity == (probabilities[~suspicious] < point.threshold).mean()
        # Without the least suspicious of the films that it finds, too few would be found.
        found = probabilities[suspicious & (probabilities >= point.threshold)]
        assert (probabilities[suspicious] > found.min()).mean() < target
    assert sensitive.threshold <= balanced.threshold
