"""LIME's superpixels on one film, as the screen shows them: crisp at any zoom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.explanation import Superpixels
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.imaging.superpixel_picture import numbers_at, superpixel_rgba
from cxr_desktop.ui.image_viewer.planes import Patch
from cxr_desktop.ui.image_viewer.viewport import Viewport


class SuperpixelRenderer:
    """Each device pixel is looked up in the superpixels, and boundaries are drawn between device pixels.

    Threshold, colour map and contours of a look do not concern superpixels: they have colours of their own,
    and boundaries that are lines already.
    """

    def __init__(self, superpixels: Superpixels) -> None:
        self._superpixels = superpixels
        self._drawn: tuple[Viewport, float, float, Patch] | None = None

    def seen_through(self, viewport: Viewport, look: HeatLook, ratio: float) -> Patch:
        """The visible part, premultiplied RGBA, uint8, as opaque as it is to be painted. The last is kept.

        Args:
            ratio: device pixels per logical pixel.
        """
        asked = (viewport, look.opacity, ratio)
        if self._drawn is None or self._drawn[:3] != asked:
            left, top, right, bottom = viewport.visible
            if right <= left or bottom <= top:
                return Patch(np.zeros((0, 0, 4), np.uint8), 0, 0)
            pixels = superpixel_rgba(
                self._numbers(viewport),
                self._superpixels,
                look.opacity,
                look.line_opacity,
                max(round(ratio), 1),
            )
            self._drawn = (*asked, Patch(pixels, left, top))
        return self._drawn[3]

    def _numbers(self, viewport: Viewport) -> NDArray[np.int32]:
        """(height, width) int32: the superpixel at each visible device pixel's centre, -1 for none."""
        left, top, right, bottom = viewport.visible
        first, last_of_row, last_of_column = (
            viewport.to_film(x, y)
            for x, y in ((left + 0.5, top + 0.5), (right - 0.5, top + 0.5), (left + 0.5, bottom - 0.5))
        )
        width, height = right - left, bottom - top
        if viewport.orientation.quarter_turns % 2:  # a row on the screen is a column of the film
            ys = np.linspace(first[1], last_of_row[1], width)
            xs = np.linspace(first[0], last_of_column[0], height)
            return np.ascontiguousarray(numbers_at(self._superpixels, ys, xs).T)
        ys = np.linspace(first[1], last_of_column[1], height)
        xs = np.linspace(first[0], last_of_row[0], width)
        return numbers_at(self._superpixels, ys, xs)
