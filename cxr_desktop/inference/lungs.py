"""Finding the lungs: the first question asked of every film."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import LungFinderCard
from cxr_desktop.domain.prediction import Lungs
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.inference.engine import Engine

# A lung field smaller than this share of the film is noise. The smallest single lung among the 1,073 masks
# drawn by people covers 8.5 %; a collapsed or drowned one leaves less.
SMALLEST_FIELD = 0.02

# Lungs that run into each other on the mask come apart where the network is surer of them.
_LEVELS = (0.5, 0.7, 0.85, 0.95)
# Of more fields than these the film shows no chest.
_CANDIDATES = 4


class LungFinder:
    """A segmentation network with the reading of its mask."""

    def __init__(self, card: LungFinderCard, engine: Engine) -> None:
        self.card = card
        self._engine = engine

    def view(self, film: Radiograph) -> NDArray[np.float32]:
        """A film as the network sees it: (rows, columns, 1) float32 in [0, 1], the whole film."""
        return model_input(film, self.card.input).image

    def find(self, views: Sequence[NDArray[np.float32]], shapes: Sequence[tuple[int, int]]) -> list[Lungs]:
        """The lungs on each film, in one batch.

        Args:
            views: the films' views.
            shapes: the films' (height, width).
        """
        masks = self._engine.run(np.stack(views))["mask"]  # (batch, rows, columns)
        return [Lungs(mask, lung_fields(mask, shape)) for mask, shape in zip(masks, shapes, strict=True)]


def lung_fields(mask: NDArray[np.float32], shape: tuple[int, int]) -> tuple[Box, ...]:
    """The separate lung fields of a mask.

    Args:
        mask: (rows, columns) float32 in [0, 1], over the whole film.
        shape: (height, width) of the film.

    Returns:
        The rectangles around the fields in film coordinates: the two lungs first where two fields lie as
        lungs do, then the largest field first.
    """
    found = _fields(mask, 0.5, shape)
    for level in _LEVELS:
        fields = found if level == _LEVELS[0] else _fields(mask, level, shape)
        # Gas in the abdomen or a scanner's edge may be larger than one of the lungs.
        for pair in combinations(fields[:_CANDIDATES], 2):
            if lie_as_lungs(*pair, shape):
                return (*pair, *(field for field in fields if field not in pair))
    return found


def lie_as_lungs(one: Box, other: Box, shape: tuple[int, int]) -> bool:
    """Whether two fields lie side by side as a frontal film's lungs do."""
    left, right = sorted((one, other), key=lambda box: box.left + box.right)
    apart = (right.left + right.right - left.left - left.right) / 2
    beside = apart > 0.5 * min(left.width, right.width)
    overlap = min(left.bottom, right.bottom) - max(left.top, right.top)
    level = overlap > 0.4 * min(left.height, right.height)
    large = min(left.height, right.height) > 0.12 * shape[0]
    return beside and level and large


def _fields(mask: NDArray[np.float32], level: float, shape: tuple[int, int]) -> tuple[Box, ...]:
    """The rectangles around all that is lung with a probability above `level`, largest field first."""
    rows, columns = mask.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats((mask > level).astype(np.uint8), connectivity=4)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    boxes: list[Box] = []
    for index in np.argsort(-areas, kind="stable"):
        if areas[index] < SMALLEST_FIELD * rows * columns:
            break
        left, top, width, height = stats[index + 1, :4]
        boxes.append(_scaled(Box(top, left, top + height, left + width), shape[0] / rows, shape[1] / columns))
    return tuple(boxes)


def _scaled(box: Box, by_rows: float, by_columns: float) -> Box:
    return Box(
        float(box.top * by_rows),
        float(box.left * by_columns),
        float(box.bottom * by_rows),
        float(box.right * by_columns),
    )
