"""From the film's pixels to the screen's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.windowing import GreyTransform, LookupTable, Window, WindowFunction
from cxr_desktop.ui.image_viewer.planes import FilmRenderer, Plane
from cxr_desktop.ui.image_viewer.viewport import Orientation, Viewport

transforms = st.one_of(
    st.builds(Window, st.floats(-40_000, 70_000), st.floats(1, 70_000), st.sampled_from(WindowFunction)),
    st.just(LookupTable(-50, np.linspace(0, 1, 200, dtype=np.float32))),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([np.uint8, np.uint16, np.int16, np.float32]),
    transforms,
    st.booleans(),
    st.booleans(),
    st.builds(Orientation, st.integers(0, 3), st.booleans()),
)
def test_at_full_size_every_pixel_has_the_grey_level_that_the_film_defines(
    dtype: type[np.generic],
    transform: GreyTransform,
    low_is_white: bool,
    inverted: bool,
    orientation: Orientation,
) -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(-30_000, 60_000, (40, 30)).astype(dtype)
    visible = rng.random((40, 30)) > 0.2
    film = Radiograph(values, (transform,), low_is_white, visible=visible)
    view = Viewport((40, 30), (64, 64), orientation, scale=1)
    patch = FilmRenderer(film).grey(view, transform, inverted)
    expected = orientation.of_array(film.shown(transform, inverted))
    assert patch.pixels.dtype == np.uint8
    assert patch.pixels.shape == expected.shape
    assert np.abs(patch.pixels / 255 - expected).max() <= 1 / 255


def test_shrinking_averages_so_that_no_fine_line_is_lost() -> None:
    values = np.zeros((1000, 1000), np.uint16)
    values[:, 500] = 60_000  # one bright column, a tube or a wire
    shrunk = Plane(values).seen_through(Viewport.fit((1000, 1000), (130, 130))).pixels
    assert shrunk.shape == (130, 130)
    assert shrunk.sum(axis=1) == pytest.approx(np.full(130, 60_000 * 130 / 1000), rel=0.01)


def test_pixels_are_squares_when_much_enlarged_and_smooth_before() -> None:
    values = np.array([[0, 200], [0, 200]], np.uint8)
    film = Radiograph(values, (Window.spanning(0, 255),))
    renderer = FilmRenderer(film)
    squares = renderer.grey(Viewport((2, 2), (40, 40), scale=16), film.transforms[0], False).pixels
    assert set(np.unique(squares)) == {0, 200}
    smooth = renderer.grey(Viewport((2, 2), (40, 40), scale=4), film.transforms[0], False).pixels
    assert len(np.unique(smooth)) > 2


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 12), st.integers(-60, 60), st.integers(-60, 60), st.integers(0, 3), st.booleans())
def test_a_part_in_view_shows_what_the_whole_would(
    scale: float, right: int, down: int, quarter_turns: int, flipped: bool
) -> None:
    rows, columns = np.mgrid[:50, :60]
    film = (rows * 400 + columns * 300).astype(np.uint16)
    view = Viewport((50, 60), (64, 48), Orientation(quarter_turns, flipped), scale).panned(right, down)
    patch = Plane(film).seen_through(view)
    left, top, right_edge, bottom = view.visible
    assert patch.pixels.shape[:2] == (bottom - top, right_edge - left)
    for row in range(0, patch.pixels.shape[0], 7):
        for column in range(0, patch.pixels.shape[1], 7):
            x, y = view.to_film(patch.left + column + 0.5, patch.top + row + 0.5)
            # A plane has no error when it is averaged or interpolated, except where it ends.
            if 1 + 1 / scale < x < 59 - 1 / scale and 1 + 1 / scale < y < 49 - 1 / scale:
                expected = (y - 0.5) * 400 + (x - 0.5) * 300
                tolerance = 700 * max(0.6 / scale, 0.05) + 2  # half a device pixel, by rounding the extent
                assert patch.pixels[row, column] == pytest.approx(expected, abs=tolerance)


def test_a_film_outside_the_canvas_gives_an_empty_patch() -> None:
    film = Radiograph(
        np.zeros((10, 10), np.uint16), (Window.spanning(0, 1),), visible=np.ones((10, 10), bool)
    )
    view = Viewport((10, 10), (20, 20), scale=1, centre=(200, 200))
    assert FilmRenderer(film).grey(view, film.transforms[0], False).pixels.size == 0


def test_padding_stays_black_and_does_not_bleed_into_the_edge() -> None:
    values = np.full((400, 400), 1000, np.int16)
    visible = np.zeros((400, 400), bool)
    visible[101:300, 101:300] = True
    values[~visible] = -32_768
    film = Radiograph(values, (Window.spanning(0, 1000),), visible=visible)
    view = Viewport((400, 400), (100, 100), scale=0.25)
    pixels = FilmRenderer(film).grey(view, film.transforms[0], False).pixels
    assert pixels[10, 10] == 0
    assert pixels[26:75, 26:75].min() == 255
    assert pixels[25, 50] == pytest.approx(0.75 * 255, abs=2)  # three of its four rows may be seen
    # Inverted, white must not appear where nothing may be seen.
    assert FilmRenderer(film).grey(view, film.transforms[0], True).pixels[10, 10] == 0
