"""The hospital's own share of pneumonia: what it changes, and what it never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.prevalence import PriorShift

probabilities = st.floats(0, 1)
shares = st.floats(0.001, 0.999)
shifts = st.builds(PriorShift, shares, shares)


@given(shifts, probabilities, probabilities)
def test_no_film_changes_places_with_another_and_no_verdict_is_turned(
    shift: PriorShift, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert 0 <= shift.probability(low) <= shift.probability(high) <= 1


@given(shares, probabilities)
def test_at_the_same_share_every_probability_stays_what_it_is(share: float, probability: float) -> None:
    assert PriorShift(share, share).probability(probability) == probability


@given(shares, shares, shares, st.floats(0.001, 0.999))
def test_the_more_pneumonia_there_is_the_likelier_it_is(
    made_with: float, one: float, other: float, probability: float
) -> None:
    rare, common = sorted((one, other))
    assert (
        PriorShift(made_with, rare).probability(probability)
        <= PriorShift(made_with, common).probability(probability) + 1e-12
    )


@given(shares, shares, st.floats(0.001, 0.999))
def test_there_and_back_again_is_where_it_was(made_with: float, here: float, probability: float) -> None:
    there = PriorShift(made_with, here).probability(probability)
    assert PriorShift(here, made_with).probability(there) == pytest.approx(probability, abs=1e-6)


def test_it_is_bayes_rule_on_counts() -> None:
    # 74 of 100 were suspicious; at this score the odds are 9 to 1. With 10 of 100 they are
    # 9 * (10/90) / (74/26) to 1.
    odds = 9 * (10 / 90) / (74 / 26)
    assert PriorShift(0.74, 0.10).probability(0.9) == pytest.approx(odds / (1 + odds))


def test_certainty_stays_certain_and_nonsense_is_refused() -> None:
    shift = PriorShift(0.74, 0.1)
    assert (shift.probability(0), shift.probability(1)) == (0, 1)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        shift.probability(1.2)
    for share in (0.0, 1.0):
        with pytest.raises(ValueError, match="here"):
            PriorShift(0.5, share)
