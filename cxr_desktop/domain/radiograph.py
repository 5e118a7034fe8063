"""A decoded film."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.windowing import GreyTransform, Window

VALUE_DTYPES = (np.uint8, np.uint16, np.int16, np.float32)


@dataclass(frozen=True, eq=False)
class Radiograph:
    """One decoded chest radiograph: upright, grey, with square pixels.

    Attributes:
        values: (height, width) uint8, uint16, int16 or float32: modality values (after rescale or modality
            LUT), finite. A picture file's values are its grey levels.
        transforms: the grey transforms that the file offers, its default first; never empty.
        low_is_white: whether low values are shown white (MONOCHROME1 or an INVERSE presentation).
        header: who and what it shows.
        spacing_mm: (row, column) spacing in millimetres, or None where the file has none.
        visible: (height, width) bool, False outside the display shutter and on padding; None: all visible.
        overlay: (height, width) bool, drawn graphics and text of the overlay planes; None: there are none.
            Never part of `pixels`.
    """

    values: NDArray[np.generic]
    transforms: tuple[GreyTransform, ...]
    low_is_white: bool = False
    header: FilmHeader = field(default_factory=FilmHeader)
    spacing_mm: tuple[float, float] | None = None
    visible: NDArray[np.bool_] | None = None
    overlay: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.dtype not in VALUE_DTYPES or self.values.size == 0:
            raise ValueError(
                f"values must be (height, width) of {[d.__name__ for d in VALUE_DTYPES]}, "
                f"got {self.values.shape} {self.values.dtype}"
            )
        if not self.transforms:
            raise ValueError("transforms must hold at least one grey transform")
        for name, mask in (("visible", self.visible), ("overlay", self.overlay)):
            if mask is not None and (mask.shape != self.values.shape or mask.dtype != np.bool_):
                raise ValueError(f"{name} must be {self.values.shape} bool, got {mask.shape} {mask.dtype}")

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        height, width = self.values.shape
        return height, width

    @cached_property
    def pixels(self) -> NDArray[np.float32]:
        """(height, width) float32 in [0, 1]; 0 is black (air), whatever the file's photometric.

        The film as its file asks to be shown: what the models see. Windowing in the viewer never changes it.
        """
        return self.shown(self.transforms[0])

    def shown(self, transform: GreyTransform, inverted: bool = False) -> NDArray[np.float32]:
        """(height, width) float32 in [0, 1]: the film through another window; outside `visible` black."""
        grey = transform.apply(self.values)
        if self.low_is_white != inverted:
            np.subtract(1, grey, out=grey)
        if self.visible is not None:
            grey[~self.visible] = 0
        return grey

    @cached_property
    def value_range(self) -> tuple[float, float]:
        """(least, greatest) visible modality value."""
        visible = self.values if self.visible is None else self.values[self.visible]
        if visible.size == 0:
            return 0.0, 1.0
        return float(visible.min()), float(visible.max())


def picture_window(values: NDArray[np.generic]) -> Window:
    """The full range of an integer type, or 0 to 1: how picture files are meant to be shown."""
    match values.dtype:
        case np.uint8:
            return Window.spanning(0, 255)
        case np.uint16:
            return Window.spanning(0, 65_535)
        case np.int16:
            return Window.spanning(-32_768, 32_767)
    return Window.spanning(0, 1)
