"""The digest that recognises a film, and its small picture."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000Lossless

from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.read import decode_film
from cxr_desktop.imaging.thumbnail import thumbnail_jpeg
from tests.imaging.films import as_bytes_in, read, stored_pixels, with_pixels, with_values


def film_of(values: np.ndarray, low_is_white: bool = False) -> Radiograph:
    return Radiograph(values, (picture_window(values),), low_is_white=low_is_white)


def test_the_same_pixels_in_another_container_have_the_same_fingerprint(chest: Dataset) -> None:
    film = read(chest)
    packed = decode_film(as_bytes_in(chest, JPEG2000Lossless))
    other_patient = read(with_values(chest, PatientID="X", WindowWidth=500))
    wider = film_of(film.values.astype(np.int16), low_is_white=True)
    assert (
        pixel_fingerprint(film)
        == pixel_fingerprint(packed)
        == pixel_fingerprint(other_patient)
        == pixel_fingerprint(wider)
    )


def test_one_value_the_shape_or_the_polarity_makes_another_film(chest: Dataset) -> None:
    pixels = stored_pixels(chest)
    changed = pixels.copy()
    changed[5, 5] ^= 1
    films = [
        read(chest),
        read(with_pixels(chest, changed)),
        read(with_pixels(chest, pixels.reshape(64, 256))),
        read(with_values(chest, PhotometricInterpretation="MONOCHROME2")),
    ]
    assert len({pixel_fingerprint(film) for film in films}) == len(films)


@given(
    first=arrays.arrays(np.int16, (3, 4)),
    second=arrays.arrays(np.int16, (3, 4)),
)
def test_fingerprints_are_equal_exactly_when_the_pixels_are(first: np.ndarray, second: np.ndarray) -> None:
    same = pixel_fingerprint(film_of(first)) == pixel_fingerprint(film_of(second))
    assert same == np.array_equal(first, second)
    assert pixel_fingerprint(film_of(first)) == pixel_fingerprint(film_of(first.copy(order="F")))


@pytest.mark.parametrize(("shape", "size"), [((400, 300), (96, 128)), ((60, 120), (128, 64))])
def test_a_thumbnail_keeps_the_aspect(chest: Dataset, shape: tuple[int, int], size: tuple[int, int]) -> None:
    values = np.resize(stored_pixels(chest), shape).astype(np.uint16)
    with Image.open(io.BytesIO(thumbnail_jpeg(film_of(values)))) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "L", size)


def test_a_thumbnail_looks_like_the_film_with_its_polarity_and_shutter(chest: Dataset) -> None:
    film = read(
        with_values(
            chest,
            ShutterShape="RECTANGULAR",
            ShutterLeftVerticalEdge=33,
            ShutterRightVerticalEdge=128,
            ShutterUpperHorizontalEdge=1,
            ShutterLowerHorizontalEdge=128,
        )
    )
    with Image.open(io.BytesIO(thumbnail_jpeg(film, side=64))) as picture:
        small = np.asarray(picture) / 255
    reference = film.pixels.reshape(64, 2, 64, 2).mean(axis=(1, 3))
    assert np.abs(small - reference).mean() < 0.02
    assert small[:, :14].max() < 0.05


@given(side=st.integers(1, 300))
def test_a_thumbnail_has_the_side_that_was_asked_for(side: int) -> None:
    film = film_of(np.arange(50 * 70, dtype=np.uint16).reshape(50, 70))
    with Image.open(io.BytesIO(thumbnail_jpeg(film, side))) as picture:
        assert max(picture.size) == side
