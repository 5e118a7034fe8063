"""Grey levels: from modality values to what is seen.

A grey transform maps modality values (any number type) to float32 in [0, 1]. Polarity
(`Radiograph.low_is_white`) is applied after it, so a transform never knows about MONOCHROME1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class WindowFunction(StrEnum):
    """VOI LUT Function, PS3.3 C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True)
class Window:
    """A window over modality values.

    Attributes:
        center, width: in modality values; width > 0 (LINEAR: at least 1, PS3.3 C.11.2.1.2.1).
        function: how values inside and beside the window become grey.
        name: what the file calls it (Window Center & Width Explanation), or "".
    """

    center: float
    width: float
    function: WindowFunction = WindowFunction.LINEAR_EXACT
    name: str = ""

    def __post_init__(self) -> None:
        least = 1.0 if self.function is WindowFunction.LINEAR else 1e-9
        if not (np.isfinite(self.center) and np.isfinite(self.width) and self.width >= least):
            raise ValueError(
                f"A {self.function} window needs a finite center and a width >= {least}, got {self}"
            )

    @classmethod
    def spanning(cls, low: float, high: float, name: str = "") -> Window:
        """The window whose black is `low` and whose white is `high`."""
        low, high = float(low), float(high)
        return cls((low + high) / 2, max(high - low, 1e-6), WindowFunction.LINEAR_EXACT, name)

    def apply(self, values: NDArray[np.generic]) -> NDArray[np.float32]:
        """Grey levels, float32 in [0, 1], of the same shape as `values`."""
        x = values.astype(np.float32)
        center, width = np.float32(self.center), np.float32(self.width)
        if self.function is WindowFunction.SIGMOID:
            # PS3.3 C.11.2.1.3.1. The exponent is cut where float32 overflows: the result is 0 or 1 there.
            exponent = np.clip(-4 * (x - center) / width, -80, 80)
            sigmoid: NDArray[np.float32] = (1 / (1 + np.exp(exponent))).astype(np.float32)
            return sigmoid
        if self.function is WindowFunction.LINEAR:
            # PS3.3 C.11.2.1.2.1: half a value off centre; a width of 1 is a step, and so is a width that
            # float32 cannot tell from 1.
            if width == 1:
                return (x > center - np.float32(0.5)).astype(np.float32)
            x -= center - np.float32(0.5)
            x /= width - 1
        else:  # PS3.3 C.11.2.1.3.2
            x -= center
            x /= width
        x += np.float32(0.5)
        return np.clip(x, 0, 1, out=x)


@dataclass(frozen=True, eq=False)
class LookupTable:
    """A VOI LUT, PS3.3 C.11.2.1.1.

    Attributes:
        first: the modality value that the first entry is for; values below it get the first entry.
        levels: (entries,) float32 in [0, 1].
        name: LUT Explanation, or "".
    """

    first: int
    levels: NDArray[np.float32]
    name: str = ""

    def __post_init__(self) -> None:
        if self.levels.ndim != 1 or self.levels.size == 0 or self.levels.dtype != np.float32:
            raise ValueError(
                f"levels must be (entries,) float32, got {self.levels.shape} {self.levels.dtype}"
            )

    def apply(self, values: NDArray[np.generic]) -> NDArray[np.float32]:
        """Grey levels, float32 in [0, 1], of the same shape as `values`."""
        index = np.rint(values.astype(np.float64)) - self.first
        clipped = np.clip(index, 0, self.levels.size - 1).astype(np.intp)
        levels: NDArray[np.float32] = self.levels[clipped]
        return levels

    def as_window(self) -> Window:
        """A window over the values between which this table rises or falls; where dragging starts from."""
        changes = np.flatnonzero(np.diff(self.levels))
        if changes.size == 0:
            return Window.spanning(self.first, self.first + self.levels.size)
        return Window.spanning(self.first + changes[0], self.first + changes[-1] + 1)


GreyTransform = Window | LookupTable
