"""The interval of a share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from cxr_desktop.domain.wilson import wilson


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_is_wilsons_and_holds_the_share(counts: tuple[int, int]) -> None:
    hits, of = counts
    interval, expected = wilson(hits, of), binomtest(hits, of).proportion_ci(0.95, method="wilson")
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert 0 <= interval.low <= hits / of <= interval.high <= 1


@pytest.mark.parametrize(("hits", "of"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_counts_that_make_no_share_are_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{hits} of {of}"):
        wilson(hits, of)
