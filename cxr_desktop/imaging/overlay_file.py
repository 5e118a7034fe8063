"""A film with its heatmap as a picture, and as a PNG file with words and a colour bar beneath."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cxr_desktop.domain.heat_look import DEFAULT_LOOK, HeatLook, colour_bar_words, nothing_found
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.contours import contours_on_film, lines_rgba
from cxr_desktop.imaging.heat_colours import colour_bar, heat_rgba
from cxr_desktop.imaging.overlay import heat_on_film
from cxr_desktop.imaging.worded_picture import Line, drawable, with_words

_ROWS = 32  # of the strip with the colour bar
_BAR = (160, 10)
_WORDS = "#e6e6e6"


def write_overlay_png(
    file: Path,
    radiograph: Radiograph,
    heatmap: Heatmap | None,
    lines: list[str],
    look: HeatLook = DEFAULT_LOOK,
) -> None:
    """Draws the film, its heatmap if there is one, and lines of words beneath.

    Args:
        lines: what to say of the film; must hold nothing about the patient.

    Raises:
        OSError: the file cannot be written.
    """
    is_drawn = heatmap is not None and heatmap.strongest > 0
    if heatmap is not None and not is_drawn:
        lines = [*lines, f"{heatmap.made_by}: {nothing_found(heatmap.signed)}"]
    sheet = with_words(overlay_picture(radiograph, heatmap, look), [Line(line) for line in lines])
    if heatmap is not None and is_drawn:
        sheet = np.concatenate([sheet, _legend(heatmap, look, sheet.shape[1])])
    Image.fromarray(sheet).save(file, compress_level=1)


def _legend(heatmap: Heatmap, look: HeatLook, width: int) -> NDArray[np.uint8]:
    """(rows, width, 3) uint8 RGB: the method, and its colour bar between the words for both ends."""
    strip = Image.new("RGB", (width, _ROWS), "black")
    draw, font = ImageDraw.Draw(strip), ImageFont.load_default(size=15)
    low, high = colour_bar_words(heatmap.signed)
    words = drawable(f"{heatmap.made_by}: {low}")
    draw.text((8, 0), words, font=font, fill=_WORDS)
    left, top = 16 + int(draw.textlength(words, font=font)), 5
    strip.paste(Image.fromarray(colour_bar(look, heatmap.signed, *_BAR)), (left, top))
    if heatmap.signed:
        middle = left + _BAR[0] // 2
        draw.line((middle, top, middle, top + _BAR[1] + 2), fill=_WORDS)
        zero = ImageFont.load_default(size=11)
        draw.text((middle, top + _BAR[1] + 3), "0", font=zero, fill=_WORDS, anchor="mt")
    draw.text((left + _BAR[0] + 8, 0), drawable(high), font=font, fill=_WORDS)
    return np.asarray(strip)


def overlay_picture(
    radiograph: Radiograph,
    heatmap: Heatmap | None,
    look: HeatLook = DEFAULT_LOOK,
    longer_side: int = 768,
) -> NDArray[np.uint8]:
    """The film with its heatmap, to be saved.

    Args:
        heatmap: None draws the film alone.
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
    if heatmap is not None and heatmap.strongest > 0:
        rgb, alpha = _drawn(heatmap, look, radiograph.shape, (size[1], size[0]))
        picture = picture * (1 - alpha) + rgb
    return (picture + 0.5).astype(np.uint8)


def _drawn(
    heatmap: Heatmap, look: HeatLook, film_shape: tuple[int, int], shape: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Colours or lines over a picture of the whole film of that shape.

    Returns:
        (rows, columns, 3) float32 RGB in [0, 255], multiplied by alpha; (rows, columns, 1) float32 alpha in
        [0, 1].
    """
    if look.contours_only:
        to_picture = np.array([[shape[1] / film_shape[1], 0, 0], [0, shape[0] / film_shape[0], 0]])
        lines = lines_rgba(
            contours_on_film(heatmap, film_shape), look, heatmap.signed,
            to_picture=to_picture, shape=shape, width=2,
        ).astype(np.float32)  # fmt: skip
        opacity = np.float32(look.line_opacity)
        return lines[..., :3] * opacity, lines[..., 3:] * (opacity / np.float32(255))
    rgba = heat_rgba(heat_on_film(heatmap, film_shape, shape), look, heatmap.signed).astype(np.float32)
    alpha = rgba[..., 3:] * np.float32(look.opacity / 255)
    return rgba[..., :3] * alpha, alpha
