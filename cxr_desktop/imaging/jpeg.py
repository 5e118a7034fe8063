"""8-bit JPEG, alone or inside DICOM, decoded by the one binding that reports missing data."""

from __future__ import annotations

import io
import re

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.imaging.limits import check_size
from cxr_desktop.language import tr

CUT_OFF = tr("The file ends before its image is complete. Copy or export the film again.")
DAMAGED = tr("The image data in this file are damaged. Copy or export the film again.")

_INKS = frozenset({"CMYK", "YCCK"})
# A few stray bytes between two markers are common and lose nothing. Many are what damage has left over.
_STRAY = re.compile(r"(\d+) extraneous bytes before marker 0xd9")
_FEW = 64
# What simplejpeg calls rare sampling factors, such as 2 × 2 of a single component.
_RARE_SAMPLING = "could not determine subsampling"


def decode_jpeg(data: bytes) -> NDArray[np.uint8]:
    """(height, width) uint8 luminance of a JPEG stream; of a grey one its very values.

    libjpeg fills what is missing with grey and only remarks on it. Pillow and OpenCV lose most of these
    remarks; simplejpeg makes errors of them.

    Raises:
        UnreadableImage: cut off, damaged, of an unknown kind, too large or too small.
    """
    colour_space = ""
    try:
        height, width, colour_space, _ = simplejpeg.decode_jpeg_header(data, strict=False)
        check_size(height, width)
        if colour_space in _INKS:
            simplejpeg.decode_jpeg(data, colorspace="CMYK")  # for its strictness
            return _by_pillow(data)
        grey: NDArray[np.uint8] = simplejpeg.decode_jpeg(data, colorspace="GRAY")[..., 0]  # (H, W, 1)
        return grey
    except (ValueError, KeyError, OSError, SyntaxError) as error:  # KeyError: an unknown colour space
        problem = str(error).lower()
        stray = _STRAY.search(problem)
        harmless = stray is not None and int(stray[1]) <= _FEW
        if (colour_space in _INKS and harmless) or _RARE_SAMPLING in problem:
            return _by_pillow(data)
        if harmless:
            lenient: NDArray[np.uint8] = simplejpeg.decode_jpeg(data, colorspace="GRAY", strict=False)[..., 0]
            return lenient
        raise UnreadableImage(CUT_OFF if "premature end" in problem else DAMAGED) from error


def _by_pillow(data: bytes) -> NDArray[np.uint8]:
    """For the few streams that simplejpeg does not turn to grey; a stream cut off is an error here too."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            width, height = picture.size
            check_size(height, width)
            return np.asarray(picture.convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableImage(CUT_OFF if "truncated" in str(error) else DAMAGED) from error
