"""The small picture in the study list."""

from __future__ import annotations

import cv2

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.grey_picture import grey_picture

JPEG_QUALITY = 85


def thumbnail_jpeg(radiograph: Radiograph, side: int = 128) -> bytes:
    """A grey JPEG of the film as it is shown by default, its longer side `side` pixels, its aspect kept."""
    grey = grey_picture(radiograph, side)
    _, encoded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    jpeg: bytes = encoded.tobytes()
    return jpeg
