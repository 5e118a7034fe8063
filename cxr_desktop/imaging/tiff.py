"""TIFF films: 1 to 64 bits, integer or float, plain or compressed."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.grey import luminance
from cxr_desktop.imaging.jpeg import CUT_OFF, DAMAGED
from cxr_desktop.imaging.limits import check_size
from cxr_desktop.imaging.pictures import as_radiograph, several_pages, upright
from cxr_desktop.language import tr

_UNCOMPRESSED = 1
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _SEPARATED = 0, 1, 2, 3, 5
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType: a thumbnail or a mask beside the image

NOT_FINITE = tr("The image holds values that are no numbers (NaN or infinity). Export the film again.")


def tiff_radiograph(data: bytes) -> Radiograph:
    """Decodes a TIFF file with one page.

    Values are the file's own (uint8, uint16, int16, else float32), colours turned to luminance.

    Raises:
        UnreadableImage: cut off, damaged, several pages, too large or too small, NaN or infinity.
    """
    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            pages = [page for page in file.pages if not page.subfiletype & (_REDUCED | _MASK)]
            if len(pages) != 1:
                raise UnreadableImage(several_pages(len(pages)) if pages else CUT_OFF)
            page = pages[0]
            # A damaged tag may hold several numbers or text, which int() refuses.
            bits_a_pixel = int(page.samplesperpixel) * int(page.bitspersample)
            check_size(int(page.imagelength), int(page.imagewidth), bits_a_pixel)
            if page.imagedepth > 1:
                raise UnreadableImage(several_pages(page.imagedepth))
            # libtiff fills strips that lie behind the end of the file without a word.
            ends = [start + count for start, count in zip(page.dataoffsets, page.databytecounts, strict=True)]
            if not ends or max(ends) > len(data):
                raise UnreadableImage(CUT_OFF)
            orientation = page.tags.valueof(274, default=1)
            values, low_is_white = _decode(page, data)
    except UnreadableImage:
        raise
    except MemoryError:
        raise
    except Exception as error:  # tifffile raises a dozen types for damaged tags
        raise UnreadableImage(DAMAGED) from error
    values = upright(_as_values(values), orientation)
    return as_radiograph(values, low_is_white=low_is_white)


def _decode(page: Any, data: bytes) -> tuple[NDArray[np.generic], bool]:
    """(height, width) of any real dtype, and whether low values are white.

    Uncompressed pages are read by tifffile, which knows every number type; compressed ones by libtiff inside
    OpenCV, which never unpacks a strip beyond its size.
    """
    photometric = int(page.photometric)
    if photometric == _SEPARATED:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as picture:
            return np.asarray(picture.convert("L")), False
    simple = photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB)
    if int(page.compression) == _UNCOMPRESSED and simple:
        pixels = page.asarray()
        if page.bitspersample == 1:
            pixels = pixels.astype(np.uint8) * 255
        if page.planarconfig == 2 and pixels.ndim == 3:
            pixels = np.moveaxis(pixels, 0, -1)  # (C, H, W) -> (H, W, C)
        return _one_channel(pixels), photometric == _WHITE_IS_ZERO
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None or pixels.shape[:2] != (page.imagelength, page.imagewidth):
        raise UnreadableImage(DAMAGED)
    if pixels.ndim == 3 and pixels.shape[2] >= 3:
        pixels = pixels[..., 2::-1]  # BGR(A) -> RGB
    # Up to eight bits libtiff has turned WhiteIsZero round already.
    return _one_channel(pixels), photometric == _WHITE_IS_ZERO and page.bitspersample > 8


def _one_channel(pixels: NDArray[Any]) -> NDArray[np.generic]:
    """Luminance of RGB(A), the first channel of grey with alpha, grey as it is."""
    if pixels.ndim == 2:
        return pixels
    if pixels.ndim == 3 and pixels.shape[2] >= 3:
        return luminance(pixels[..., :3])
    if pixels.ndim == 3 and pixels.shape[2] in (1, 2):
        return np.ascontiguousarray(pixels[..., 0])
    raise UnreadableImage(DAMAGED)


def _as_values(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """The same numbers in one of a radiograph's dtypes."""
    pixels = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    if pixels.dtype in (np.uint8, np.uint16, np.int16):
        return pixels
    if pixels.dtype == np.int8:
        return pixels.astype(np.int16)
    if pixels.dtype.kind not in "uif":
        raise UnreadableImage(DAMAGED)
    with np.errstate(over="ignore", invalid="ignore"):
        values = pixels.astype(np.float32)
    if not np.isfinite(values).all():
        raise UnreadableImage(NOT_FINITE)
    return values
