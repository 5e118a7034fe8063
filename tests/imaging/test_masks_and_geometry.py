"""Padding, display shutter, overlay planes, and pixels that are not square."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian

from cxr_desktop.imaging.read import decode_film
from tests.imaging.films import as_bytes_in, file_bytes, read, stored_pixels, with_pixels, with_values


def padded(chest: Dataset, value: int, columns: int = 10) -> np.ndarray:
    pixels = stored_pixels(chest).copy()
    pixels[:, :columns] = value
    return pixels


def test_padding_is_black_though_the_film_is_monochrome1(chest: Dataset) -> None:
    film = read(with_pixels(chest, padded(chest, 0), PixelPaddingValue=0))
    assert film.visible is not None
    np.testing.assert_array_equal(film.visible, np.arange(128) >= 10 * np.ones((128, 1)))
    assert film.pixels[:, :10].max() == 0
    assert film.value_range[0] > 0


@pytest.mark.parametrize(("value", "limit"), [(0, 3), (3, 0)])
def test_a_padding_range_counts_from_either_end(chest: Dataset, value: int, limit: int) -> None:
    film = read(with_pixels(chest, padded(chest, 2), PixelPaddingValue=value, PixelPaddingRangeLimit=limit))
    assert film.visible is not None
    assert not film.visible[:, :10].any()
    assert film.visible[:, 10:].all()


def test_padding_of_the_whole_film_is_not_believed(chest: Dataset) -> None:
    film = read(with_values(chest, PixelPaddingValue=0, PixelPaddingRangeLimit=32767))
    assert film.visible is None


def test_a_rectangular_shutter_counts_its_edges_from_one(chest: Dataset) -> None:
    film = read(
        with_values(
            chest,
            ShutterShape="RECTANGULAR",
            ShutterLeftVerticalEdge=11,
            ShutterRightVerticalEdge=120,
            ShutterUpperHorizontalEdge=21,
            ShutterLowerHorizontalEdge=100,
        )
    )
    open_part = np.zeros((128, 128), bool)
    open_part[20:100, 10:120] = True
    np.testing.assert_array_equal(film.visible, open_part)


def test_a_circular_shutter_is_open_within_its_radius(chest: Dataset) -> None:
    film = read(
        with_values(
            chest, ShutterShape="CIRCULAR", CenterOfCircularShutter=[65, 65], RadiusOfCircularShutter=30
        )
    )
    assert film.visible is not None
    assert film.visible.sum() == pytest.approx(np.pi * 30**2, rel=0.02)
    assert film.visible[64, 64] and film.visible[64, 94] and not film.visible[64, 95]


def test_of_several_shutters_the_common_part_is_open(chest: Dataset) -> None:
    film = read(
        with_values(
            chest,
            ShutterShape=["POLYGONAL", "CIRCULAR"],
            VerticesOfThePolygonalShutter=[1, 1, 1, 65, 128, 65, 128, 1],
            CenterOfCircularShutter=[65, 65],
            RadiusOfCircularShutter=30,
        )
    )
    assert film.visible is not None
    assert film.visible[64, 60] and not film.visible[64, 70] and not film.visible[5, 5]
    assert film.visible.sum() == pytest.approx(np.pi * 30**2 / 2, rel=0.05)


@pytest.mark.parametrize(
    "damaged",
    [
        {"ShutterShape": "RECTANGULAR"},
        {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [65, 65], "RadiusOfCircularShutter": -1},
        {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 2, 3]},
        {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [900, 900], "RadiusOfCircularShutter": 5},
    ],
    ids=["no edges", "negative radius", "half a vertex", "outside the film"],
)
def test_a_damaged_shutter_hides_nothing(chest: Dataset, damaged: dict[str, object]) -> None:
    assert read(with_values(chest, **damaged)).visible is None


def plane(height: int, width: int) -> np.ndarray:
    """A frame with a diagonal, so that a transposed or mirrored plane is noticed."""
    bits = np.zeros((height, width), bool)
    bits[0] = bits[:, 0] = True
    np.fill_diagonal(bits, True)
    return bits


def with_overlay(chest: Dataset, bits: np.ndarray, origin: tuple[int, int], group: int = 0x6000) -> Dataset:
    changed = with_values(chest)
    data = np.packbits(bits, bitorder="little").tobytes()
    changed.add_new((group, 0x0010), "US", bits.shape[0])
    changed.add_new((group, 0x0011), "US", bits.shape[1])
    changed.add_new((group, 0x0040), "CS", "G")
    changed.add_new((group, 0x0050), "SS", list(origin))
    changed.add_new((group, 0x0100), "US", 1)
    changed.add_new((group, 0x0102), "US", 0)
    changed.add_new((group, 0x3000), "OW", data + b"\0" * (len(data) % 2))
    return changed


def test_an_overlay_is_found_and_kept_out_of_the_pixels(chest: Dataset) -> None:
    bits = plane(60, 50)
    film = read(with_overlay(chest, bits, (5, 11)))
    expected = np.zeros((128, 128), bool)
    expected[4:64, 10:60] = bits
    np.testing.assert_array_equal(film.overlay, expected)
    np.testing.assert_array_equal(film.pixels, read(chest).pixels)


def test_an_overlay_that_reaches_over_the_edge_is_cut(chest: Dataset) -> None:
    bits = plane(140, 140)
    film = read(with_overlay(chest, bits, (-1, 0)))
    np.testing.assert_array_equal(film.overlay, bits[2:130, 1:129])


def test_several_overlay_planes_are_laid_over_each_other(chest: Dataset) -> None:
    first, second = np.eye(64, dtype=bool), np.eye(64, dtype=bool)[::-1]
    film = read(with_overlay(with_overlay(chest, first, (1, 1)), second, (1, 1), group=0x6002))
    assert film.overlay is not None
    np.testing.assert_array_equal(film.overlay[:64, :64], first | second)


def test_an_overlay_in_big_endian_words_is_not_scrambled(chest: Dataset) -> None:
    bits = plane(32, 48)
    sent = with_overlay(chest, bits, (1, 1))
    sent[0x6000, 0x3000].value = np.frombuffer(sent[0x6000, 0x3000].value, "<u2").astype(">u2").tobytes()
    film = decode_film(as_bytes_in(sent, ExplicitVRBigEndian))
    assert film.overlay is not None
    np.testing.assert_array_equal(film.overlay[:32, :48], bits)


def test_an_overlay_hidden_in_the_unused_bits_is_found(chest: Dataset) -> None:
    bits = plane(128, 128)
    stored = (stored_pixels(chest) >> 3).astype(np.uint16)
    sent = with_pixels(chest, stored | (bits.astype(np.uint16) << 12), BitsStored=12, HighBit=11)
    sent.add_new((0x6000, 0x0010), "US", 128)
    sent.add_new((0x6000, 0x0011), "US", 128)
    sent.add_new((0x6000, 0x0100), "US", 16)
    sent.add_new((0x6000, 0x0102), "US", 12)
    film = decode_film(file_bytes(sent))
    np.testing.assert_array_equal(film.overlay, bits)
    np.testing.assert_array_equal(film.values, stored)


def test_an_overlay_with_too_few_bits_is_left_out(chest: Dataset) -> None:
    sent = with_overlay(chest, np.eye(16, dtype=bool), (1, 1))
    sent[0x6000, 0x0010].value = 5000
    assert read(sent).overlay is None


def test_oblong_pixels_become_square_and_every_mask_with_them(chest: Dataset) -> None:
    narrow = stored_pixels(chest)[:, ::2]
    bits = np.zeros((128, 64), bool)
    bits[:, :32] = True
    sent = with_overlay(with_pixels(chest, narrow, PixelSpacing=None, PixelAspectRatio=[1, 2]), bits, (1, 1))
    film = read(with_values(sent, ShutterShape="RECTANGULAR", ShutterLeftVerticalEdge=33,
                            ShutterRightVerticalEdge=64, ShutterUpperHorizontalEdge=1,
                            ShutterLowerHorizontalEdge=128))  # fmt: skip
    assert film.shape == (128, 128)
    assert film.values.dtype == np.uint16
    assert film.overlay is not None and film.visible is not None
    np.testing.assert_array_equal(film.overlay[0], np.arange(128) < 64)
    np.testing.assert_array_equal(film.visible[0], np.arange(128) >= 64)
    whole = stored_pixels(chest).astype(float)
    assert np.abs(film.values - whole).mean() < 0.05 * whole.std() + 100


def test_unequal_spacing_means_oblong_pixels_too(chest: Dataset) -> None:
    film = read(with_values(chest, PixelSpacing=["0.3", "0.15"]))
    assert film.shape == (256, 128)
    assert film.spacing_mm == (0.15, 0.15)


def test_a_circular_shutter_stays_a_circle_when_pixels_become_square(chest: Dataset) -> None:
    sent = with_values(
        chest,
        PixelSpacing=["0.3", "0.15"],
        ShutterShape="CIRCULAR",
        CenterOfCircularShutter=[65, 65],
        RadiusOfCircularShutter=40,
    )
    film = read(sent)
    assert film.visible is not None
    rows, columns = np.nonzero(film.visible)
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)


def test_an_absurd_aspect_is_taken_for_a_typing_error(chest: Dataset) -> None:
    assert read(with_values(chest, PixelSpacing=None, PixelAspectRatio=[1, 1000])).shape == (128, 128)


@pytest.mark.parametrize(
    ("tags", "spacing"),
    [
        ({"PixelSpacing": ["0.14", "0.14"], "ImagerPixelSpacing": ["0.2", "0.2"]}, (0.14, 0.14)),
        ({"PixelSpacing": None, "ImagerPixelSpacing": ["0.2", "0.2"]}, (0.2, 0.2)),
        ({"PixelSpacing": None, "NominalScannedPixelSpacing": ["0.1", "0.1"]}, (0.1, 0.1)),
        ({"PixelSpacing": ["0", "0"]}, None),
        ({"PixelSpacing": None}, None),
    ],
)
def test_the_spacing_is_the_calibrated_one_or_else_the_detectors(
    chest: Dataset, tags: dict[str, object], spacing: tuple[float, float] | None
) -> None:
    assert read(with_values(chest, **tags)).spacing_mm == spacing
