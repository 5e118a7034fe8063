"""Whatever is not a film gets a plain reason, and nothing else ever comes out of the reader."""

from __future__ import annotations

import io
import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import decode_film, read_radiograph
from cxr_desktop.imaging.sniff import Kind
from tests.imaging.films import as_bytes_in, file_bytes, read, stored_pixels, with_pixels, with_values


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableImage) as caught:
        decode_film(data)
    return str(caught.value)


def grey_picture(chest: Dataset, kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray((stored_pixels(chest) >> 7).astype(np.uint8)).save(buffer, kind)
    return buffer.getvalue()


def test_an_empty_file_says_so() -> None:
    assert "empty" in reason(b"")


def test_text_renamed_to_jpg_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "Meier_Hans.jpg"
    path.write_text("Dear colleague, please find the film enclosed. " * 20)
    with pytest.raises(UnreadableImage, match="is text") as caught:
        read_radiograph(FilmSource(path))
    assert "Meier" not in str(caught.value)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "WEBP", "TIFF"])
def test_a_truncated_picture_is_not_padded_with_grey(chest: Dataset, kind: str, share: float) -> None:
    data = grey_picture(chest, kind)
    assert "again" in reason(data[: int(len(data) * share)])


def test_a_jpeg_whose_middle_is_missing_is_refused_even_with_a_proper_end(chest: Dataset) -> None:
    data = grey_picture(chest)
    for kept in (len(data) // 2, len(data) - 300):
        assert "ends before its image is complete" in reason(data[:kept] + b"\xff\xd9")


def test_stray_bytes_before_the_end_of_a_jpeg_do_not_cost_the_film(chest: Dataset) -> None:
    data = grey_picture(chest)
    film = decode_film(data[:-2] + b"\x12" + data[-2:])
    np.testing.assert_array_equal(film.values, decode_film(data).values)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, RLELossless, JPEG2000Lossless, JPEGLSLossless])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_truncated_dicom_film_says_that_its_end_is_missing(
    chest: Dataset, syntax: str, share: float
) -> None:
    data = as_bytes_in(chest, syntax)
    assert "ends before its image is complete" in reason(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("CT_small.dcm", "CT slice"),
        ("MR_small.dcm", "MR slice"),
        ("examples_palette.dcm", "ultrasound"),
        ("JPEG2000.dcm", "nuclear medicine"),
        ("reportsi.dcm", "structured report"),
        ("rtplan.dcm", "radiotherapy plan"),
        ("waveform_ecg.dcm", "waveform"),
        ("rtdose_1frame.dcm", "radiotherapy dose"),
        ("liver_1frame.dcm", "segmentation"),
    ],
)
def test_what_is_no_radiograph_is_named_in_words(name: str, word: str) -> None:
    text = reason(Path(str(get_testdata_file(name))).read_bytes())
    assert word in text
    assert "Send the chest X-ray" in text


def test_a_wrong_modality_does_not_hide_what_the_object_is(chest: Dataset) -> None:
    ct = with_values(chest, SOPClassUID="1.2.840.10008.5.1.4.1.1.2")
    assert "CT slice" in reason(file_bytes(ct))
    assert "presentation state" in reason(file_bytes(with_values(chest, Modality="PR")))


@pytest.mark.parametrize("modality", ["CR", "DX", "RG", "OT", "", None])
def test_radiographs_and_captures_of_them_are_read(chest: Dataset, modality: str | None) -> None:
    capture = with_values(chest, Modality=modality, SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    np.testing.assert_array_equal(read(capture).values, stored_pixels(chest))


def test_a_multi_frame_film_is_refused_and_one_frame_is_not(chest: Dataset) -> None:
    assert "2 frames" in reason(file_bytes(with_values(chest, NumberOfFrames=2)))
    assert read(with_values(chest, NumberOfFrames=1)).shape == (128, 128)


@pytest.mark.parametrize("side", [1, 31])
def test_a_film_of_a_few_pixels_is_refused(chest: Dataset, side: int) -> None:
    small = stored_pixels(chest)[:side, :side]
    assert f"{side} × {side}" in reason(file_bytes(with_pixels(chest, small)))
    buffer = io.BytesIO()
    Image.fromarray((small >> 7).astype(np.uint8)).save(buffer, "PNG")
    assert f"{side} × {side}" in reason(buffer.getvalue())


def entry_heads(tag: int) -> list[bytes]:
    """How the entry of a TIFF tag with one SHORT or one LONG begins."""
    return [struct.pack("<HHI", tag, kind, 1) for kind in (3, 4)]


def png_bomb(side: int) -> bytes:
    """A PNG that claims to be huge, with hardly any data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 9)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_bomb_is_refused_by_its_header(chest: Dataset) -> None:
    assert "150 million" in reason(png_bomb(60_000))
    assert "150 million" in reason(png_bomb(12_300))  # just above: Pillow alone would go on
    assert "150 million" in reason(file_bytes(with_values(chest, Rows=60_000, Columns=60_000)))
    jpeg = grey_picture(chest)
    at = jpeg.index(b"\xff\xc0") + 5
    assert "150 million" in reason(jpeg[:at] + struct.pack(">HH", 60_000, 60_000) + jpeg[at + 4 :])
    tiff = bytearray(grey_picture(chest, "TIFF"))
    for tag in (256, 257):  # ImageWidth, ImageLength
        entry = next(tiff.index(head) for head in entry_heads(tag) if head in tiff)
        tiff[entry : entry + 12] = struct.pack("<HHII", tag, 4, 1, 60_000)
    assert "150 million" in reason(bytes(tiff))


def test_a_film_of_few_pixels_with_absurd_depth_is_refused_by_its_header(chest: Dataset) -> None:
    deep = with_values(chest, Rows=12_000, Columns=12_000, SamplesPerPixel=255)
    assert "bits a pixel" in reason(file_bytes(deep))
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, np.zeros((64, 64), np.uint8), photometric="minisblack")
    tiff = bytearray(buffer.getvalue())
    with tifffile.TiffFile(io.BytesIO(tiff)) as file:
        places = {tag.code: tag.offset for tag in file.pages[0].tags}
    for tag, value in ((256, 12_000), (257, 12_000), (258, 64), (277, 60_000)):
        tiff[places[tag] : places[tag] + 12] = struct.pack("<HHII", tag, 4, 1, value)
    assert "bits a pixel" in reason(bytes(tiff))


def test_a_codestream_bomb_inside_a_small_film_is_refused(chest: Dataset) -> None:
    data = as_bytes_in(chest, JPEG2000Lossless)
    at = data.index(b"\xff\x4f\xff\x51") + 8
    assert "damaged" in reason(data[:at] + struct.pack(">II", 60_000, 60_000) + data[at + 8 :])


@pytest.mark.parametrize("value", [0, 7000])
def test_a_blank_film_is_refused(chest: Dataset, tmp_path: Path, value: int) -> None:
    path = tmp_path / "blank.dcm"
    path.write_bytes(file_bytes(with_pixels(chest, np.full((64, 64), value, np.uint16))))
    with pytest.raises(UnreadableImage, match="blank"):
        read_radiograph(FilmSource(path))


def test_a_file_that_vanishes_a_folder_and_a_pipe_have_their_reasons(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="no such file any more"):
        read_radiograph(FilmSource(tmp_path / "gone.dcm"))
    with pytest.raises(UnreadableImage, match="folder"):
        read_radiograph(FilmSource(tmp_path))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.dcm")
        with pytest.raises(UnreadableImage, match="pipe"):
            read_radiograph(FilmSource(tmp_path / "pipe.dcm"))


def test_a_file_without_the_right_to_read_it_says_so(
    tmp_path: Path, chest: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.dcm"
    path.write_bytes(file_bytes(chest))

    def refuse(self: Path, *_: object, **__: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied", str(self))

    # The superuser, as whom tests often run, may read everything; so the refusal is played.
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableImage, match="no right") as caught:
        read_radiograph(FilmSource(path))
    assert "film.dcm" not in str(caught.value)


def test_too_little_memory_becomes_a_reason(
    tmp_path: Path, chest: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.dcm"
    path.write_bytes(file_bytes(chest))

    def exhausted(_: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr("cxr_desktop.imaging.dicom.dicom_radiograph", exhausted)
    with pytest.raises(UnreadableImage, match="Close other programs"):
        read_radiograph(FilmSource(path))


def test_several_threads_read_the_same_films_to_the_same_values(chest: Dataset, tmp_path: Path) -> None:
    sources = []
    for number, syntax in enumerate((ExplicitVRLittleEndian, RLELossless, JPEG2000Lossless, JPEGLosslessSV1)):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(as_bytes_in(chest, syntax).replace(b"ISO_IR 100", b"ISO_IR 999"))
        sources.append(FilmSource(path))
    with ThreadPoolExecutor(6) as pool:
        films = list(pool.map(read_radiograph, sources * 12))
    for film in films:
        np.testing.assert_array_equal(film.values, stored_pixels(chest))


@pytest.fixture(scope="module")
def seeds(chest: Dataset) -> list[bytes]:
    """Small real films in many formats, to be damaged."""
    small = with_pixels(chest, stored_pixels(chest)[:64, :64])
    twelve = with_pixels(small, (stored_pixels(small) >> 3).astype(np.uint16), BitsStored=12, HighBit=11)
    return [
        *(
            as_bytes_in(small, syntax)
            for syntax in (
                ExplicitVRLittleEndian,
                DeflatedExplicitVRLittleEndian,
                RLELossless,
                JPEGLosslessSV1,
                JPEGLSLossless,
                JPEG2000Lossless,
            )
        ),
        as_bytes_in(twelve, JPEGExtended12Bit),
        *(grey_picture(small, kind) for kind in ("JPEG", "PNG", "BMP", "WEBP", "TIFF")),
    ]


FUZZ = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def reads_or_says_why(data: bytes) -> None:
    try:
        film = decode_film(data)
    except UnreadableImage as error:
        assert str(error).endswith(".")
        return
    assert np.isfinite(film.pixels).all()


@FUZZ
@given(data=st.binary(max_size=600))
def test_random_bytes_are_refused_with_a_reason(data: bytes) -> None:
    reads_or_says_why(data)


@FUZZ
@given(
    seed=st.integers(0, 11),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    in_header=st.booleans(),
)
def test_damaged_films_are_read_or_refused_with_a_reason(
    seeds: list[bytes], seed: int, cut: float, flips: list[tuple[float, int]], in_header: bool
) -> None:
    data = bytearray(seeds[seed])
    for place, value in flips:
        data[int(place * (min(len(data), 2500) if in_header else len(data)))] = value
    reads_or_says_why(bytes(data[: int(len(data) * max(cut, 0.02))] if cut < 0.5 else data))


def test_each_kind_of_file_has_its_words() -> None:
    assert len({kind.words for kind in Kind}) == len(Kind)
