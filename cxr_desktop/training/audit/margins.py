"""What a film looks like where no lung is: its border and its corners, in a few numbers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_STRIP = 3  # rows or columns that are taken for an edge
_CORNER = 0.2  # share of a side that is taken for a corner
_FRAME = 0.25  # a dark frame is not followed further than this share of the film
_DARK, _WHITE = 0.06, 0.95  # grey levels
# Letters are thinner than this many pixels of a view of 128; ribs and shoulders are not.
_STROKE = np.ones((7, 7), np.uint8)
_STANDS_OUT = 0.3  # above what is around it


def border_numbers(view: NDArray[np.float32]) -> tuple[float, ...]:
    """What the four edges look like.

    Args:
        view: (rows, columns) float32 in [0, 1], the whole film.

    Returns:
        For each edge the width of the dark frame as a share of the side, the edge's mean grey, and the share
        of it that is burnt out to white; 12 numbers.
    """
    numbers: list[float] = []
    for turns in range(4):
        edge_first = np.rot90(view, turns)
        strip = edge_first[:_STRIP]
        lines = edge_first[: round(_FRAME * len(edge_first))]
        lit = np.flatnonzero(np.percentile(lines, 95, axis=1) > _DARK)
        frame = (lit[0] if lit.size else len(lines)) / len(edge_first)
        numbers += [float(frame), float(strip.mean()), float((strip > _WHITE).mean())]
    return tuple(numbers)


def corner_numbers(view: NDArray[np.float32]) -> tuple[float, ...]:
    """How much of each corner stands out as letters do, and how far at most.

    Args:
        view: (rows, columns) float32 in [0, 1], the whole film, of about 128 pixels a side.

    Returns:
        8 numbers in [0, 1], two a corner.
    """
    strokes = cv2.morphologyEx(view, cv2.MORPH_TOPHAT, _STROKE)
    rows, columns = round(_CORNER * view.shape[0]), round(_CORNER * view.shape[1])
    numbers: list[float] = []
    for part_rows in (np.s_[:rows], np.s_[-rows:]):
        for part_columns in (np.s_[:columns], np.s_[-columns:]):
            corner = strokes[part_rows, part_columns]
            numbers += [float((corner > _STANDS_OUT).mean()), float(corner.max())]
    return tuple(numbers)
