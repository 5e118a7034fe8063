"""Thumbnails for painting, decoded when their row first comes into sight."""

from __future__ import annotations

from zlib import crc32

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QPixmapCache


def thumbnail(film_id: int, jpeg: bytes, side: int, device_pixel_ratio: float) -> QPixmap | None:
    """The film's thumbnail, fitted into a square, or None where there is none.

    Args:
        side: of the square, in logical pixels.
        device_pixel_ratio: physical pixels to a logical one, so that it is sharp on dense screens.
    """
    if not jpeg:
        return None
    # The digest is part of the key: a film that became readable keeps its id.
    key = f"film {film_id} {crc32(jpeg):08x} {side} {device_pixel_ratio}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    image = QImage.fromData(jpeg)
    if image.isNull():
        return None
    physical = round(side * device_pixel_ratio)
    scaled = image.scaled(
        QSize(physical, physical),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap = QPixmap.fromImage(scaled)
    pixmap.setDevicePixelRatio(device_pixel_ratio)
    QPixmapCache.insert(key, pixmap)
    return pixmap
