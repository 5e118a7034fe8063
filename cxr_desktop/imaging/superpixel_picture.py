"""What LIME found, as study 002 draws it: superpixels with their boundaries, green for and red against."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.explanation import Superpixels
from cxr_desktop.language import tr

Colour = tuple[int, int, int]

FOR: Colour = (60, 200, 90)
AGAINST: Colour = (235, 70, 60)
BOUNDARY: Colour = (240, 220, 90)

LEGEND = ((tr("green: speaks for suspicion"), FOR), (tr("red: speaks against suspicion"), AGAINST))

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
    ys, xs = (
        (np.arange(size) + 0.5) * (film_size / size)
        for size, film_size in zip(picture.shape[:2], film_shape, strict=True)
    )
    numbers = numbers_at(superpixels, ys, xs)
    over = superpixel_rgba(numbers, superpixels, _OPACITY, _BOUNDARY_OPACITY).astype(np.float32)
    drawn = picture * (1 - over[..., 3:] / 255) + over[..., :3]
    return np.asarray(np.minimum(drawn + 0.5, 255), np.uint8)


def numbers_at(
    superpixels: Superpixels, ys: NDArray[np.float64], xs: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Which superpixel lies at each point of a grid; numbers have nothing between them.

    Args:
        ys, xs: (rows,) and (columns,), where the grid's rows and columns lie on the film, in its pixels.

    Returns:
        (rows, columns) int32; -1 outside the superpixels' box.
    """
    box, (rows, columns) = superpixels.box, superpixels.segments.shape
    down = np.floor((ys - box.top) * (rows / box.height)).astype(np.intp)
    across = np.floor((xs - box.left) * (columns / box.width)).astype(np.intp)
    # Rows, then columns: quicker than both at once.
    found: NDArray[np.int32] = superpixels.segments.take(down, 0, mode="clip").take(across, 1, mode="clip")
    found[(down < 0) | (down >= rows)] = -1
    found[:, (across < 0) | (across >= columns)] = -1
    return found


def superpixel_rgba(
    numbers: NDArray[np.int32],
    superpixels: Superpixels,
    opacity: float,
    boundary_opacity: float,
    boundary_width: int = 1,
) -> NDArray[np.uint8]:
    """The colours to lay over a film.

    Args:
        numbers: (height, width) int32, each pixel's superpixel, -1 where there is none.
        opacity: of the superpixel with the greatest weight.
        boundary_width: in pixels.

    Returns:
        (height, width, 4) uint8, premultiplied RGBA.
    """
    table = _colours(superpixels.weights, opacity, boundary_opacity)
    entries = numbers + 1
    entries[_boundaries(numbers, boundary_width)] += len(table) // 2
    # Four bytes are one number: a pixel is one look-up.
    return table.view(np.uint32)[:, 0].take(entries).view(np.uint8).reshape(*numbers.shape, 4)


def _colours(weights: NDArray[np.float32], opacity: float, boundary_opacity: float) -> NDArray[np.uint8]:
    """(2 · (superpixels + 1), 4) uint8 premultiplied RGBA: of none and of each, then of their boundaries."""
    shares = np.concatenate([[0.0], weights / (float(np.abs(weights).max()) or 1.0)])[:, None]
    alpha = opacity * np.abs(shares)
    fill = np.column_stack([np.where(shares > 0, FOR, AGAINST) * alpha, 255 * alpha])
    line = np.array([*BOUNDARY, 255]) * boundary_opacity
    return (np.concatenate([fill, line + fill * (1 - boundary_opacity)]) + 0.5).astype(np.uint8)


def _boundaries(numbers: NDArray[np.int32], width: int) -> NDArray[np.bool_]:
    """(rows, columns) where a pixel's right or lower neighbour is another superpixel's."""
    lines = np.zeros(numbers.shape, np.uint8)
    lines[:-1] |= numbers[:-1] != numbers[1:]
    lines[:, :-1] |= numbers[:, :-1] != numbers[:, 1:]
    return (cv2.dilate(lines, np.ones((width, width), np.uint8)) if width > 1 else lines).view(np.bool_)
