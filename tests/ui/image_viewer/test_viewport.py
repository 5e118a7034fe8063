"""The geometry: the same anatomy stays under the same pixel, however the film lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.ui.image_viewer.viewport import GREATEST_SCALE, Orientation, Viewport

orientations = st.builds(Orientation, st.integers(0, 3), st.booleans())
shapes = st.tuples(st.integers(1, 4000), st.integers(1, 4000))
sizes = st.tuples(st.integers(1, 3000), st.integers(1, 3000))
shares = st.floats(0, 1)
turns = st.sampled_from(["right", "left", "left_right", "top_bottom"])


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    view = Viewport.fit(draw(shapes), draw(sizes), draw(orientations))
    if draw(st.booleans()):
        at = draw(shares) * view.size[0], draw(shares) * view.size[1]
        view = view.zoomed(draw(st.floats(0.05, 40)), at)
    return view


def turned(orientation: Orientation, way: str) -> Orientation:
    return {
        "right": orientation.rotated(1),
        "left": orientation.rotated(-1),
        "left_right": orientation.flipped_left_right(),
        "top_bottom": orientation.flipped_top_bottom(),
    }[way]


SEEN = {
    "right": lambda seen: np.rot90(seen, -1),
    "left": np.rot90,
    "left_right": np.fliplr,
    "top_bottom": np.flipud,
}


@given(st.lists(turns, max_size=6))
def test_every_turn_does_to_the_film_what_the_eye_expects(ways: list[str]) -> None:
    film = np.arange(6).reshape(2, 3)
    orientation, seen = Orientation(), film
    for way in ways:
        orientation, seen = turned(orientation, way), SEEN[way](seen)
    assert np.array_equal(orientation.of_array(film), seen)


@given(orientations, shapes, shares, shares)
def test_points_turn_as_pixels_do(
    orientation: Orientation, shape: tuple[int, int], across: float, down: float
) -> None:
    row, column = int(down * (shape[0] - 1)), int(across * (shape[1] - 1))
    film = np.zeros(shape, np.uint8)
    film[row, column] = 1
    (seen_row,), (seen_column,) = np.nonzero(orientation.of_array(film))
    assert orientation.of_point(column + 0.5, row + 0.5, shape) == (seen_column + 0.5, seen_row + 0.5)
    x, y = orientation.film_point(seen_column + 0.5, seen_row + 0.5, shape)
    assert (x, y) == (column + 0.5, row + 0.5)


def test_the_eight_orientations_have_eight_different_descriptions() -> None:
    words = {Orientation(turn, flip).in_words for turn in range(4) for flip in (False, True)}
    assert len(words) == 8
    assert Orientation().in_words == ""
    assert Orientation().flipped_left_right().in_words == "flipped left–right"
    assert Orientation().flipped_top_bottom().in_words == "flipped top–bottom"
    assert Orientation().rotated(-1).in_words == "rotated 90° left"


@given(viewports(), shares, shares)
def test_device_and_film_positions_undo_each_other(view: Viewport, across: float, down: float) -> None:
    x, y = across * view.film_shape[1], down * view.film_shape[0]
    assert view.to_film(*view.to_device(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(viewports(), shares, shares, st.floats(0.1, 10))
def test_zooming_keeps_what_lies_under_the_pointer(
    view: Viewport, across: float, down: float, factor: float
) -> None:
    at = across * view.size[0], down * view.size[1]
    before = view.to_film(*at)
    zoomed = view.zoomed(factor, at)
    # The film's corner lies on whole device pixels, before and after: half a pixel each.
    assert zoomed.to_device(*before) == pytest.approx(at, abs=1.0)


@given(shapes, sizes, orientations)
def test_a_fitted_film_is_wholly_in_view_and_touches_two_sides(
    shape: tuple[int, int], size: tuple[int, int], orientation: Orientation
) -> None:
    view = Viewport.fit(shape, size, orientation)
    (x, y), (width, height) = view.origin, view.extent
    assert x >= -1
    assert y >= -1
    assert x + width <= size[0] + 1
    assert y + height <= size[1] + 1
    assert abs(width - size[0]) <= 1 or abs(height - size[1]) <= 1


def test_a_fitted_film_follows_the_window_until_it_is_zoomed() -> None:
    view = Viewport.fit((1000, 1000), (500, 500))
    assert view.resized((800, 900)).scale == pytest.approx(0.8)
    zoomed = view.zoomed(3, (250, 250))
    assert zoomed.resized((800, 900)).scale == zoomed.scale
    assert zoomed.resized((800, 900)).middle == zoomed.middle


@given(viewports(), st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_the_film_with_the_hand(view: Viewport, right: float, down: float) -> None:
    moved = view.panned(right, down)
    x, y = view.middle
    seen = view.to_device(x, y)
    now = moved.to_device(x, y)
    height, width = view.film_shape
    inside = 0 < moved.middle[0] < width and 0 < moved.middle[1] < height
    if inside:  # not stopped at the film's edge
        assert (now[0] - seen[0], now[1] - seen[1]) == pytest.approx((right, down), abs=1.0)


@given(viewports(), st.lists(st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000)), max_size=8))
def test_a_film_can_never_be_dragged_out_of_sight(view: Viewport, drags: list[tuple[float, float]]) -> None:
    view = Viewport.fit(view.film_shape, view.size, view.orientation)
    for right, down in drags:
        view = view.panned(right, down)
    left, top, right_edge, bottom = view.visible
    assert right_edge >= left
    assert bottom >= top
    height, width = view.film_shape
    assert 0 <= view.middle[0] <= width
    assert 0 <= view.middle[1] <= height


@given(viewports(), st.lists(st.floats(0.01, 100), max_size=8))
def test_the_scale_stays_within_its_limits(view: Viewport, factors: list[float]) -> None:
    fit = Viewport.fit(view.film_shape, view.size, view.orientation).scale
    for factor in factors:
        view = view.zoomed(factor, (0, 0))
        assert min(fit, 1) / 4 * 0.999 <= view.scale <= max(fit, GREATEST_SCALE) * 1.001


def test_a_viewport_without_a_film_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a film"):
        Viewport((0, 10), (100, 100))
    with pytest.raises(ValueError, match="0 to 3"):
        Orientation(4)
