"""What networks see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.imaging.model_input import model_input


def film(height: int, width: int) -> Radiograph:
    values = (np.arange(height * width).reshape(height, width) % 256).astype(np.uint8)
    return Radiograph(values, (picture_window(values),))


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([1, 3]), st.sampled_from(["film", "lungs"]))
def test_any_film_becomes_the_networks_input(height: int, width: int, channels: int, crop: str) -> None:
    spec = InputSpec(64, 48, channels, -1.0, 1.0, crop, 0.1)  # type: ignore[arg-type]
    image, box = model_input(film(height, width), spec, Box(0, 0, height / 2, width / 2))
    assert image.shape == (64, 48, channels)
    assert image.dtype == np.float32
    assert image.min() >= -1 - 1e-5
    assert image.max() <= 1 + 1e-5
    assert 0 <= box.top < box.bottom <= height
    assert 0 <= box.left < box.right <= width


def test_shrinking_keeps_the_mean_so_that_no_fine_line_is_lost() -> None:
    values = np.zeros((512, 512), np.uint8)
    values[:, ::4] = 255
    image, _ = model_input(Radiograph(values, (picture_window(values),)), InputSpec(128, 128))
    assert image.mean() == pytest.approx(0.25, abs=1e-3)
    assert image.std() < 1e-3


def test_a_lungs_network_sees_the_rectangle_around_the_lungs_with_its_margin() -> None:
    values = np.zeros((100, 200), np.uint8)
    values[40:60, 80:120] = 255
    bright = Radiograph(values, (picture_window(values),))
    spec = InputSpec(20, 20, crop="lungs", margin=0.5)
    image, box = model_input(bright, spec, Box(40, 80, 60, 120))
    assert box == Box(30, 60, 70, 140)
    assert image[10, 10, 0] == 1
    assert image[0, 0, 0] == 0


def test_without_lungs_a_lungs_network_sees_the_whole_film() -> None:
    _, box = model_input(film(100, 200), InputSpec(20, 20, crop="lungs"))
    assert box == Box(0, 0, 100, 200)


@pytest.mark.parametrize("low_is_white", [False, True])
@pytest.mark.parametrize("crop", ["film", "lungs"])
def test_a_picture_shrunk_before_its_window_gives_the_same_numbers(low_is_white: bool, crop: str) -> None:
    picture = Radiograph(film(300, 217).values, film(300, 217).transforms, low_is_white)
    masked = Radiograph(
        picture.values, picture.transforms, low_is_white, visible=np.ones(picture.shape, bool)
    )
    spec = InputSpec(64, 48, crop=crop)  # type: ignore[arg-type]
    one, other = (model_input(each, spec, Box(20.5, 11, 150, 190)) for each in (picture, masked))
    assert one.box == other.box
    assert one.image == pytest.approx(other.image, abs=1e-5)
