"""Damage that decoders pass over in silence: patches that nobody saw in the patient must not be read."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    UID,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.imaging.codestream import jpeg2000_is_sound
from cxr_desktop.imaging.jpeg_samples import decode_samples
from cxr_desktop.imaging.read import decode_film
from tests.imaging.films import as_bytes_in, cropped_rg1, dataset_of, file_bytes, stored_pixels, with_pixels

LOST = 2000
SYNTAXES = [
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLossless,
    JPEGExtended12Bit,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
]


@pytest.fixture(scope="module")
def larger(pydicom_films: Path) -> Dataset:
    return cropped_rg1(pydicom_films, side=512)


def frame_of(dataset: Dataset) -> bytes:
    frame: bytes = next(generate_frames(dataset.PixelData, number_of_frames=1))
    return frame


def compressed(film: Dataset, syntax: UID) -> Dataset:
    bits = {JPEGBaseline8Bit: 8, JPEGExtended12Bit: 12}.get(syntax, 15)
    pixels = stored_pixels(film) >> (15 - bits)
    stored = with_pixels(film, pixels.astype(np.uint8 if bits == 8 else np.uint16))
    stored.BitsStored, stored.HighBit = bits, bits - 1
    return dataset_of(as_bytes_in(stored, syntax))


def with_frame(film: Dataset, frame: bytes) -> bytes:
    film.PixelData = encapsulate([frame])
    film["PixelData"].VR = "OB"
    return file_bytes(film)


@pytest.mark.parametrize("place", [0.4, 0.8])
@pytest.mark.parametrize("damage", ["noise", "a hole", "a loss"])
@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_damage_in_the_middle_of_a_compressed_film_is_noticed(
    larger: Dataset, syntax: UID, damage: str, place: float
) -> None:
    film = compressed(larger, syntax)
    frame = frame_of(film)
    at = int(len(frame) * place)
    lost = {
        "noise": np.random.default_rng(4).integers(0, 256, LOST, np.uint8).tobytes(),
        "a hole": bytes(LOST),
        "a loss": b"",
    }[damage]
    with pytest.raises(UnreadableImage, match="damaged"):
        decode_film(with_frame(film, frame[:at] + lost + frame[at + LOST :]))


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_padding_behind_a_frame_is_no_damage(larger: Dataset, syntax: UID) -> None:
    film = compressed(larger, syntax)
    decode_film(with_frame(film, frame_of(film) + bytes(4)))


def test_the_codestreams_of_other_systems_are_sound(pydicom_films: Path) -> None:
    for name in ("RG1_J2KR", "RG1_J2KI", "RG3_J2KR", "RG3_J2KI", "693_J2KR", "US1_J2KR", "MR2_J2KI"):
        dataset = dataset_of((pydicom_films / f"{name}.dcm").read_bytes())
        assert jpeg2000_is_sound(frame_of(dataset)), name
    for name, shape in (("JPEG-LL", (1024, 256)), ("JPGLosslessP14SV1_1s_1f_8b", (768, 1024))):
        dataset = dataset_of((pydicom_films / f"{name}.dcm").read_bytes())
        assert decode_samples(frame_of(dataset), "GRAYSCALE").shape == shape


def test_other_encoders_codestreams_and_a_jp2_box_around_one_are_sound(larger: Dataset) -> None:
    pixels = stored_pixels(larger)
    for options in ({"codecformat": "jp2"}, {"level": 60}, {"resolutions": 2}):
        assert jpeg2000_is_sound(imagecodecs.jpeg2k_encode(pixels, **options)), options


@pytest.mark.parametrize("data", [b"", b"\xff\x4f\xff\x51", b"\xff\x4f\xff\x51" + bytes(60)])
def test_what_is_no_codestream_is_not_sound(data: bytes) -> None:
    assert not jpeg2000_is_sound(data)


def test_a_colour_film_as_lossless_jpeg_keeps_its_samples(larger: Dataset) -> None:
    grey = (stored_pixels(larger) >> 7).astype(np.uint8)
    colours = np.stack([grey, grey[::-1], grey[:, ::-1]], axis=-1)
    frame = imagecodecs.jpeg8_encode(colours, lossless=True, colorspace="RGB", outcolorspace="RGB")
    np.testing.assert_array_equal(decode_samples(frame, "RGB"), colours)
