"""Layers whose every value is known."""

from __future__ import annotations

import numpy as np

from cxr_desktop.domain.explanation import FeatureMap, FilmLayers


def layer(name: str, kind: str, channels: int, rows: int, columns: int = 0) -> FeatureMap:
    """Channel n goes from n in its first value to n + 1 in its last; the first channel is 0 everywhere."""
    columns = columns or rows
    ramp = np.linspace(0, 1, rows * columns, dtype=np.float32).reshape(1, rows, columns)
    maps = ramp + np.arange(channels, dtype=np.float32)[:, None, None]
    maps[0] = 0
    return FeatureMap(name, kind, maps)


def film_layers() -> FilmLayers:
    """Three layers, and a film that is wider than high."""
    view = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
    return FilmLayers(
        (
            layer("conv1", "convolution", 8, 12),
            layer("pool1", "pooling", 8, 6),
            layer("conv2", "convolution", 20, 4),
        ),
        view,
    )
