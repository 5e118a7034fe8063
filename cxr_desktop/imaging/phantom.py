"""Drawn chests: films of nobody, on which the program can be tried anywhere."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.radiograph import Radiograph, picture_window

# Of a computed radiograph, 35 × 43 cm.
PHANTOM_SHAPE = (2048, 1680)
# It is drawn smaller and enlarged: nothing in it is finer.
_DRAWN_SHAPE = (512, 420)


def phantom(number: int = 0, shape: tuple[int, int] = PHANTOM_SHAPE) -> Radiograph:
    """A frontal chest with two lungs, ribs, heart and diaphragm; the same for the same number, everywhere.

    Args:
        number: which one; they differ in build, position and exposure.
        shape: (height, width) in pixels.
    """
    grey = cv2.resize(_drawn(number), shape[::-1], interpolation=cv2.INTER_LINEAR)
    values = np.round(grey * 255).astype(np.uint8)
    return Radiograph(values, (picture_window(values),))


def phantom_file(number: int = 0, shape: tuple[int, int] = PHANTOM_SHAPE) -> bytes:
    """The same as a JPEG file, as it might come from a scanner."""
    _, encoded = cv2.imencode(".jpg", phantom(number, shape).values, [cv2.IMWRITE_JPEG_QUALITY, 90])
    jpeg: bytes = encoded.tobytes()
    return jpeg


def _drawn(number: int) -> NDArray[np.float32]:
    """`_DRAWN_SHAPE` float32 in [0, 1], bright where X-rays are stopped."""
    # No random numbers: those of another version of NumPy might be others.
    build, lift, exposure = (np.sin(number * step) for step in (1.3, 2.1, 3.7))
    height, width = _DRAWN_SHAPE
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    rows = rows - np.float32(0.03 * lift)
    columns = columns / np.float32(1 + 0.03 * build)

    body = _oval(rows, columns, (0.35, 0.0), (1.6, 0.95))
    film = 0.06 + 0.7 * body
    for side in (-1, 1):
        # Their tops lean towards each other, as those of real lungs do; upright ovals are no lungs.
        leaning = columns - side * 0.25 * (rows + 0.1)
        lung = _oval(rows, leaning, (-0.12, side * 0.45), (0.66, 0.33))
        dome = _oval(rows, columns, (0.72, side * 0.45), (0.35, 0.5))
        film = film - 0.42 * lung * (1 - dome)
    heart = _oval(rows, columns, (0.22, 0.12), (0.34, 0.32))
    film = np.maximum(film, 0.66 * heart)
    spine = np.exp(-((columns / 0.13) ** 2))
    film = film + 0.14 * spine * body
    # Ribs: arcs that fall towards the outside.
    arcs = np.sin(2 * np.pi * (rows + 0.35 * columns**2) * 6.5)
    film = film + 0.07 * np.clip(arcs, 0, 1) * body * (np.abs(columns) > 0.12)
    film = film * (1 + 0.06 * exposure)
    softened = cv2.GaussianBlur(film.astype(np.float32), (0, 0), width / 160)
    return np.asarray(np.clip(softened, 0, 1), np.float32)


def _oval(
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    centre: tuple[float, float],
    radii: tuple[float, float],
) -> NDArray[np.float32]:
    """1 inside an ellipse, 0 outside, with a soft edge."""
    distance = np.hypot((rows - centre[0]) / radii[0], (columns - centre[1]) / radii[1])
    return np.asarray(np.clip((1 - distance) * 8 + 0.5, 0, 1), np.float32)
