"""Augmentation means what the reference studies' Keras arguments mean."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras.src.legacy.preprocessing.image import apply_affine_transform

from cxr_desktop.training.augment import Augmentation, affine, warp


def smooth_picture(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    picture = 0.5 + 0.25 * np.sin(rows / 7) + 0.25 * np.cos(columns / 5 + rows / 11)
    return picture.astype(np.float32)


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")  # Keras' own import of SciPy
@pytest.mark.parametrize(
    "geometry",
    [
        {"theta": 25.0},
        {"tx": 9.0},
        {"ty": -7.0},
        {"shear": 12.0},
        {"zx": 0.8, "zy": 1.2},
        {"theta": -31.0, "tx": 5.0, "ty": 11.0, "shear": 8.0, "zx": 1.1, "zy": 0.9},
    ],
)
def test_a_geometry_moves_a_film_as_keras_image_data_generator_does(geometry: dict[str, float]) -> None:
    picture = smooth_picture(96, 96)  # for others Keras takes rows for columns in its centre
    expected = apply_affine_transform(
        picture[..., None].copy(), row_axis=0, col_axis=1, channel_axis=2, fill_mode="nearest", **geometry
    )[..., 0]
    matrix = affine(
        turn=math.radians(geometry.get("theta", 0)),
        rows=geometry.get("ty", 0),
        columns=geometry.get("tx", 0),
        shear=math.radians(geometry.get("shear", 0)),
        row_zoom=geometry.get("zy", 1),
        column_zoom=geometry.get("zx", 1),
        height=96,
        width=96,
    )
    # cv2 places pixels to 1/32; the picture's steepest slope is about 0.1 a pixel.
    np.testing.assert_allclose(warp(picture, matrix[:2]), expected, atol=0.006)


def test_without_any_range_a_film_stays_as_it_is() -> None:
    picture = smooth_picture(40, 50)
    matrix = Augmentation().draw(np.random.default_rng(1), 40, 50)
    np.testing.assert_allclose(warp(picture, matrix), picture, atol=1e-6)


def test_a_mirrored_film_is_exactly_mirrored() -> None:
    picture = smooth_picture(40, 50)
    drawn = [
        warp(picture, Augmentation(flip_columns=True).draw(np.random.default_rng(seed), 40, 50))
        for seed in range(12)
    ]
    mirrored = [np.allclose(each, picture[:, ::-1], atol=1e-5) for each in drawn]
    unchanged = [np.allclose(each, picture, atol=1e-5) for each in drawn]
    assert any(mirrored) and any(unchanged)
    assert all(a != b for a, b in zip(mirrored, unchanged, strict=True))


@given(st.integers(0, 2**32 - 1))
def test_every_drawn_geometry_lies_within_its_ranges(seed: int) -> None:
    ranges = Augmentation(rotation_deg=40, zoom=0.1)
    matrix = ranges.draw(np.random.default_rng(seed), 64, 64)
    column_zoom, row_zoom = np.linalg.norm(matrix[:, 0]), np.linalg.norm(matrix[:, 1])
    assert 0.9 <= row_zoom <= 1.1 and 0.9 <= column_zoom <= 1.1
    assert abs(math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))) <= 40
    # The centre stays where it is.
    np.testing.assert_allclose(matrix @ [31.5, 31.5, 1], [31.5, 31.5], atol=1e-9)


@pytest.mark.parametrize("wrong", [{"zoom": 1.0}, {"rotation_deg": -1.0}, {"row_shift": -0.1}])
def test_impossible_ranges_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="ranges"):
        Augmentation(**wrong)
