"""A decoded film is valid from birth and always black where air is."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.windowing import Window

VALUES = np.array([[0, 100], [200, 255]], np.uint8)


def test_a_picture_shows_its_grey_levels_unchanged() -> None:
    film = Radiograph(VALUES, (picture_window(VALUES),))
    assert film.pixels == pytest.approx(VALUES / 255, abs=1e-6)


def test_low_values_shown_white_are_turned_round() -> None:
    film = Radiograph(VALUES, (picture_window(VALUES),), low_is_white=True)
    assert film.pixels == pytest.approx(1 - VALUES / 255, abs=1e-6)


def test_inverting_in_the_viewer_turns_a_monochrome1_film_back() -> None:
    film = Radiograph(VALUES, (picture_window(VALUES),), low_is_white=True)
    assert film.shown(film.transforms[0], inverted=True) == pytest.approx(VALUES / 255, abs=1e-6)


@pytest.mark.parametrize("low_is_white", [False, True])
def test_outside_the_shutter_is_black_in_either_polarity(low_is_white: bool) -> None:
    visible = np.array([[True, False], [True, True]])
    film = Radiograph(VALUES, (picture_window(VALUES),), low_is_white=low_is_white, visible=visible)
    assert film.pixels[0, 1] == 0
    assert film.value_range == (0, 255)


def test_another_window_in_the_viewer_never_reaches_the_model() -> None:
    film = Radiograph(VALUES, (picture_window(VALUES),))
    before = film.pixels.copy()
    film.shown(Window.spanning(100, 101), inverted=True)
    assert (film.pixels == before).all()


@pytest.mark.parametrize(
    "values", [np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.float64), np.zeros((0, 4), np.uint8)]
)
def test_arrays_of_another_kind_are_refused_with_what_arrived(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match="got"):
        Radiograph(values, (Window(0, 1),))


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="visible"):
        Radiograph(VALUES, (Window(0, 1),), visible=np.ones((3, 3), bool))
