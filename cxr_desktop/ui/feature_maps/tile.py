"""One channel of one layer: how it is drawn, and what is said of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cxr_desktop.domain.explanation import FeatureMap
from cxr_desktop.imaging.feature_grid import channel_picture
from cxr_desktop.language import tr


class Tile(NamedTuple):
    """A channel by its layer and its number there, from 0 on."""

    layer: FeatureMap
    number: int

    @property
    def channel(self) -> NDArray[np.float32]:
        """(rows, columns) float32."""
        channel: NDArray[np.float32] = self.layer.channels[self.number]
        return channel

    @property
    def name(self) -> str:
        return tr("{layer}, channel {number}", layer=self.layer.layer, number=self.number)

    @property
    def words(self) -> str:
        """Its name and the range that its colours span."""
        low, high = float(self.channel.min()), float(self.channel.max())
        if low == high:
            return tr("{name}: {low:.3g} everywhere", name=self.name, low=low)
        return tr("{name}: from {low:.3g} to {high:.3g}", name=self.name, low=low, high=high)

    def image(self, side: int) -> QImage:
        """Its picture, with a longer side of so many pixels; enlarged, each value is a square."""
        rows, columns = self.channel.shape
        pixels = channel_picture(self.channel, max(round(side * min(columns / rows, 1)), 1))
        height, width, _ = pixels.shape
        # Copied: QImage only looks at the array, which is gone when this returns.
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
