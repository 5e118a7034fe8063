"""Telling whether two files hold the same film."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from cxr_desktop.domain.radiograph import Radiograph

# Narrowest first: equal numbers get equal bytes, whatever container they came in.
_INTEGERS: tuple[np.dtype[Any], ...] = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<i2"))


def pixel_fingerprint(radiograph: Radiograph) -> str:
    """A digest of what is in the pixels: 32 hexadecimal digits.

    Equal for the same modality values in another container, compression or integer width; different as soon
    as one value, the shape or the polarity differs. Windows, masks, overlays and the header do not count.
    Stable between runs, machines and versions: the catalogue keeps it.
    """
    values = radiograph.values
    dtype: np.dtype[Any] = np.dtype("<f4")
    if values.dtype.kind in "ui":
        low, high = int(values.min()), int(values.max())
        dtype = next(d for d in _INTEGERS if np.iinfo(d).min <= low and high <= np.iinfo(d).max)
    height, width = radiograph.shape
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{height}x{width} {dtype.str} {int(radiograph.low_is_white)} ".encode())
    digest.update(np.ascontiguousarray(values, dtype).data)
    return digest.hexdigest()
