"""What lies outside the lungs: replaced in training, so that nothing can be learned from it.

Markers, collimation, tubes, arms and the shape of the body tell the classes of a collection apart almost as
well as the lungs do. What changes from epoch to epoch, though, tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Random = np.random.Generator

# How far the lungs are dilated before the rest counts as outside, as a share of the film's width: what stands
# at the edge of a mask may be lung, and the shape of a mask must not become a sign of its own.
_DILATION = (0.015, 0.08)
# The dilation at which evidence counts as within the lungs, in training and in every figure about it.
LUNG_DILATION = 0.04


def dilated(mask: Image, share: float) -> Image:
    """A lung mask grown by a share of its width on all sides.

    Args:
        mask: (rows, columns) float32 in [0, 1], over a whole film.

    Returns:
        (rows, columns) float32, 0 or 1.
    """
    radius = max(round(share * mask.shape[1]), 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate((mask > 0.5).astype(np.uint8), disc), np.float32)


def replace_surroundings(
    image: Image, mask: Image, seen: Callable[[Image], Image], other: Callable[[], Image], random: Random
) -> Image:
    """A film with something else around its lungs: one grey, a blur of itself, or another film.

    Args:
        image: (height, width) float32 in [0, 1], the network's view.
        mask: (rows, columns) float32 in [0, 1], lungs over the whole film.
        seen: brings a mask over the whole film into the view's geometry.
        other: draws the view of another film.
    """
    lungs = seen(dilated(mask, random.uniform(*_DILATION)))
    if random.random() < 0.5:  # a sharp edge must not be a sign, either
        lungs = cv2.GaussianBlur(lungs, (0, 0), random.uniform(0.5, 3)).astype(np.float32)
    kind = random.random()
    if kind < 0.35:
        beside = image[lungs < 0.5]
        middle = random.random() < 0.5 and beside.size > 0
        around = np.full_like(image, np.median(beside) if middle else random.uniform(0, 0.9))
    elif kind < 0.6:
        around = cv2.GaussianBlur(image, (0, 0), random.uniform(0.03, 0.16) * image.shape[0])
    else:
        around = other()
    mixed: Image = (image * lungs + around * (1 - lungs)).astype(np.float32)
    return mixed
