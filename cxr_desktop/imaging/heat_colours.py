"""The colours of heatmaps: tables from evidence to colour, and the bar that explains them."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.heat_look import ColourMap, HeatLook

# Entries of a table each side of 0. An entry's number is `ENTRIES` + its share of the strongest · `ENTRIES`.
ENTRIES = 255

# From the threshold on colours fade in over this share of what is left above it: a heatmap has no edges.
_FADE_IN = 0.53

_CODES = {
    "inferno": cv2.COLORMAP_INFERNO,
    "magma": cv2.COLORMAP_MAGMA,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "jet": cv2.COLORMAP_JET,
}

# CIELAB, D65. On a film, which is dark, the strongest evidence must be bright: the usual red–blue scale, made
# for paper, ends in dark red and dark blue. Both ends are equally light, so neither side looks weightier.
_FOR = ((30.0, 6.0, -30.0), (64.0, 2.0, -54.0))  # blue, from faint to strong
_AGAINST = ((30.0, 32.0, 18.0), (64.0, 58.0, 36.0))  # red

# A middle grey stands for the film beneath the bar.
_BAR_GROUND = 70


def table_positions(heat: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Which entry of a table each pixel has.

    Args:
        heat: (height, width) float32 in [-1, 1], shares of the strongest evidence.
    """
    return (heat * np.float32(ENTRIES) + np.float32(ENTRIES + 0.5)).astype(np.uint16)


@cache
def colour_table(colour_map: ColourMap, threshold: float, signed: bool) -> NDArray[np.uint8]:
    """(511, 4) uint8 RGBA, straight alpha: clear below the threshold, the more opaque the more evidence.

    Args:
        threshold: share of the strongest evidence, below 1.
        signed: whether evidence against suspicion is drawn.
    """
    shares = _shares()
    strength = np.abs(shares) if signed else np.maximum(shares, 0)
    alpha = np.clip((strength - threshold) / (_FADE_IN * (1 - threshold)), 0, 1) * 255
    return np.column_stack([_colours(colour_map, signed), alpha.astype(np.uint8)])


def heat_rgba(heat: NDArray[np.float32], look: HeatLook, signed: bool) -> NDArray[np.uint8]:
    """Colours of a heat picture; `look.opacity` is left to whoever lays them over something.

    Args:
        heat: (height, width) float32 in [-1, 1], shares of the strongest evidence.

    Returns:
        (height, width, 4) uint8 RGBA, straight alpha.
    """
    rgba: NDArray[np.uint8] = colour_table(look.colour_map, look.threshold, signed)[table_positions(heat)]
    return rgba


def line_colour(level: float, look: HeatLook, signed: bool) -> tuple[int, int, int]:
    """RGB of a contour line, 0 to 255 each.

    Args:
        level: share of the strongest evidence; below 0: against suspicion.
    """
    # From the brighter half of the colours: a dark line on a dark film would not be seen.
    bright = np.copysign((1 + abs(level)) / 2, level)
    red, green, blue = _colours(look.colour_map, signed)[round(ENTRIES + ENTRIES * float(bright))]
    return int(red), int(green), int(blue)


def colour_bar(look: HeatLook, signed: bool, width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB: what the colours, or the lines, look like over a middle grey."""
    bar = np.full((height, width, 3), _BAR_GROUND, np.float32)
    low = -1.0 if signed else 0.0
    if look.contours_only:
        thick = max(round(width / 45), 2)
        for level in look.levels(signed):
            left = round((level - low) / (1 - low) * (width - thick))
            colour = np.array(line_colour(level, look, signed), np.float32)
            bar[:, left : left + thick] += (colour - _BAR_GROUND) * np.float32(look.line_opacity)
    else:
        ramp = np.linspace(low, 1, width, dtype=np.float32)[None]  # (1, width)
        rgba = heat_rgba(ramp, look, signed).astype(np.float32)
        bar += (rgba[..., :3] - bar) * rgba[..., 3:] * np.float32(look.opacity / 255)
    return (bar + 0.5).astype(np.uint8)


@cache
def _colours(colour_map: ColourMap, signed: bool) -> NDArray[np.uint8]:
    """(511, 3) uint8 RGB from all against suspicion, over nothing, to all for it."""
    if signed:
        strength = np.abs(_shares())[:, None]  # (511, 1)
        against = _shares()[:, None] < 0
        faint, strong = (np.where(against, red, blue) for red, blue in zip(_AGAINST, _FOR, strict=True))
        lab = (faint * (1 - strength) + strong * strength).astype(np.float32)  # (511, 3)
        rgb = cv2.cvtColor(lab[None], cv2.COLOR_Lab2RGB)[0]  # float32 in [0, 1]
        two_ended: NDArray[np.uint8] = (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)
        return two_ended
    ramp = np.maximum(np.arange(-ENTRIES, ENTRIES + 1), 0).astype(np.uint8)[:, None]
    # (511, 1, 3) BGR -> (511, 3) RGB
    rgb_ramp: NDArray[np.uint8] = cv2.applyColorMap(ramp, _CODES[colour_map])[:, 0, ::-1]
    return rgb_ramp


def _shares() -> NDArray[np.float64]:
    """(511,) the share of the strongest evidence that each entry stands for."""
    return np.linspace(-1, 1, 2 * ENTRIES + 1)
