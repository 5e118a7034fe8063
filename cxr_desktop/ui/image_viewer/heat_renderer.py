"""One heatmap on one film, as the screen shows it: colours, or lines of equal evidence."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.imaging.contours import Contour, contours_on_film, lines_rgba
from cxr_desktop.imaging.heat_colours import colour_table, table_positions
from cxr_desktop.imaging.overlay import heat_on_film
from cxr_desktop.ui.image_viewer.planes import Patch, Plane
from cxr_desktop.ui.image_viewer.viewport import Viewport

# Even the finest maps have a few hundred rows: the screen cannot tell a finer picture of them.
_LONGER_SIDE = 1024

# Of a contour line, in logical pixels.
_LINE_WIDTH = 1.5


class HeatRenderer:
    """What is made when it is first asked for, and kept.

    Evidence is resampled once a view and coloured by table look-up, as films are windowed: another threshold
    or colour map costs as much as the screen has pixels, and no colour appears that the colour bar lacks.

    Attributes:
        signed: whether evidence against suspicion is drawn, too.
    """

    def __init__(self, heatmap: Heatmap, film_shape: tuple[int, int]) -> None:
        """
        Args:
            film_shape: (height, width) of the film.
        """
        self.signed = heatmap.signed
        self._heatmap = heatmap
        self._film_shape = film_shape
        self._drawn: tuple[Viewport, HeatLook, float, Patch] | None = None

    def seen_through(self, viewport: Viewport, look: HeatLook, ratio: float) -> Patch:
        """The visible part, premultiplied RGBA, uint8; opacity is left to whoever paints it.

        The last view is kept: while the pointer moves, or the film is windowed, the heatmap stays as it is.

        Args:
            ratio: device pixels per logical pixel.
        """
        asked = (viewport, replace(look, opacity=1.0), ratio)
        if self._drawn is None or self._drawn[:3] != asked:
            patch = self._lines(*asked) if look.contours_only else self._colours(viewport, look)
            self._drawn = (*asked, patch)
        return self._drawn[3]

    def _colours(self, viewport: Viewport, look: HeatLook) -> Patch:
        positions = self._positions.seen_through(viewport)
        table = premultiplied(colour_table(look.colour_map, look.threshold, self.signed))
        # Four bytes are one number: a pixel is one look-up.
        rgba = table.view(np.uint32)[:, 0].take(positions.pixels).view(np.uint8)  # (h, 4 · w)
        return Patch(rgba.reshape(*positions.pixels.shape, 4), positions.left, positions.top)

    def _lines(self, viewport: Viewport, look: HeatLook, ratio: float) -> Patch:
        left, top, right, bottom = viewport.visible
        shape = (max(bottom - top, 0), max(right - left, 0))
        if 0 in shape:
            return Patch(np.zeros((0, 0, 4), np.uint8), 0, 0)
        pixels = lines_rgba(
            self._contours,
            look,
            self.signed,
            to_picture=_to_patch(viewport, left, top),
            shape=shape,
            width=max(round(_LINE_WIDTH * ratio), 1),
        )
        return Patch(pixels, left, top)

    @cached_property
    def _positions(self) -> Plane:
        """Which entry of a colour table each pixel has, uint16."""
        height, width = self._film_shape
        scale = min(1.0, _LONGER_SIDE / max(height, width))
        shape = (max(round(height * scale), 1), max(round(width * scale), 1))
        return Plane(table_positions(heat_on_film(self._heatmap, self._film_shape, shape)))

    @cached_property
    def _contours(self) -> tuple[Contour, ...]:
        return contours_on_film(self._heatmap, self._film_shape)


def premultiplied(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(entries, 4) uint8 RGBA with straight alpha, its colours multiplied by it: what Qt paints fastest."""
    alpha = colours[:, 3:].astype(np.uint16)  # (entries, 1)
    rgb = (colours[:, :3] * alpha + 127) // 255
    return np.column_stack([rgb.astype(np.uint8), colours[:, 3:]])


def _to_patch(viewport: Viewport, left: int, top: int) -> NDArray[np.float64]:
    """(2, 3) affine, from (x, y, 1) on the film to a patch whose first device pixel is at (left, top)."""
    origin, right, down = (np.array(viewport.to_device(*point)) for point in ((0, 0), (1, 0), (0, 1)))
    return np.column_stack([right - origin, down - origin, origin - (left, top)])
