"""The small picture in the study list."""

from __future__ import annotations

import cv2
import numpy as np

from cxr_desktop.domain.radiograph import Radiograph

JPEG_QUALITY = 85


def thumbnail_jpeg(radiograph: Radiograph, side: int = 128) -> bytes:
    """A grey JPEG of the film as it is shown by default, its longer side `side` pixels, its aspect kept.

    The values are averaged down first and windowed then: on a film of ten megapixels that is a hundred
    times less work, and at this size the difference cannot be seen.
    """
    height, width = radiograph.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    values = cv2.resize(radiograph.values, size, interpolation=interpolation)
    visible = radiograph.visible
    if visible is not None:
        visible = cv2.resize(visible.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    small = Radiograph(
        values, radiograph.transforms[:1], low_is_white=radiograph.low_is_white, visible=visible
    )
    grey = np.rint(small.pixels * 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    jpeg: bytes = encoded.tobytes()
    return jpeg
