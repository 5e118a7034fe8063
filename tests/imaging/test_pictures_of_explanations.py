"""Pictures of superpixels and feature maps, and the words beneath them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cxr_desktop.domain.explanation import FeatureMap, Superpixels
from cxr_desktop.domain.geometry import Box
from cxr_desktop.imaging.feature_grid import channel_picture, in_a_row, layer_picture, side_by_side
from cxr_desktop.imaging.superpixel_picture import numbers_at, superpixel_picture, superpixel_rgba
from cxr_desktop.imaging.worded_picture import Line, captioned, drawable, with_words

FILM = (100, 200)  # height, width
QUARTERS = np.repeat(np.repeat(np.array([[0, 1], [2, 3]], np.int32), 8, axis=0), 8, axis=1)


def grey(height: int = 50, width: int = 100) -> np.ndarray:
    return np.full((height, width, 3), 100, np.uint8)


def quarters(*weights: float, box: Box | None = None) -> Superpixels:
    return Superpixels(QUARTERS, np.array(weights, np.float32), box or Box.whole(FILM), 0.9)


def test_superpixels_for_suspicion_are_green_and_against_it_red() -> None:
    drawn = superpixel_picture(grey(), quarters(2, -2, 0, 1), FILM).astype(int)
    top_left, top_right, low_left, low_right = (
        drawn[y, x] for y, x in ((10, 20), (10, 80), (40, 20), (40, 80))
    )
    assert top_left[1] > top_left[0] + 40  # green above red
    assert top_right[0] > top_right[1] + 40
    assert list(low_left) == [100, 100, 100]
    assert 10 < low_right[1] - low_right[0] < top_left[1] - top_left[0]  # half the weight, a fainter green


def test_borders_are_drawn_where_superpixels_meet_and_nowhere_else() -> None:
    drawn = superpixel_picture(grey(), quarters(0, 0, 0, 0), FILM)
    changed = (drawn != 100).any(axis=2)
    assert changed[24].all()
    assert changed[:, 49].all()
    changed[24] = changed[:, 49] = False
    assert not changed.any()


def test_outside_the_networks_view_the_film_stays_as_it_is() -> None:
    drawn = superpixel_picture(grey(), quarters(1, 1, 1, 1, box=Box(20, 40, 60, 120)), FILM)
    changed = (drawn != 100).any(axis=2)
    assert changed[10:30, 20:60].all()
    changed[9:30, 19:60] = False  # with the border around it
    assert not changed.any()


def test_each_point_has_the_number_of_the_superpixel_in_which_it_lies() -> None:
    numbers = numbers_at(
        quarters(1, 1, 1, 1, box=Box(20, 40, 60, 120)), np.array([19.9, 20, 59.9, 60]), np.array([39, 79, 80])
    )
    assert numbers.tolist() == [[-1, -1, -1], [-1, 0, 1], [-1, 2, 3], [-1, -1, -1]]


def test_colours_are_premultiplied_and_as_strong_as_asked() -> None:
    numbers = numbers_at(quarters(2, -1, 0, 0), np.arange(100) + 0.5, np.arange(200) + 0.5)
    rgba = superpixel_rgba(numbers, quarters(2, -1, 0, 0), 0.8, 1.0, boundary_width=3)
    assert (rgba[..., :3] <= rgba[..., 3:]).all()
    assert [int(rgba[row, column, 3]) for row, column in ((10, 10), (10, 190), (90, 10))] == [204, 102, 0]
    assert (rgba[10, 98:101, 3] == 255).all()  # the boundary, three pixels wide
    assert rgba[10, 96, 3] == 204


def test_the_picture_that_was_given_is_not_painted_on() -> None:
    picture = grey()
    superpixel_picture(picture, quarters(1, -1, 1, -1), FILM)
    assert (picture == 100).all()


@pytest.mark.parametrize(
    ("channels", "columns"), [(1, 1), (2, 2), (8, 4), (32, 8), (64, 8), (128, 16), (728, 32), (2048, 32)]
)
def test_channels_stand_in_rows_that_can_be_counted(channels: int, columns: int) -> None:
    assert in_a_row(channels) == columns


def test_all_channels_of_a_layer_stand_in_a_grid_in_their_order() -> None:
    maps = np.zeros((8, 6, 6), np.float32)
    maps[5, 0, 0] = 1  # the second of the second row
    picture = layer_picture(FeatureMap("conv", "convolution", maps), width=400)
    assert picture.shape == (200, 400, 3)
    bright = picture.max(axis=2) > 200
    rows, columns = np.nonzero(bright)
    assert (rows.min(), columns.min()) == (100, 100)
    assert rows.max() < 120
    assert columns.max() < 120


def test_a_grid_that_is_not_full_ends_in_black() -> None:
    picture = layer_picture(FeatureMap("conv", "convolution", np.ones((3, 4, 4), np.float32)), width=200)
    assert picture.shape == (200, 200, 3)
    assert not picture[100:, 100:].any()
    assert picture[10, 110].any()


@settings(max_examples=50)
@given(arrays(np.float32, (4, 5), elements=st.floats(-(2.0**127), 2.0**127, width=32)))
def test_each_channel_is_scaled_to_its_own_range_whatever_it_is(channel: np.ndarray) -> None:
    picture = channel_picture(channel, 50)
    assert picture.shape == (40, 50, 3)
    darkest, brightest = picture.sum(axis=2).min(), picture.sum(axis=2).max()
    if channel.min() == channel.max():
        assert darkest == brightest
    else:
        row, column = np.unravel_index(channel.argmax(), channel.shape)
        assert list(picture[10 * row + 5, 10 * column + 5]) == [253, 231, 37]  # viridis' end


def test_pictures_of_any_height_stand_side_by_side() -> None:
    picture = side_by_side([grey(10, 30), grey(20, 30), grey(5, 30)], columns=2)
    assert picture.shape == (44, 64, 3)
    assert (picture[22 + 6, :30] == 0).all()


def test_words_that_are_too_long_for_a_line_go_on_in_the_next() -> None:
    words = "56 % of the evidence lies outside the lungs: look for markers, tubes, borders. " * 4
    one, more = (with_words(grey(10, 600), [Line(text)]) for text in ("short", words))
    assert more.shape[0] > one.shape[0] > 10
    assert not more[10:, -4:].any()  # nothing is cut off


def test_a_line_stands_behind_the_colour_that_it_explains() -> None:
    sheet = with_words(grey(10, 600), [Line("green: for", (0, 200, 0)), Line("plain")])
    assert (sheet[10:] == (0, 200, 0)).all(axis=2).sum() > 100
    assert (sheet[:10, :600] == 100).all()


def test_a_narrow_picture_has_room_for_words_beside_itself() -> None:
    sheet = with_words(grey(10, 64), [Line("Each channel is scaled to its own range")])
    assert sheet.shape[1] == 512
    assert not sheet[:10, 64:].any()


def test_letters_that_the_font_lacks_are_replaced() -> None:
    assert drawable("input × gradient, 97\u00a0%, Lungenentzündung, 1–5") == (
        "input x gradient, 97 %, Lungenentzundung, 1-5"
    )
    assert (captioned(grey(), "conv×1") == captioned(grey(), "convx1")).all()
