"""Grey levels from colours, and a window for films that bring none."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.windowing import Window

# Enough to find a percentile to a grey level, few enough to sort in a millisecond or two.
_SAMPLES = 250_000


def luminance(colours: NDArray[np.generic]) -> NDArray[np.generic]:
    """(height, width) of an (height, width, 3) RGB array: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).

    uint8 and uint16 stay what they are, rounded, and grey stays exactly itself; others become float32.
    """
    if colours.dtype not in (np.uint8, np.uint16):
        colours = colours.astype(np.float32)
    grey: NDArray[np.generic] = cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2GRAY)
    return grey


def robust_window(values: NDArray[Any], visible: NDArray[np.bool_] | None = None) -> Window:
    """The window from the 0.1st to the 99.9th percentile of the visible values.

    A few dead pixels or a burnt-in marker at the detector's limit would otherwise squeeze the lungs into a
    few grey levels.
    """
    step = max(1, int(np.sqrt(values.size / _SAMPLES)))
    sample = values[::step, ::step]
    if visible is not None and visible[::step, ::step].any():
        sample = sample[visible[::step, ::step]]
    low, high = np.percentile(sample, (0.1, 99.9))
    if not high > low:
        low, high = float(values.min()), float(values.max())
    return Window.spanning(float(low), float(high))
