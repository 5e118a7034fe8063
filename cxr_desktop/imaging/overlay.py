"""Heatmaps on films: from a network's coarse map to colours over the original's pixels."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph

# Below this share of the map's maximum nothing is drawn, so that the film stays clear where little speaks.
FAINTEST = 0.15


def heat_on_film(heatmap: Heatmap, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The positive evidence over the whole film.

    Args:
        shape: (height, width) of the wanted picture; a smaller one than the film's gives the same map
            reduced, if the heatmap's box is given in that picture's coordinates.

    Returns:
        (height, width) float32 in [0, 1], the greatest evidence being 1; all 0 where nothing speaks for
        suspicion.
    """
    heat = np.zeros(shape, np.float32)
    if not heatmap.has_evidence:
        return heat
    positive = np.maximum(heatmap.evidence, 0)
    positive /= positive.max()
    box = heatmap.box
    top, left, bottom, right = round(box.top), round(box.left), round(box.bottom), round(box.right)
    size = (max(right - left, 1), max(bottom - top, 1))
    # Cubic, because linear interpolation of a coarse map draws diamonds that no one would take for anatomy.
    heat[top:bottom, left:right] = np.clip(cv2.resize(positive, size, interpolation=cv2.INTER_CUBIC), 0, 1)
    return heat


@cache
def _palette() -> NDArray[np.uint8]:
    """(256, 4) uint8 RGBA: inferno (perceptually even) over evidence, the more opaque the more evidence."""
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    rgb = cv2.applyColorMap(ramp, cv2.COLORMAP_INFERNO)[:, 0, ::-1]  # (256, 1, 3) BGR -> (256, 3) RGB
    share = np.linspace(0, 1, 256)
    alpha = np.clip((share - FAINTEST) / (0.6 - FAINTEST), 0, 1) * 255
    return np.column_stack([rgb, alpha.astype(np.uint8)])


def heat_rgba(heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colours of a heat picture.

    Args:
        heat: (height, width) float32 in [0, 1].

    Returns:
        (height, width, 4) uint8 RGBA, straight alpha: transparent without evidence, opaque with much.
    """
    rgba: NDArray[np.uint8] = _palette()[(heat * 255 + 0.5).astype(np.uint8)]
    return rgba


def overlay_picture(
    radiograph: Radiograph, heatmap: Heatmap | None, opacity: float = 0.45, longer_side: int = 768
) -> NDArray[np.uint8]:
    """The film with its heatmap, to be saved.

    Args:
        heatmap: None draws the film alone.
        opacity: of the strongest evidence, in [0, 1].
        longer_side: of the picture, in pixels.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    height, width = radiograph.shape
    scale = longer_side / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grey = np.clip(cv2.resize(radiograph.pixels, size, interpolation=way), 0, 1)
    picture = np.repeat((grey * 255)[..., None], 3, axis=2)  # (h, w) -> (h, w, 3)
    if heatmap is not None:
        heat = cv2.resize(heat_on_film(heatmap, radiograph.shape), size, interpolation=cv2.INTER_AREA)
        rgba = heat_rgba(np.clip(heat, 0, 1)).astype(np.float32)
        alpha = rgba[..., 3:] * np.float32(opacity / 255)  # (h, w, 1)
        picture = picture * (1 - alpha) + rgba[..., :3] * alpha
    return (picture + 0.5).astype(np.uint8)
