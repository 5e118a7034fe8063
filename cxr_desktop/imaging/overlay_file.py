"""A film with its heatmap as a PNG file, with words and a colour bar beneath."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.overlay import heat_rgba, overlay_picture

LINE = 22
BAR = (120, 10)


def write_overlay_png(file: Path, radiograph: Radiograph, heatmap: Heatmap | None, lines: list[str]) -> None:
    """Draws the film, its heatmap if there is one, and lines of words beneath.

    Args:
        lines: what to say of the film; must hold nothing about the patient.

    Raises:
        OSError: the file cannot be written.
    """
    film = Image.fromarray(overlay_picture(radiograph, heatmap))
    has_evidence = heatmap is not None and heatmap.has_evidence
    if heatmap is not None and not has_evidence:
        lines = [*lines, f"{heatmap.method}: no evidence for suspicion on this film"]
    height = LINE * (len(lines) + has_evidence) + 10
    sheet = Image.new("RGB", (film.width, film.height + height), "black")
    sheet.paste(film, (0, 0))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=15)
    top = film.height + 5
    for line in lines:
        # The font that comes with Pillow has no no-break space.
        draw.text((8, top), line.replace("\u00a0", " "), font=font, fill="#e6e6e6")
        top += LINE
    if has_evidence and heatmap is not None:
        draw.text((8, top), f"{heatmap.method}: less", font=font, fill="#e6e6e6")
        left = 16 + int(draw.textlength(f"{heatmap.method}: less", font=font))
        ramp = np.repeat(np.linspace(0, 1, BAR[0], dtype=np.float32)[None], BAR[1], axis=0)
        sheet.paste(Image.fromarray(heat_rgba(ramp)[..., :3]), (left, top + 5))
        draw.text((left + BAR[0] + 8, top), "more evidence", font=font, fill="#e6e6e6")
    sheet.save(file, compress_level=1)
