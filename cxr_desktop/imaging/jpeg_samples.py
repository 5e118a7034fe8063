"""12-bit and lossless JPEG, whose decoder keeps to itself what it finds damaged."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

_SPARE = 64  # bytes; so many may lie unused before the end of a scan
_FILL = b"\x55" * _SPARE


def decode_samples(frame: bytes, colour_space: str) -> NDArray[Any]:
    """(rows, columns[, 3]) samples of a JPEG stream, as they are.

    libjpeg makes up what a damaged scan lacks and passes over what it has too much; it only remarks on it,
    and the binding drops these remarks. But then the samples do not depend on the scan's end as they must:
    a scan that is too short takes its last samples from whatever follows, one that is too long does without
    its last bytes.

    Args:
        colour_space: of the stream, "RGB" or "GRAYSCALE".

    Raises:
        ValueError: the stream is damaged.
    """
    end = frame.rfind(b"\xff\xd9")
    if end < 0:
        raise ValueError("the scan is cut off")
    samples = _decoded(frame, colour_space)
    if not np.array_equal(samples, _decoded(frame[:end] + _FILL + frame[end:], colour_space)):
        raise ValueError("the scan is too short")
    if np.array_equal(samples, _decoded(frame[: end - _SPARE] + _FILL + frame[end:], colour_space)):
        raise ValueError("the scan is too long")
    return samples


def _decoded(frame: bytes, colour_space: str) -> NDArray[Any]:
    try:
        # The same colour space on both sides: the components as they are.
        samples: NDArray[Any] = imagecodecs.jpeg8_decode(
            frame, colorspace=colour_space, outcolorspace=colour_space
        )
    except imagecodecs.Jpeg8Error as error:
        raise ValueError("the stream cannot be decoded") from error
    return samples
