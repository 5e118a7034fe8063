"""What a network is shown. One function for training, evaluation, the window and the command line."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.radiograph import Radiograph, picture_window


class ModelInput(NamedTuple):
    """A network's view of a film.

    Attributes:
        image: (height, width, channels) float32 in [spec.low, spec.high].
        box: the rectangle of the film that `image` covers.
    """

    image: NDArray[np.float32]
    box: Box


def model_input(radiograph: Radiograph, spec: InputSpec, lung_region: Box | None = None) -> ModelInput:
    """The film, or the rectangle around its lungs, squeezed into the network's input.

    Args:
        lung_region: where the lungs are; None (not found) shows the whole film to a "lungs" network too.
    """
    box = Box.whole(radiograph.shape)
    if spec.crop == "lungs" and lung_region is not None:
        box = _on_pixels(lung_region.grown(spec.margin, radiograph.shape))
    grey = _shrunk(radiograph, box, (spec.width, spec.height))
    if (spec.low, spec.high) != (0.0, 1.0):
        grey = grey * np.float32(spec.high - spec.low) + np.float32(spec.low)
    return ModelInput(over_channels(grey[..., None], spec.channels), box)  # (H, W) -> (H, W, 1) -> (H, W, C)


def over_channels(grey: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """A grey image, (height, width, 1) float32, repeated to (height, width, channels)."""
    return grey if channels == 1 else np.repeat(grey, channels, axis=2)


def _on_pixels(box: Box) -> Box:
    """The smallest rectangle of whole pixels around a box."""
    top, left = int(box.top), int(box.left)
    return Box(top, left, max(int(np.ceil(box.bottom)), top + 1), max(int(np.ceil(box.right)), left + 1))


def _shrunk(radiograph: Radiograph, box: Box, size: tuple[int, int]) -> NDArray[np.float32]:
    """The part of a film's `pixels` in `box`, shrunk to (width, height) `size`: float32 in [0, 1]."""
    part = np.s_[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    transform = radiograph.transforms[0]
    if radiograph.visible is None and transform == picture_window(radiograph.values):
        # A picture's window cuts nothing off, so it is linear and may come after shrinking: the same numbers
        # for a fraction of the work.
        grey = transform.apply(_resized(radiograph.values[part].astype(np.float32), size))
        return 1 - grey if radiograph.low_is_white else grey
    return _resized(radiograph.pixels[part], size)


def _resized(pixels: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    # INTER_AREA averages when it shrinks, so that no fine line is lost; it cannot enlarge.
    shrinks = pixels.shape[1] >= size[0] and pixels.shape[0] >= size[1]
    resized: NDArray[np.float32] = cv2.resize(
        pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return resized
