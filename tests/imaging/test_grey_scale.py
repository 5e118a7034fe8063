"""Modality values, polarity, and the windows and tables that a DICOM film offers."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, JPEGLosslessSV1

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.windowing import LookupTable, Window, WindowFunction
from cxr_desktop.imaging.read import decode_film
from tests.imaging.films import (
    as_bytes_in,
    file_bytes,
    item,
    read,
    sequence,
    stored_pixels,
    with_pixels,
    with_values,
    words,
)


def test_a_monochrome1_film_shows_air_black(chest: Dataset) -> None:
    film = read(chest)
    stored = stored_pixels(chest)
    # RG1 stores air as high values.
    assert film.pixels.flat[stored.argmax()] < film.pixels.flat[stored.argmin()]


def test_an_inverse_presentation_lut_turns_a_monochrome2_film_round_once(chest: Dataset) -> None:
    upright = read(with_values(chest, PhotometricInterpretation="MONOCHROME2"))
    inverse = read(
        with_values(chest, PhotometricInterpretation="MONOCHROME2", PresentationLUTShape="INVERSE")
    )
    np.testing.assert_allclose(inverse.pixels, 1 - upright.pixels, atol=1e-6)


def test_monochrome1_and_inverse_together_do_not_cancel_out(chest: Dataset) -> None:
    both = read(with_values(chest, PresentationLUTShape="INVERSE"))
    np.testing.assert_array_equal(both.pixels, read(chest).pixels)


def test_signed_values_keep_their_sign(chest: Dataset) -> None:
    signed = stored_pixels(chest).astype(np.int16) - 5000
    film = read(with_pixels(chest, signed, BitsStored=16, HighBit=15))
    assert film.values.dtype == np.int16
    np.testing.assert_array_equal(film.values, signed)


def test_a_signed_film_of_twelve_bits_is_extended_from_its_own_sign_bit(chest: Dataset) -> None:
    signed = (stored_pixels(chest) >> 4).astype(np.int16) - 300
    twelve = (signed.view(np.uint16) & 0x0FFF).astype(np.int16)
    film = read(with_pixels(chest, twelve, BitsStored=12, HighBit=11))
    np.testing.assert_array_equal(film.values, signed)


def test_garbage_above_the_stored_bits_is_not_seen(chest: Dataset) -> None:
    stored = (stored_pixels(chest) >> 3).astype(np.uint16)
    dirty = stored | (np.arange(stored.size, dtype=np.uint16).reshape(stored.shape) << 12)
    film = read(with_pixels(chest, dirty, BitsStored=12, HighBit=11))
    np.testing.assert_array_equal(film.values, stored)


def test_values_that_stand_high_in_their_word_are_shifted_down(chest: Dataset) -> None:
    stored = (stored_pixels(chest) >> 3).astype(np.uint16)
    film = read(with_pixels(chest, stored << 4, BitsStored=12, HighBit=15))
    np.testing.assert_array_equal(film.values, stored)


def test_high_bit_means_nothing_inside_a_codestream(chest: Dataset) -> None:
    stored = (stored_pixels(chest) >> 3).astype(np.uint16)
    data = as_bytes_in(with_pixels(chest, stored, BitsStored=12, HighBit=11), JPEGLosslessSV1)
    wrong = data.replace(b"\x02\x01US\x02\x00\x0b\x00", b"\x02\x01US\x02\x00\x0f\x00")
    np.testing.assert_array_equal(decode_film(wrong).values, stored)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint32, np.int32])
def test_other_word_lengths_give_the_same_numbers(chest: Dataset, dtype: type[np.generic]) -> None:
    stored = (stored_pixels(chest) >> 7).astype(dtype)
    np.testing.assert_array_equal(read(with_pixels(chest, stored)).values, stored)


def test_an_odd_number_of_eight_bit_pixels_survives_big_endian(chest: Dataset) -> None:
    stored = (stored_pixels(chest)[:127, :127] >> 7).astype(np.uint8)
    film = decode_film(as_bytes_in(with_pixels(chest, stored), ExplicitVRBigEndian))
    np.testing.assert_array_equal(film.values, stored)


def test_rescale_gives_modality_values(chest: Dataset) -> None:
    film = read(with_values(chest, RescaleSlope="0.5", RescaleIntercept="-1024"))
    assert film.values.dtype == np.float32
    np.testing.assert_allclose(film.values, stored_pixels(chest) * 0.5 - 1024)


def test_an_identity_rescale_leaves_integers(chest: Dataset) -> None:
    assert read(with_values(chest, RescaleSlope="1", RescaleIntercept="0")).values.dtype == np.uint16


def test_a_rescale_that_overflows_is_refused(chest: Dataset) -> None:
    with pytest.raises(UnreadableImage, match="rescale"):
        read(with_values(chest, RescaleSlope="1e300", RescaleIntercept="0"))


def test_a_modality_lut_is_applied_before_the_window(chest: Dataset) -> None:
    stored = (stored_pixels(chest) >> 7).astype(np.uint8)
    table = item(
        LUTDescriptor=[256, 0, 16], ModalityLUTType="US", LUTData=words([1000 + 3 * i for i in range(256)])
    )
    film = read(with_pixels(chest, stored, ModalityLUTSequence=sequence(table)))
    np.testing.assert_array_equal(film.values, 1000 + 3 * stored.astype(int))


def test_a_modality_lut_may_begin_below_the_stored_values(chest: Dataset) -> None:
    stored = (stored_pixels(chest) >> 7).astype(np.uint8)
    table = item(LUTDescriptor=[300, 0, 16], ModalityLUTType="US", LUTData=words(list(range(300))))
    sent = file_bytes(with_pixels(chest, stored, ModalityLUTSequence=sequence(table)))
    # The descriptor's second value, -10, in place of 0.
    entry, descriptor = struct.pack("<HHH", 300, 0, 16), struct.pack("<HhH", 300, -10, 16)
    film = decode_film(sent.replace(entry, descriptor).replace(b"\x02\x30US", b"\x02\x30SS"))
    np.testing.assert_array_equal(film.values, stored.astype(int) + 10)


def test_all_windows_of_the_file_are_offered_in_its_order(chest: Dataset) -> None:
    film = read(
        with_values(
            chest,
            WindowCenter=[4000, 6000],
            WindowWidth=[8000, 2000],
            WindowCenterWidthExplanation=["LUNG", "BONE"],
        )
    )
    assert film.transforms == (
        Window(4000, 8000, WindowFunction.LINEAR, "LUNG"),
        Window(6000, 2000, WindowFunction.LINEAR, "BONE"),
    )


@pytest.mark.parametrize("function", list(WindowFunction))
def test_the_voi_lut_function_of_the_file_is_used(chest: Dataset, function: WindowFunction) -> None:
    film = read(with_values(chest, VOILUTFunction=str(function)))
    assert film.transforms == (Window(15000, 30000, function),)


def test_a_voi_lut_comes_before_the_windows(chest: Dataset) -> None:
    table = item(
        LUTDescriptor=[256, 0, 12], LUTExplanation="CHEST", LUTData=words([16 * i for i in range(256)])
    )
    stored = (stored_pixels(chest) >> 7).astype(np.uint8)
    film = read(with_pixels(chest, stored, VOILUTSequence=sequence(table)))
    lut, window = film.transforms
    assert isinstance(lut, LookupTable)
    assert isinstance(window, Window)
    assert (lut.first, lut.name, lut.levels.size) == (0, "CHEST", 256)
    np.testing.assert_allclose(1 - film.pixels, 16 * stored.astype(np.float64) / 4095, atol=1e-6)


@pytest.mark.parametrize(
    "damaged",
    [
        {"LUTDescriptor": [256, 0, 12], "LUTData": words([1, 2, 3])},
        {"LUTDescriptor": [256, 0, 99], "LUTData": words([16 * i for i in range(256)])},
        {"LUTDescriptor": [256, 0, 12]},
    ],
    ids=["too short", "impossible bits", "no data"],
)
def test_a_damaged_voi_lut_leaves_the_window_in_force(chest: Dataset, damaged: dict[str, object]) -> None:
    film = read(with_values(chest, VOILUTSequence=sequence(item(**damaged))))
    assert film.transforms == (Window(15000, 30000, WindowFunction.LINEAR),)


def test_a_film_without_a_window_is_shown_over_its_values_but_not_over_its_outliers(chest: Dataset) -> None:
    pixels = stored_pixels(chest).copy()
    pixels[0, :4] = 32767
    film = read(with_pixels(chest, pixels, WindowCenter=None, WindowWidth=None))
    (window,) = film.transforms
    assert isinstance(window, Window)
    assert window.center + window.width / 2 <= stored_pixels(chest).max()
    assert film.pixels.std() > 0.1


def test_an_eight_bit_capture_without_a_window_is_shown_as_it_was_captured(chest: Dataset) -> None:
    stored = (stored_pixels(chest) >> 7).astype(np.uint8)
    film = read(
        with_pixels(
            chest, stored, WindowCenter=None, WindowWidth=None, PhotometricInterpretation="MONOCHROME2"
        )
    )
    np.testing.assert_allclose(film.pixels, stored / 255, atol=1e-6)


@pytest.mark.parametrize(("center", "width"), [(-90000, 10), (90000, 10)], ids=["all white", "all black"])
def test_a_window_that_shows_nothing_is_not_the_default(chest: Dataset, center: int, width: int) -> None:
    film = read(with_values(chest, WindowCenter=center, WindowWidth=width))
    assert np.ptp(film.pixels) > 0.9
    assert film.transforms[-1] == Window(center, width, WindowFunction.LINEAR)


@pytest.mark.parametrize("width", [0, -5])
def test_an_impossible_window_is_left_out(chest: Dataset, width: int) -> None:
    film = read(with_values(chest, WindowCenter=4000, WindowWidth=width))
    assert np.ptp(film.pixels) > 0.9
    assert len(film.transforms) == 1
