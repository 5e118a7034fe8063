"""What LIME found, as study 002 draws it: superpixels with their boundaries, green for and red against."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.explanation import Superpixels

Colour = tuple[int, int, int]

FOR: Colour = (60, 200, 90)
AGAINST: Colour = (235, 70, 60)
BOUNDARY: Colour = (240, 220, 90)

# Of the superpixel with the greatest weight; the others have less as their weight is less.
_OPACITY = 0.55
_BOUNDARY_OPACITY = 0.6


def superpixel_picture(
    picture: NDArray[np.uint8], superpixels: Superpixels, film_shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Lays superpixels over a film.

    Args:
        picture: (height, width, 3) uint8 RGB of the whole film, at any size.
        film_shape: (height, width) of the film, in whose coordinates the superpixels' box is given.

    Returns:
        As `picture`: tinted the more, the greater a superpixel's weight; not at all where all are nought.
    """
    numbers = _on_picture(superpixels, film_shape, (picture.shape[0], picture.shape[1]))
    outside = numbers < 0
    greatest = float(np.abs(superpixels.weights).max()) or 1.0
    shares = superpixels.weights / np.float32(greatest)
    weight = np.where(outside, np.float32(0), shares[numbers])[..., None]  # (h, w, 1) in [-1, 1]
    colour = np.where(weight > 0, np.array(FOR, np.float32), np.array(AGAINST, np.float32))
    drawn = _blended(picture.astype(np.float32), colour, np.float32(_OPACITY) * np.abs(weight))
    lines = _boundaries(numbers)[..., None]
    drawn = _blended(drawn, np.array(BOUNDARY, np.float32), np.float32(_BOUNDARY_OPACITY) * lines)
    return (drawn + 0.5).astype(np.uint8)


def _on_picture(
    superpixels: Superpixels, film_shape: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.int32]:
    """(rows, columns) int32: each pixel's superpixel, -1 outside the box."""
    numbers = np.full(shape, -1, np.int32)
    box, down, across = superpixels.box, shape[0] / film_shape[0], shape[1] / film_shape[1]
    top, left = round(box.top * down), round(box.left * across)
    bottom, right = max(round(box.bottom * down), top + 1), max(round(box.right * across), left + 1)
    # Numbers have nothing between them.
    laid = cv2.resize(
        superpixels.segments, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST_EXACT
    )
    numbers[top:bottom, left:right] = laid[: shape[0] - top, : shape[1] - left]
    return numbers


def _boundaries(numbers: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(rows, columns) where a pixel's right or lower neighbour is another superpixel's."""
    lines = np.zeros(numbers.shape, bool)
    lines[:-1] |= numbers[:-1] != numbers[1:]
    lines[:, :-1] |= numbers[:, :-1] != numbers[:, 1:]
    return lines


def _blended(
    under: NDArray[np.float32], over: NDArray[np.float32], opacity: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.asarray(under * (1 - opacity) + over * opacity, np.float32)
