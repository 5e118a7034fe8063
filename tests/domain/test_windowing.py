"""Grey transforms against the formulas of the standard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.windowing import LookupTable, Window, WindowFunction

centers = st.floats(-1000, 40_000)
widths = st.floats(1, 70_000)


def test_linear_follows_the_pseudo_code_of_the_standard() -> None:
    # PS3.3 C.11.2.1.2.1 with c = 2048, w = 4096, the standard's own example: 0 is black, 4095 white.
    grey = Window(2048, 4096, WindowFunction.LINEAR).apply(np.array([-1, 0, 2047, 4095, 4096]))
    assert grey.tolist() == pytest.approx([0, 0, 2047 / 4095, 1, 1], abs=1e-6)


def test_a_linear_window_of_width_one_is_a_step() -> None:
    for width in (1, 1 + 1e-9):  # the second is 1, too, once it is float32
        grey = Window(2048, width, WindowFunction.LINEAR).apply(np.array([2047, 2048]))
        assert grey.tolist() == [0, 1]


def test_linear_exact_reaches_white_half_a_width_above_the_center() -> None:
    grey = Window(100, 50, WindowFunction.LINEAR_EXACT).apply(np.array([75, 100, 125]))
    assert grey.tolist() == pytest.approx([0, 0.5, 1])


def test_sigmoid_is_half_at_the_center_and_never_overflows() -> None:
    grey = Window(100, 50, WindowFunction.SIGMOID).apply(np.array([-1e30, 100, 150, 1e30]))
    assert grey.tolist() == pytest.approx([0, 0.5, 1 / (1 + np.exp(-4)), 1], abs=1e-6)


@given(centers, widths, st.sampled_from(WindowFunction))
def test_any_window_rises_from_black_to_white(center: float, width: float, function: WindowFunction) -> None:
    values = np.linspace(center - 3 * width, center + 3 * width, 101)
    grey = Window(center, width, function).apply(values)
    assert grey.dtype == np.float32
    assert grey.min() >= 0
    assert grey.max() <= 1
    assert (np.diff(grey) >= 0).all()
    assert grey[0] < 0.01
    assert grey[-1] > 0.99


@pytest.mark.parametrize(
    ("width", "function"),
    [
        (0, WindowFunction.LINEAR),
        (0.5, WindowFunction.LINEAR),
        (-5, WindowFunction.SIGMOID),
        (np.nan, WindowFunction.LINEAR_EXACT),
    ],
)
def test_a_window_without_a_usable_width_is_refused(width: float, function: WindowFunction) -> None:
    with pytest.raises(ValueError, match="window needs"):
        Window(0, width, function)


def test_a_lookup_table_clamps_below_its_first_and_above_its_last_entry() -> None:
    table = LookupTable(10, np.array([0.0, 0.25, 1.0], np.float32))
    assert table.apply(np.array([-5, 10, 11, 12, 99])).tolist() == [0, 0, 0.25, 1, 1]


def test_dragging_starts_where_a_lookup_table_rises() -> None:
    levels = np.concatenate([np.zeros(100), np.linspace(0, 1, 51), np.ones(100)]).astype(np.float32)
    window = LookupTable(1000, levels).as_window()
    assert window.center == pytest.approx(1125, abs=1)
    assert window.width == pytest.approx(50, abs=1)
