"""What chance does to a training film's grey levels, once its geometry is set."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.training.augment import Augmentation

Image = NDArray[np.float32]
Random = np.random.Generator

_WIDEST_BLUR = 1.3  # pixels; beyond it the texture of an early pneumonia is gone
_ERASED = (0.08, 0.28)  # a side of an erased rectangle, as a share of the film's


def roughen(image: Image, ranges: Augmentation, random: Random) -> Image:
    """A film as another machine, exposure or reader's crop might have given it.

    Args:
        image: (height, width) float32 in [0, 1].

    Returns:
        (height, width) float32 in [0, 1], a new array.
    """
    if random.random() < ranges.equalise:
        image = equalised(image)
    if ranges.gamma:
        image = np.clip(image, 0, 1) ** np.float32((1 + ranges.gamma) ** random.uniform(-1, 1))
    if ranges.contrast or ranges.brightness:
        spread = np.float32((1 + ranges.contrast) ** random.uniform(-1, 1))
        image = (image - 0.5) * spread + np.float32(0.5 + random.uniform(-1, 1) * ranges.brightness)
    if random.random() < ranges.blur:
        image = _blurred(image, random)
    if ranges.noise and random.random() < 0.5:
        image = image + random.standard_normal(image.shape, np.float32) * np.float32(
            random.uniform(0, ranges.noise)
        )
    image = np.clip(image, 0, 1)
    return _erased(image, random) if random.random() < ranges.erase else image


def equalised(image: Image) -> Image:
    """A film whose grey levels are all about equally frequent; (height, width) float32 in [0, 1]."""
    levels = np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.equalizeHist(levels), np.float32) / np.float32(255)


def _blurred(image: Image, random: Random) -> Image:
    if random.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.3, _WIDEST_BLUR)), np.float32)
    height, width = image.shape
    share = random.uniform(0.4, 0.8)
    few = cv2.resize(image, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height)), np.float32)


def _erased(image: Image, random: Random) -> Image:
    image = image.copy()
    height, width = image.shape
    for _ in range(random.integers(1, 3)):
        rows = max(int(random.uniform(*_ERASED) * height), 1)
        columns = max(int(random.uniform(*_ERASED) * width), 1)
        top, left = random.integers(0, height - rows + 1), random.integers(0, width - columns + 1)
        image[top : top + rows, left : left + columns] = random.uniform(0, 1)
    return image
