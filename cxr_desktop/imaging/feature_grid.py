"""Pictures of what a network's layers make of a film: all channels of one, or one channel of all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.explanation import FeatureMap
from cxr_desktop.language import tr

# Channels in a row at most; a layer of 2,048 channels is then 64 rows high.
MOST_IN_A_ROW = 32
# What the colours mean, wherever they are shown.
SCALE_WORDS = tr(
    "Each channel is scaled to its own range: dark is its least value, yellow its greatest. "
    "One that is all dark is the same everywhere."
)
_GAP = 2
_WIDEST = 256  # of one channel's picture: enlarged further it shows nothing more


def in_a_row(channels: int) -> int:
    """How many of a layer's channels stand in a row: a power of two, so that they can be counted."""
    return int(min(2 ** np.ceil(np.log2(channels) / 2), MOST_IN_A_ROW))


def layer_picture(feature_map: FeatureMap, width: int = 1280) -> NDArray[np.uint8]:
    """All channels of a layer, `in_a_row`, row by row.

    Args:
        width: of the picture, in pixels, at most.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    count = len(feature_map.channels)
    columns = in_a_row(count)
    side = min(width // columns - _GAP, _WIDEST)
    tiles = [channel_picture(channel, side) for channel in feature_map.channels]
    tiles += [np.zeros_like(tiles[0])] * (-count % columns)
    return _grid(tiles, columns)


def channel_picture(channel: NDArray[np.float32], width: int) -> NDArray[np.uint8]:
    """One channel in viridis (perceptually even), from its own least value to its own greatest.

    Args:
        channel: (rows, columns) float32.
        width: of the picture, in pixels; its height follows from the channel's shape.

    Returns:
        (height, width, 3) uint8 RGB; all alike where the channel is.
    """
    low, high = float(channel.min()), float(channel.max())
    # In float64: the difference of two very great or very small values leaves float32's range.
    share = (channel.astype(np.float64) - low) / ((high - low) or 1.0)
    height = max(round(width * channel.shape[0] / channel.shape[1]), 1)
    # Enlarged without smoothing: how coarse a layer sees is part of what it shows.
    way = cv2.INTER_NEAREST_EXACT if width >= channel.shape[1] else cv2.INTER_AREA
    grey = cv2.resize((share * 255 + 0.5).astype(np.uint8), (width, height), interpolation=way)
    coloured: NDArray[np.uint8] = _viridis()[grey]  # (height, width) -> (height, width, 3)
    return coloured


def side_by_side(pictures: Sequence[NDArray[np.uint8]], columns: int) -> NDArray[np.uint8]:
    """Pictures of one width row by row, each row as high as its highest; the last is filled up with black.

    Args:
        pictures: (height, width, 3) uint8 RGB each; at least one.
    """
    height = max(each.shape[0] for each in pictures)
    tiles = [np.pad(each, ((0, height - each.shape[0]), (0, 0), (0, 0))) for each in pictures]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    return _grid(tiles, columns)


@cache
def _viridis() -> NDArray[np.uint8]:
    """(256, 3) uint8 RGB. Kept: OpenCV makes it anew for each picture, which takes most of the time."""
    levels = np.arange(256, dtype=np.uint8)[:, None]
    table: NDArray[np.uint8] = cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS)[:, 0, ::-1]  # BGR -> RGB
    return table


def _grid(tiles: Sequence[NDArray[np.uint8]], columns: int) -> NDArray[np.uint8]:
    """(rows · (height + gap), columns · (width + gap), 3) from tiles of one shape that fill all rows."""
    framed = np.stack([np.pad(tile, ((0, _GAP), (0, _GAP), (0, 0))) for tile in tiles])
    count, height, width, _ = framed.shape
    rows = framed.reshape(count // columns, columns, height, width, 3)
    # (rows, columns, height, width, 3) -> (rows, height, columns, width, 3) -> (rows · height, …)
    return np.ascontiguousarray(rows.transpose(0, 2, 1, 3, 4).reshape(-1, columns * width, 3))
