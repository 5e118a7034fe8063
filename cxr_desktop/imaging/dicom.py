"""A DICOM file -> Radiograph, step by step."""

from __future__ import annotations

import io
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.archive import MAX_RATIO, RATIO_MATTERS_ABOVE
from cxr_desktop.imaging.dicom_frame import complete_description, unpack_frame
from cxr_desktop.imaging.dicom_grey import (
    colour_luminance,
    grey_transforms,
    low_is_white,
    modality_values,
    narrowed,
    without_unused_bits,
)
from cxr_desktop.imaging.dicom_header import film_header
from cxr_desktop.imaging.dicom_masks import overlay_mask, pixel_aspect, spacing, visible_mask
from cxr_desktop.imaging.dicom_scope import check_scope
from cxr_desktop.imaging.limits import MAX_FILE_BYTES, check_size
from cxr_desktop.imaging.quiet import silence_decoders
from cxr_desktop.imaging.sniff import SNIFF_BYTES
from cxr_desktop.language import tr

silence_decoders()

_NEARLY_SQUARE = 0.01
_CHUNK = 16_000_000

DAMAGED_FILE = tr("This DICOM file is damaged: its header cannot be read. Send the film again.")


def dicom_radiograph(data: bytes) -> Radiograph:
    """Decodes one DICOM film, with or without preamble.

    Raises:
        UnreadableImage: no radiograph, cut off, damaged, several frames, too large or too small.
    """
    dataset = parse_dataset(data)
    check_scope(dataset)
    complete_description(dataset)
    frame = unpack_frame(dataset)
    overlay = overlay_mask(frame.stored, dataset)
    if dataset.SamplesPerPixel == 1:
        stored = without_unused_bits(frame.stored, dataset)
        visible = visible_mask(stored, dataset)
    if frame.photometric.startswith("MONOCHROME"):
        values = modality_values(stored, dataset)
    else:
        stored = frame.stored if dataset.SamplesPerPixel > 1 else stored
        values = narrowed(colour_luminance(stored, frame.photometric, dataset))
        visible = visible_mask(np.zeros(values.shape, np.uint8), dataset)
    transforms = grey_transforms(dataset, values, visible)
    square, aspect = _square_shape(values.shape, dataset)
    return Radiograph(
        values=_resampled(values, square, cv2.INTER_LINEAR),
        transforms=transforms,
        low_is_white=low_is_white(frame.photometric, dataset),
        header=film_header(dataset),
        spacing_mm=_square_spacing(dataset, aspect),
        visible=_resampled_mask(visible, square),
        overlay=_resampled_mask(overlay, square),
    )


def parse_dataset(data: bytes) -> Dataset:
    """The data set of a DICOM file; its values are converted when they are asked for.

    Raises:
        UnreadableImage: nothing that can be parsed.
    """
    _refuse_deflate_bomb(data)
    try:
        # force: a data set without preamble and file meta information is read as well.
        try:
            dataset = dcmread(io.BytesIO(data), force=True)
        except ValueError:
            # pydicom looks the character set up at once, and some damaged names break that.
            dataset = dcmread(io.BytesIO(_without_character_set(data)), force=True)
        if not dataset:
            # pydicom drops everything where the compressed pixel data are cut off; the header is still there.
            dataset = dcmread(io.BytesIO(data), force=True, stop_before_pixels=True)
    except MemoryError:
        raise
    except Exception as error:  # pydicom raises what the damaged bytes happen to cause
        raise UnreadableImage(DAMAGED_FILE) from error
    return dataset


def _without_character_set(data: bytes) -> bytes:
    """The file with its Specific Character Set (0008,0005) blanked out, in explicit or implicit VR."""
    at = data.find(b"\x08\x00\x05\x00", 0, SNIFF_BYTES)
    if at < 0:
        return data
    explicit = data[at + 4 : at + 6] == b"CS"
    length = int.from_bytes(data[at + 6 : at + 8] if explicit else data[at + 4 : at + 8], "little")
    start = at + 8
    length = min(length, len(data) - start)
    return data[:start] + b" " * length + data[start + length :]


def _refuse_deflate_bomb(data: bytes) -> None:
    """A deflated data set is unpacked by pydicom at once and whole; so its size is measured before."""
    if f"{DeflatedExplicitVRLittleEndian}".encode() not in data[:SNIFF_BYTES]:
        return
    # File Meta Information Group Length (PS3.10 7.1) is the first element behind the preamble.
    start = 144 + int.from_bytes(data[140:144], "little")
    allowed = min(MAX_FILE_BYTES, max(RATIO_MATTERS_ABOVE, MAX_RATIO * len(data)))
    inflate, packed, total = zlib.decompressobj(-zlib.MAX_WBITS), data[start:], 0
    try:
        while packed and not inflate.eof:
            total += len(inflate.decompress(packed, _CHUNK))
            packed = inflate.unconsumed_tail
            if total > allowed:
                raise UnreadableImage(
                    tr(
                        "This deflated DICOM file unpacks to more than {most} times its size or "
                        "{gigabytes:.1f} GB, as no film does. Send the film uncompressed.",
                        most=MAX_RATIO,
                        gigabytes=MAX_FILE_BYTES / 1e9,
                    )
                )
    except zlib.error as error:
        raise UnreadableImage(DAMAGED_FILE) from error


def _square_shape(shape: tuple[int, ...], dataset: Dataset) -> tuple[tuple[int, int], float]:
    """The shape with square pixels, and what the height of a pixel was over its width.

    The shorter side of a pixel is kept, so that no detail is lost.
    """
    rows, columns = shape[0], shape[1]
    aspect = pixel_aspect(dataset)
    if abs(aspect - 1) < _NEARLY_SQUARE:
        return (rows, columns), aspect
    square = (round(rows * aspect), columns) if aspect > 1 else (rows, round(columns / aspect))
    check_size(*square)
    return square, aspect


def _square_spacing(dataset: Dataset, aspect: float) -> tuple[float, float] | None:
    pair = spacing(dataset)
    if pair is None or abs(aspect - 1) < _NEARLY_SQUARE:
        return pair
    return (pair[1], pair[1]) if aspect > 1 else (pair[0], pair[0])


def _resampled(array: NDArray[np.generic], shape: tuple[int, int], interpolation: int) -> NDArray[np.generic]:
    if array.shape == shape:
        return array
    resampled: NDArray[np.generic] = cv2.resize(array, shape[::-1], interpolation=interpolation)
    return resampled


def _resampled_mask(mask: NDArray[np.bool_] | None, shape: tuple[int, int]) -> NDArray[np.bool_] | None:
    if mask is None or mask.shape == shape:
        return mask
    return _resampled(mask.view(np.uint8), shape, cv2.INTER_NEAREST).astype(np.bool_)
