"""Occlusion sensitivity (Zeiler and Fergus, 1311.2901): what the logit loses when a patch is hidden."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.inference.engine import Engine

GRID = 16
_BATCH = 16


def occlusion(
    engine: Engine,
    image: NDArray[np.float32],
    on_progress: Callable[[int, int], None],
    grid: int = GRID,
) -> NDArray[np.float32]:
    """Hides one place after the other under the film's middle grey.

    The patches overlap by half, so that a finding on the border of two places is hidden whole by one of them.

    Args:
        image: (height, width, channels) as the network sees it.
        on_progress: told how many of how many variants are done; what it raises ends the work.
        grid: places in each direction.

    Returns:
        (grid, grid) float32: the logit of the whole film less that without the place. Positive where what was
        hidden spoke for suspicion.
    """
    height, width, _ = image.shape
    grey = np.float32(np.median(image))
    rows, columns = np.linspace(0, height, grid + 1), np.linspace(0, width, grid + 1)
    (whole,) = engine.run(image[None])["logit"].reshape(-1)
    places = [(row, column) for row in range(grid) for column in range(grid)]
    lost = np.zeros((grid, grid), np.float32)
    on_progress(0, len(places))
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        variants = np.repeat(image[None], len(batch), axis=0)
        for variant, (row, column) in zip(variants, batch, strict=True):
            variant[_around(rows, row), _around(columns, column)] = grey
        logits = engine.run(variants)["logit"].reshape(-1)
        for place, logit in zip(batch, logits, strict=True):
            lost[place] = whole - logit
        on_progress(start + len(batch), len(places))
    return lost


def _around(edges: NDArray[np.float64], place: int) -> slice:
    """The pixels of a place and half of each neighbour's; at least one."""
    half = (edges[1] - edges[0]) / 2
    first = max(round(edges[place] - half), 0)
    last = min(round(edges[place + 1] + half), int(edges[-1]))
    return slice(first, max(last, first + 1))
