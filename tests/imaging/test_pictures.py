"""Films that came as pictures, in every common kind."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pydicom.dataset import Dataset

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import decode_film, read_radiograph
from tests.imaging.films import stored_pixels

Deep = NDArray[np.uint16]
Shallow = NDArray[np.uint8]


@pytest.fixture(scope="module")
def deep(chest: Dataset) -> Deep:
    """(128, 112) uint16 over the full range, wider in no direction than needed to tell rows from columns."""
    pixels = stored_pixels(chest)[:, :112].astype(np.float64)
    return ((pixels - pixels.min()) / np.ptp(pixels) * 65_535).astype(np.uint16)


@pytest.fixture(scope="module")
def shallow(deep: Deep) -> Shallow:
    return (deep >> 8).astype(np.uint8)


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_grey_pictures_keep_their_values(shallow: Shallow, kind: str) -> None:
    film = decode_film(written(Image.fromarray(shallow), kind))
    np.testing.assert_array_equal(film.values, shallow)
    np.testing.assert_allclose(film.pixels, shallow / 255, atol=1e-6)
    assert film.spacing_mm is None
    assert not film.header.patient_id


def test_lossless_webp_keeps_its_values(shallow: Shallow) -> None:
    film = decode_film(written(Image.fromarray(shallow), "WEBP", lossless=True))
    np.testing.assert_array_equal(film.values, shallow)


@pytest.mark.parametrize(
    ("kind", "mode"), [*itertools.product(["PNG", "TIFF"], ["RGB", "RGBA", "LA", "P"]), ("TIFF", "PA")]
)
def test_a_grey_film_stored_in_colour_stays_itself(shallow: Shallow, mode: str, kind: str) -> None:
    picture = Image.fromarray(shallow).convert("L").convert(mode)
    film = decode_film(written(picture, kind))
    np.testing.assert_array_equal(film.values, shallow)
    assert film.visible is None


def test_colours_become_luminance(shallow: Shallow) -> None:
    colours = np.stack([shallow, np.zeros_like(shallow), np.full_like(shallow, 100)], axis=-1)
    expected = 0.299 * shallow + 0.114 * 100
    film = decode_film(written(Image.fromarray(colours), "PNG"))
    np.testing.assert_allclose(film.values, expected, atol=0.51)


def test_a_jpeg_gives_what_pillow_gives(shallow: Shallow) -> None:
    for picture, options in (
        (Image.fromarray(shallow), {}),
        (Image.fromarray(shallow), {"progressive": True}),
        (Image.fromarray(shallow).convert("RGB"), {"subsampling": 2}),
        (Image.fromarray(shallow).convert("CMYK"), {}),
    ):
        data = written(picture, "JPEG", quality=95, **options)
        reference = np.asarray(Image.open(io.BytesIO(data)).convert("L")).astype(int)
        assert np.abs(decode_film(data).values - reference).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_turned_picture_is_shown_upright(shallow: Shallow, orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"lossless": True} if kind == "WEBP" else {}
    options |= {"quality": 100} if kind == "JPEG" else {}
    data = written(Image.fromarray(shallow), kind, exif=exif, **options)
    reference = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("L"))
    np.testing.assert_allclose(decode_film(data).values, reference, atol=1)


def test_damaged_exif_does_not_cost_the_film(shallow: Shallow) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = written(Image.fromarray(shallow), "JPEG", exif=exif)
    at = data.find(b"Exif\0\0")
    film = decode_film(data[: at + 6] + b"\xff" * 8 + data[at + 14 :])
    assert film.shape == shallow.shape


def test_sixteen_bits_stay_sixteen_bits(deep: Deep) -> None:
    for data in (
        written(Image.fromarray(deep), "PNG"),
        cv2.imencode(".png", np.dstack([deep] * 3))[1].tobytes(),
        cv2.imencode(".png", np.dstack([deep] * 3 + [np.full_like(deep, 65_535)]))[1].tobytes(),
        tiff(deep),
        tiff(deep, byteorder=">"),
        tiff(np.dstack([deep] * 3), photometric="rgb"),
        tiff(np.stack([deep] * 3), photometric="rgb", planarconfig="separate"),
        tiff(deep, compression="zlib", predictor=True),
        cv2.imencode(".tif", np.dstack([deep] * 3), [cv2.IMWRITE_TIFF_COMPRESSION, 5])[1].tobytes(),
    ):
        film = decode_film(data)
        np.testing.assert_array_equal(film.values, deep)
        np.testing.assert_allclose(film.pixels, deep / 65_535, atol=1e-4)


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_a_detector_s_bits_in_a_sixteen_bit_file_are_not_shown_black(deep: Deep, bits: int) -> None:
    film = decode_film(written(Image.fromarray(deep >> (16 - bits)), "PNG"))
    assert film.pixels.max() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_a_white_is_zero_tiff_is_not_shown_inverted(
    deep: Deep, dtype: type[np.generic], compression: str | None
) -> None:
    pixels = (deep >> 8).astype(dtype) if dtype is np.uint8 else deep
    data = tiff(pixels, photometric="miniswhite", compression=compression)
    np.testing.assert_allclose(decode_film(data).pixels, 1 - pixels / np.iinfo(dtype).max, atol=1e-4)


def test_a_bilevel_tiff_is_black_and_white(shallow: Shallow) -> None:
    bilevel = Image.fromarray(shallow).convert("1")
    for options in ({}, {"compression": "group4"}):
        film = decode_film(written(bilevel, "TIFF", **options))
        np.testing.assert_array_equal(film.values, np.asarray(bilevel) * np.uint8(255))


def test_a_compressed_tiff_is_the_same_film(shallow: Shallow) -> None:
    for compression in ("tiff_lzw", "packbits", "tiff_adobe_deflate"):
        film = decode_film(written(Image.fromarray(shallow), "TIFF", compression=compression))
        np.testing.assert_array_equal(film.values, shallow)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16])
def test_a_float_tiff_from_zero_to_one_is_shown_as_it_is(deep: Deep, dtype: type[np.generic]) -> None:
    levels = (deep / 65_535).astype(dtype)
    film = decode_film(tiff(levels))
    assert film.values.dtype == np.float32
    np.testing.assert_allclose(film.pixels, levels, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.uint32, np.float32])
def test_values_of_any_range_are_shown_over_that_range(deep: Deep, dtype: type[np.generic]) -> None:
    pixels = (deep.astype(np.int32) // 2 - 16_000).clip(0 if dtype is np.uint32 else None).astype(dtype)
    film = decode_film(tiff(pixels))
    np.testing.assert_array_equal(film.values, pixels)
    assert film.pixels.min() < 0.02
    assert film.pixels.max() > 0.98


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_float_tiff_with_a_value_that_is_no_number_is_refused(deep: Deep, bad: float) -> None:
    levels = (deep / 65_535).astype(np.float32)
    levels[3, 4] = bad
    with pytest.raises(UnreadableImage, match="no numbers"):
        decode_film(tiff(levels))


def test_transparent_parts_are_outside_the_film(shallow: Shallow) -> None:
    alpha = np.full_like(shallow, 255)
    alpha[:20] = 0
    film = decode_film(written(Image.fromarray(np.dstack([shallow] * 3 + [alpha]), "RGBA"), "PNG"))
    assert film.visible is not None
    assert not film.visible[:20].any() and film.visible[20:].all()


def test_a_picture_with_several_pages_or_frames_is_refused(shallow: Shallow) -> None:
    first, second = Image.fromarray(shallow), Image.fromarray(255 - shallow)
    for kind in ("TIFF", "PNG", "WEBP"):
        data = written(first, kind, save_all=True, append_images=[second])
        with pytest.raises(UnreadableImage, match="2 images"):
            decode_film(data)


def test_every_real_film_of_the_hospital_set_is_read_at_its_size(data_folder: Path) -> None:
    for path in sorted((data_folder / "kermany_full").glob("*/*"))[:12]:
        with Image.open(path) as picture:
            width, height = picture.size
            reference = np.asarray(picture.convert("L"))
        film = read_radiograph(FilmSource(path))
        assert film.shape == (height, width)
        assert np.abs(film.values.astype(int) - reference).max() <= 1
