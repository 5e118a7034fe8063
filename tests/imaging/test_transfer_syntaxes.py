"""One film, sent in every transfer syntax, is the same film."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    MPEG2MPML,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.read import decode_film, read_radiograph
from tests.imaging.films import as_bytes_in, dataset_of, read, stored_pixels, with_pixels

LOSSLESS = [
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEG2000Lossless,
]


def in_bits(chest: Dataset, bits: int) -> Dataset:
    """The film reduced to 8 or 12 bits, which the lossy processes can hold."""
    pixels = stored_pixels(chest) >> (15 - bits)
    if bits == 8:
        return with_pixels(chest, pixels.astype(np.uint8), WindowCenter=128, WindowWidth=256)
    return with_pixels(chest, pixels.astype(np.uint16), BitsStored=bits, HighBit=bits - 1)


@pytest.mark.parametrize("syntax", LOSSLESS, ids=lambda uid: uid.keyword)
def test_a_lossless_syntax_gives_every_value_back(chest: Dataset, syntax: UID) -> None:
    film = decode_film(as_bytes_in(chest, syntax))
    assert film.values.dtype == np.uint16
    np.testing.assert_array_equal(film.values, stored_pixels(chest))
    assert film.low_is_white
    assert film.header.patient_id == "9RG1"


@pytest.mark.parametrize(("syntax", "bits"), [(JPEGBaseline8Bit, 8), (JPEGExtended12Bit, 12)])
def test_a_lossy_jpeg_film_comes_out_close(chest: Dataset, syntax: UID, bits: int) -> None:
    reduced = in_bits(chest, bits)
    film = decode_film(as_bytes_in(reduced, syntax))
    difference = film.values.astype(int) - stored_pixels(reduced).astype(int)
    assert np.abs(difference).max() <= 4


def test_a_twelve_bit_jpeg_as_the_standard_has_it_comes_out_close(chest: Dataset) -> None:
    reduced = in_bits(chest, 12)
    frame = imagecodecs.jpeg8_encode(stored_pixels(reduced).astype(np.uint16), level=98, bitspersample=12)
    sent = dataset_of(as_bytes_in(reduced, JPEGExtended12Bit))
    sent.PixelData = encapsulate([frame])
    difference = read(sent).values.astype(int) - stored_pixels(reduced).astype(int)
    assert np.abs(difference).max() <= 8


@pytest.mark.parametrize("low", [0, 2047, 3000])
def test_a_twelve_bit_jpeg_of_gdcm_is_right_over_its_whole_range(chest: Dataset, low: int) -> None:
    stretched = np.interp(stored_pixels(chest), [0, stored_pixels(chest).max()], [low, 4095])
    reduced = with_pixels(chest, stretched.astype(np.uint16), BitsStored=12, HighBit=11)
    film = decode_film(as_bytes_in(reduced, JPEGExtended12Bit))
    assert np.abs(film.values.astype(int) - stored_pixels(reduced)).max() <= 4


def test_a_near_lossless_jpeg_ls_film_comes_out_within_its_tolerance(chest: Dataset) -> None:
    sent = with_pixels(chest, stored_pixels(chest))
    sent.compress(JPEGLSNearLossless, jls_error=3)
    difference = read(sent).values.astype(int) - stored_pixels(chest).astype(int)
    assert 0 < np.abs(difference).max() <= 3


def test_real_films_are_the_same_uncompressed_and_as_lossless_jpeg_2000(pydicom_films: Path) -> None:
    plain = read_radiograph(FilmSource(pydicom_films / "RG3_UNCR.dcm"))
    packed = read_radiograph(FilmSource(pydicom_films / "RG3_J2KR.dcm"))
    np.testing.assert_array_equal(plain.values, packed.values)
    assert pixel_fingerprint(plain) == pixel_fingerprint(packed)


def test_lossy_jpeg_2000_shows_the_film_almost_as_it_was(pydicom_films: Path) -> None:
    plain = read_radiograph(FilmSource(pydicom_films / "RG3_UNCR.dcm"))
    lossy = read_radiograph(FilmSource(pydicom_films / "RG3_J2KI.dcm"))
    assert np.abs(plain.pixels - lossy.pixels).mean() < 0.01


@pytest.mark.parametrize(
    "name",
    ["SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_gdcm_KY.dcm", "SC_rgb_rle.dcm", "SC_ybr_full_422_uncompressed.dcm"],
)
def test_a_colour_secondary_capture_becomes_its_luminance(pydicom_films: Path, name: str) -> None:
    path = Path(str(get_testdata_file(name)))
    film = decode_film(path.read_bytes())
    reference = decode_film((pydicom_films / "SC_rgb.dcm").read_bytes())
    assert film.values.dtype == np.uint8
    assert np.abs(film.values.astype(int) - reference.values).mean() < 3


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless])
def test_a_codestream_that_ends_early_is_refused(chest: Dataset, syntax: UID) -> None:
    sent = dataset_of(as_bytes_in(chest, syntax))
    frame = next(generate_frames(sent.PixelData, number_of_frames=1))
    sent.PixelData = encapsulate([frame[: len(frame) // 2]])
    with pytest.raises(UnreadableImage):
        read(sent)


def test_a_baseline_frame_with_its_middle_missing_is_not_filled_with_grey(chest: Dataset) -> None:
    sent = dataset_of(as_bytes_in(in_bits(chest, 8), JPEGBaseline8Bit))
    frame = next(generate_frames(sent.PixelData, number_of_frames=1))
    sent.PixelData = encapsulate([frame[: len(frame) // 2] + b"\xff\xd9"])
    with pytest.raises(UnreadableImage, match="damaged"):
        read(sent)


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless])
def test_a_codestream_of_another_size_than_the_header_says_is_refused(chest: Dataset, syntax: UID) -> None:
    sent = dataset_of(as_bytes_in(chest, syntax))
    sent.Rows = 64
    with pytest.raises(UnreadableImage, match="damaged"):
        read(sent)


@pytest.mark.parametrize("syntax", [MPEG2MPML, UID("1.2.3.4.5"), HTJ2KLossless])
def test_an_unknown_or_wrong_compression_is_refused_with_a_remedy(chest: Dataset, syntax: UID) -> None:
    data = as_bytes_in(chest, JPEG2000Lossless)
    sent_as, said = str(JPEG2000Lossless).encode(), str(syntax).encode().ljust(22, b"\0")
    data = data.replace(sent_as, said).replace(b"\xff\x4f\xff\x51", b"none")
    with pytest.raises(UnreadableImage, match=r"(Export|Send)"):
        decode_film(data)


def test_a_deflated_file_that_unpacks_without_end_is_refused_before_it_does(chest: Dataset) -> None:
    bomb = with_pixels(chest, np.zeros((3000, 3000), np.uint16))
    data = as_bytes_in(bomb, DeflatedExplicitVRLittleEndian)
    with pytest.raises(UnreadableImage, match="unpacks to more than 100 times"):
        decode_film(data)


def test_a_data_set_without_preamble_is_read(chest: Dataset) -> None:
    for syntax in (ImplicitVRLittleEndian, ExplicitVRLittleEndian):
        whole = as_bytes_in(chest, syntax)
        bare = whole[144 + int.from_bytes(whole[140:144], "little") :]
        np.testing.assert_array_equal(decode_film(bare).values, stored_pixels(chest))
