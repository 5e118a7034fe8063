"""From a film's pixels to the screen's: resampled once a view, windowed by table look-up.

Dragging the window must feel live on a film of 4000 × 3000 pixels in 16 bit. So the modality values are
first brought to the screen's pixels (only when the view moves), and a change of the window is one look-up
over those: its cost follows the screen, not the film, and no draft quality is needed while dragging.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.windowing import GreyTransform
from cxr_desktop.ui.image_viewer.viewport import Viewport

# From this scale on single pixels are shown as squares instead of being interpolated.
SQUARES_FROM = 8.0


class Patch(NamedTuple):
    """The part of a picture that the canvas shows, in device pixels.

    Attributes:
        pixels: (height, width) or (height, width, 4); empty where nothing of the film is in view.
        left, top: the device position of its first pixel.
    """

    pixels: NDArray[Any]
    left: int
    top: int


class Plane:
    """A picture that lies over the whole film, at the film's resolution or a lower one."""

    def __init__(self, pixels: NDArray[Any], squares_from: float | None = None) -> None:
        """
        Args:
            pixels: (rows, columns) or (rows, columns, 4), of a type that OpenCV resamples.
            squares_from: the enlargement from which single pixels are shown; None: interpolated for ever.
        """
        self._levels = [pixels]  # each half as large as the one before
        self._squares_from = squares_from
        self._shrunk: NDArray[Any] | None = None
        self._seen: tuple[Viewport, Patch] | None = None

    def seen_through(self, viewport: Viewport) -> Patch:
        """The visible part in device pixels: averaged where it shrinks, interpolated where it grows.

        The last view is kept: while the window is dragged, or the pointer moves, the film stays where it is.
        """
        if self._seen is None or self._seen[0] != viewport:
            self._seen = (viewport, self._resampled(viewport))
        return self._seen[1]

    def _resampled(self, viewport: Viewport) -> Patch:
        left, top, right, bottom = viewport.visible
        if right <= left or bottom <= top:
            return Patch(self._levels[0][:0, :0], 0, 0)
        (x, y), (width, height) = viewport.origin, viewport.extent
        rows, columns = viewport.orientation.shape(self._levels[0].shape[:2])
        if width < columns and height < rows:
            whole = viewport.orientation.of_array(self._shrunk_to(viewport))
            return Patch(np.ascontiguousarray(whole[top - y : bottom - y, left - x : right - x]), left, top)
        source = viewport.orientation.of_array(self._levels[0])
        across, down = columns / width, rows / height  # picture pixels per device pixel
        # One more pixel on each side, for the interpolation to reach.
        first_column, last_column = int((left - x) * across) - 1, int((right - x) * across) + 2
        first_row, last_row = int((top - y) * down) - 1, int((bottom - y) * down) + 2
        first_column, first_row = max(first_column, 0), max(first_row, 0)
        part = np.ascontiguousarray(source[first_row:last_row, first_column:last_column])
        # Centres onto centres: device pixel j + 0.5 is picture position (j + 0.5) · across.
        onto_picture = np.array(
            [
                [across, 0, (left - x + 0.5) * across - 0.5 - first_column],
                [0, down, (top - y + 0.5) * down - 0.5 - first_row],
            ]
        )
        squares = self._squares_from is not None and 1 / across >= self._squares_from
        way = cv2.INTER_NEAREST if squares else cv2.INTER_LINEAR
        pixels = cv2.warpAffine(
            part,
            onto_picture,
            (right - left, bottom - top),
            flags=way | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return Patch(pixels, left, top)

    def _shrunk_to(self, viewport: Viewport) -> NDArray[Any]:
        """The whole picture at the viewport's scale, not oriented. Kept, since moving needs no other."""
        width, height = viewport.extent
        if viewport.orientation.quarter_turns % 2:
            width, height = height, width
        if self._shrunk is None or self._shrunk.shape[:2] != (height, width):
            level = self._level_for(height, width)
            self._shrunk = cv2.resize(level, (width, height), interpolation=cv2.INTER_AREA)
        return self._shrunk

    def _level_for(self, height: int, width: int) -> NDArray[Any]:
        """The smallest half-size step that is at least as large as wanted."""
        step = 0
        while True:
            level = self._levels[step]
            half = ((level.shape[0] + 1) // 2, (level.shape[1] + 1) // 2)
            if half[0] < height or half[1] < width or half == level.shape[:2]:
                return level
            if step + 1 == len(self._levels):
                # Averaging areas of areas: no fine line is lost on the way down.
                smaller = cv2.resize(level, (half[1], half[0]), interpolation=cv2.INTER_AREA)
                self._levels.append(smaller)
            step += 1


class FilmRenderer:
    """A film's grey levels, as the screen shows them."""

    def __init__(self, radiograph: Radiograph) -> None:
        self.radiograph = radiograph
        values, visible = radiograph.values, radiograph.visible
        self._mask: Plane | None = None
        if visible is not None:
            # What stands in padding may be far from any grey level, and would bleed into the film's edge.
            low = np.array(radiograph.value_range[0]).astype(values.dtype)
            values = np.where(visible, values, low)
            self._mask = mask_plane(visible)
        self._values = Plane(np.ascontiguousarray(values), SQUARES_FROM)
        self._table: tuple[GreyTransform, bool, NDArray[np.uint8]] | None = None
        self._grey: tuple[Viewport, GreyTransform, bool, Patch] | None = None

    def grey(self, viewport: Viewport, transform: GreyTransform, inverted: bool) -> Patch:
        """(height, width) uint8 grey levels of the visible part; black outside the display shutter."""
        if self._grey is not None and self._grey[:3] == (viewport, transform, inverted):
            return self._grey[3]
        patch = self._values.seen_through(viewport)
        pixels = self._windowed(patch.pixels, transform, self.radiograph.low_is_white != inverted)
        if self._mask is not None and pixels.size:
            pixels = cv2.multiply(pixels, self._mask.seen_through(viewport).pixels, scale=1 / 255)
        grey = Patch(pixels, patch.left, patch.top)
        self._grey = (viewport, transform, inverted, grey)
        return grey

    def _windowed(
        self, values: NDArray[Any], transform: GreyTransform, low_is_white: bool
    ) -> NDArray[np.uint8]:
        if values.dtype.kind == "f":
            return _levels(transform, values, low_is_white)
        unsigned = np.uint8 if values.dtype.itemsize == 1 else np.uint16
        if self._table is None or self._table[:2] != (transform, low_is_white):
            # Entry n stands for the value whose bits are n, so that signed values need no shifting.
            every = np.arange(np.iinfo(unsigned).max + 1, dtype=unsigned).view(values.dtype)
            self._table = (transform, low_is_white, _levels(transform, every, low_is_white))
        if values.size == 0:
            return values.astype(np.uint8)
        if unsigned is np.uint8:
            eight_bit: NDArray[np.uint8] = cv2.LUT(values, self._table[2])
            return eight_bit
        return self._table[2].take(values.view(unsigned))


def _levels(transform: GreyTransform, values: NDArray[Any], low_is_white: bool) -> NDArray[np.uint8]:
    """uint8 grey levels through a transform, of the same shape."""
    grey = transform.apply(values)
    if low_is_white:
        np.subtract(1, grey, out=grey)
    return (grey * 255 + np.float32(0.5)).astype(np.uint8)


def mask_plane(mask: NDArray[np.bool_]) -> Plane:
    """A mask over the film, (height, width) bool, as uint8: 255 where it is True, shares of it at edges."""
    return Plane(mask.view(np.uint8) * np.uint8(255), SQUARES_FROM)
