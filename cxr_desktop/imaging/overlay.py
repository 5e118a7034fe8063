"""Heatmaps on films: from a network's coarse map to evidence over the original's pixels."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.prediction import Heatmap

# Maps with so many rows come from pixels or superpixels, whose edges mean something; those of a network's
# last layers have a tenth of them, and are smooth by nature.
_FINE_FROM = 100


def evidence_on_film(
    heatmap: Heatmap, film_shape: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.float32]:
    """The evidence over the whole film, or over a smaller picture of it.

    Args:
        film_shape: (height, width) of the film, in whose coordinates the heatmap's box is given.
        shape: (rows, columns) of the wanted picture of the whole film.

    Returns:
        (rows, columns) float32 in the map's own unit, never beyond its range: positive speaks for suspicion,
        negative against; 0 where the map does not reach.
    """
    laid = np.zeros(shape, np.float32)
    box, down, across = heatmap.box, shape[0] / film_shape[0], shape[1] / film_shape[1]
    top, bottom = _span(box.top * down, box.bottom * down, shape[0])
    left, right = _span(box.left * across, box.right * across, shape[1])
    size = (bottom - top, right - left)
    # Each side on its own: cubic interpolation swings over, and beside strong evidence against suspicion it
    # would draw evidence for it that the network never gave.
    laid[top:bottom, left:right] = _resized(np.maximum(heatmap.evidence, 0), size)
    laid[top:bottom, left:right] -= _resized(np.maximum(-heatmap.evidence, 0), size)
    return laid


def heat_on_film(
    heatmap: Heatmap, film_shape: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.float32]:
    """What is drawn of the evidence, as shares of the strongest.

    Args:
        film_shape, shape: as for `evidence_on_film`.

    Returns:
        (rows, columns) float32 in [-1, 1]; in [0, 1] unless the map is signed. All 0 where nothing is drawn.
    """
    strongest = heatmap.strongest
    if strongest == 0:
        return np.zeros(shape, np.float32)
    heat = evidence_on_film(heatmap, film_shape, shape) / np.float32(strongest)
    drawn: NDArray[np.float32] = np.clip(heat, -1 if heatmap.signed else 0, 1)
    return drawn


def _resized(evidence: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Evidence that is nowhere negative, at another size (rows, columns), never beyond its range."""
    rows, columns = evidence.shape
    if rows > size[0] or columns > size[1]:
        way = cv2.INTER_AREA  # no superpixel is lost on the way down
    elif rows >= _FINE_FROM:
        way = cv2.INTER_LINEAR  # an edge stays one pixel of the map wide
    else:
        way = cv2.INTER_CUBIC  # linear interpolation of a coarse map draws diamonds no one takes for anatomy
    resized = cv2.resize(evidence, (size[1], size[0]), interpolation=way)
    within: NDArray[np.float32] = np.clip(resized, 0, evidence.max())
    return within


def _span(first: float, last: float, length: int) -> tuple[int, int]:
    """The whole pixels from `first` to `last` of a row of `length`; at least one."""
    start = min(max(round(first), 0), length - 1)
    return start, min(max(round(last), start + 1), length)
