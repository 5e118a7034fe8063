"""What a network is shown. One function for training, evaluation, the window and the command line."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.radiograph import Radiograph


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
    pixels = radiograph.pixels
    box = Box.whole(pixels.shape)
    if spec.crop == "lungs" and lung_region is not None:
        box = lung_region.grown(spec.margin, pixels.shape)
        top, left = int(box.top), int(box.left)
        bottom, right = max(int(np.ceil(box.bottom)), top + 1), max(int(np.ceil(box.right)), left + 1)
        box = Box(top, left, bottom, right)
        pixels = pixels[top:bottom, left:right]
    # INTER_AREA averages when it shrinks, so that no fine line is lost; it cannot enlarge.
    shrinks = pixels.shape[0] >= spec.height and pixels.shape[1] >= spec.width
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    small = cv2.resize(pixels, (spec.width, spec.height), interpolation=interpolation)
    if (spec.low, spec.high) != (0.0, 1.0):
        small = small * np.float32(spec.high - spec.low) + np.float32(spec.low)
    image = np.repeat(small[..., None], spec.channels, axis=2)  # (H, W) -> (H, W, C)
    return ModelInput(image, box)
