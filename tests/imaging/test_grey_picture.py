"""Small grey pictures of films and of their parts."""

from __future__ import annotations

import numpy as np

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.imaging.grey_picture import grey_picture


def film_of(values: np.ndarray, **more: object) -> Radiograph:
    return Radiograph(values, (picture_window(values),), **more)  # type: ignore[arg-type]


def quarters() -> np.ndarray:
    """100 × 200: 0 and 80 above, 160 and 240 below."""
    values = np.zeros((100, 200), np.uint8)
    values[:50, 100:], values[50:, :100], values[50:, 100:] = 80, 160, 240
    return values


def test_the_longer_side_is_as_asked_and_the_aspect_stays() -> None:
    picture = grey_picture(film_of(quarters()), 64)
    assert (picture.shape, picture.dtype) == ((32, 64), np.uint8)
    assert [picture[0, 0], picture[0, -1], picture[-1, 0], picture[-1, -1]] == [0, 80, 160, 240]


def test_a_part_of_the_film_fills_the_picture() -> None:
    part = grey_picture(film_of(quarters()), 50, Box(50, 100, 100, 150))
    assert part.shape == (50, 50)
    assert (part == 240).all()


def test_low_is_white_and_what_may_not_be_seen_is_black_in_a_part_too() -> None:
    visible = np.ones((100, 200), bool)
    visible[:, 150:] = False
    film = film_of(quarters(), low_is_white=True, visible=visible)
    part = grey_picture(film, 100, Box(0, 100, 50, 200))
    assert set(np.unique(part[:, :45])) == {255 - 80}
    assert (part[:, 55:] == 0).all()
