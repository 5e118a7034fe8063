"""Lines of equal evidence over a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.heat_look import CONTOUR_LEVELS, HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.imaging.heat_colours import line_colour
from cxr_desktop.imaging.overlay import heat_on_film

# The lines are followed on a picture of the film of this size. They pass between its pixels, and maps come
# from a few cells, so no zoom shows a corner.
_LONGER_SIDE = 512

# Beneath each line, twice as wide: a bright line must be seen on bone, too. RGBA, premultiplied.
_HALO = (0, 0, 0, 190)

# How far a drawn line may pass beside the true one, in pixels, to be made of fewer pieces.
_TOLERANCE = 0.2

_SUBPIXEL_BITS = 4


@dataclass(frozen=True, eq=False)
class Contour:
    """All lines at one level.

    Attributes:
        level: share of the map's strongest evidence; below 0: against suspicion.
        lines: each (points, 2) float32: x and y in film coordinates; the last point is the first one where
            the line is closed.
    """

    level: float
    lines: tuple[NDArray[np.float32], ...]


def contours_on_film(heatmap: Heatmap, film_shape: tuple[int, int]) -> tuple[Contour, ...]:
    """The lines at every level that any look may ask for, by marching squares.

    Args:
        film_shape: (height, width) of the film.
    """
    from contourpy import contour_generator  # noqa: PLC0415 - few readers ask for lines

    height, width = film_shape
    scale = min(1.0, _LONGER_SIDE / max(film_shape))
    rows, columns = max(round(height * scale), 2), max(round(width * scale), 2)
    heat = heat_on_film(heatmap, film_shape, (rows, columns))
    # Pixel centres, in film coordinates.
    x, y = (np.arange(columns) + 0.5) * width / columns, (np.arange(rows) + 0.5) * height / rows
    lines_at = contour_generator(x=x, y=y, z=heat).lines
    levels = (*(-level for level in CONTOUR_LEVELS), *CONTOUR_LEVELS) if heatmap.signed else CONTOUR_LEVELS
    return tuple(
        Contour(level, tuple(np.asarray(line, np.float32) for line in lines_at(level))) for level in levels
    )


def lines_rgba(
    contours: Sequence[Contour],
    look: HeatLook,
    signed: bool,
    *,
    to_picture: NDArray[np.float64],
    shape: tuple[int, int],
    width: int,
) -> NDArray[np.uint8]:
    """The lines at the look's levels; `look.line_opacity` is left to whoever lays them over something.

    Args:
        to_picture: (2, 3) affine, from (x, y, 1) on the film to (x, y) in the picture.
        shape: (rows, columns) of the picture, of the whole film or of a part.
        width: of a line, in pixels.

    Returns:
        (rows, columns, 4) uint8 RGBA, premultiplied.
    """
    picture = np.zeros((*shape, 4), np.uint8)
    wanted = look.levels(signed)
    drawn = [
        (line_colour(contour.level, look, signed), _in_pixels(contour.lines, to_picture, shape))
        for contour in sorted(contours, key=lambda contour: abs(contour.level))  # the strongest on top
        if contour.level in wanted
    ]
    for thickness, halo in ((2 * width, True), (width, False)):
        for colour, points in drawn:
            # Drawn smoothly over nothing, opaque colours become premultiplied ones.
            cv2.polylines(
                picture, points, isClosed=False, color=_HALO if halo else (*colour, 255),
                thickness=thickness, lineType=cv2.LINE_AA, shift=_SUBPIXEL_BITS,
            )  # fmt: skip
    return picture


def _in_pixels(
    lines: Sequence[NDArray[np.float32]], to_picture: NDArray[np.float64], shape: tuple[int, int]
) -> list[NDArray[np.int32]]:
    """Those lines that come near the picture, as OpenCV draws them: (points, 2) int32 in 16ths of a pixel."""
    seen = []
    for line in lines:
        # OpenCV's whole coordinates are the middles of pixels.
        points = (line @ to_picture[:, :2].T + to_picture[:, 2] - 0.5).astype(np.float32)
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        if right < 0 or bottom < 0 or left > shape[1] or top > shape[0]:
            continue
        closed = bool((line[0] == line[-1]).all())
        fewer = cv2.approxPolyDP(points[:-1] if closed else points, _TOLERANCE, closed)[:, 0]
        if closed:
            fewer = np.concatenate([fewer, fewer[:1]])
        seen.append(np.round(fewer * 2**_SUBPIXEL_BITS).astype(np.int32))
    return seen
