"""Paints a film with its heatmap, graphics, measurements and corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from cxr_desktop.domain.heat_look import HeatLook, nothing_found
from cxr_desktop.language import tr
from cxr_desktop.ui.image_viewer import decor
from cxr_desktop.ui.image_viewer.decor import Corner, Line
from cxr_desktop.ui.image_viewer.planes import Patch
from cxr_desktop.ui.image_viewer.presets import value_text, window_text
from cxr_desktop.ui.image_viewer.shown_film import ShownFilm
from cxr_desktop.ui.image_viewer.superpixel_renderer import SuperpixelRenderer
from cxr_desktop.ui.theme import Theme

# Below this width the colour bar stands above the corners' lines instead of between them.
BAR_BESIDE_CORNERS_FROM = 800.0

# What a file's overlay planes draw: a light yellow, the more opaque the more of a pixel is drawn on.
GRAPHICS_COLOURS = [QColor(255, 233, 168, opaque).rgba() for opaque in range(256)]


@dataclass
class Look:
    """What the reader chose for all films.

    Attributes:
        heat_shown: whether a heatmap is laid over its film.
        heat: how heatmaps look.
        underneath: whether the heatmap is taken away for a moment.
        overlay_shown: whether the graphics of the file's overlay planes are drawn.
    """

    heat_shown: bool
    heat: HeatLook
    underneath: bool = False
    overlay_shown: bool = True

    @property
    def heat_seen(self) -> bool:
        """Whether a heatmap is drawn now."""
        return self.heat_shown and not self.underneath


def paint_film(
    painter: QPainter,
    film: ShownFilm,
    look: Look,
    *,
    area: QRectF,
    ratio: float,
    pointer: QPointF | None,
    theme: Theme,
) -> None:
    """Everything on the canvas, bottom to top.

    Args:
        area: the canvas, in logical coordinates.
        ratio: device pixels per logical pixel.
        pointer: where the mouse is, or None.
    """
    view = film.viewport
    draw_patch(painter, film.renderer.grey(view, film.transform, film.inverted), ratio)
    if look.heat_seen and film.heat is not None:
        if not isinstance(film.heat, SuperpixelRenderer):  # those come as opaque as they are
            painter.setOpacity(look.heat.line_opacity if look.heat.contours_only else look.heat.opacity)
        draw_patch(painter, film.heat.seen_through(view, look.heat, ratio), ratio)
        painter.setOpacity(1)
    if look.overlay_shown and film.overlay is not None:
        draw_patch(painter, film.overlay.seen_through(view), ratio, GRAPHICS_COLOURS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_scale(painter, film, area, ratio, theme)
    for index, distance in enumerate(film.measurements.distances):
        start, end = (QPointF(*view.to_device(*point)) / ratio for point in (distance.start, distance.end))
        selected = index == film.measurements.selected
        text = distance.text(film.radiograph.spacing_mm)
        decor.draw_distance(painter, start, end, text, selected=selected, theme=theme)
    for corner, lines in corner_lines(film, look, ratio, pointer).items():
        decor.draw_corner(painter, area, corner, lines, theme)
    if look.heat_seen and film.heat is not None:
        lines_high = 3 * QFontMetricsF(painter.font()).height()
        lifted = 0.0 if area.width() >= BAR_BESIDE_CORNERS_FROM else lines_high
        if isinstance(film.heat, SuperpixelRenderer):
            decor.draw_superpixel_words(painter, area, lifted)
        else:
            decor.draw_colour_bar(painter, area, lifted, look.heat, signed=film.heat.signed, theme=theme)


def draw_patch(painter: QPainter, patch: Patch, ratio: float, colours: Sequence[int] | None = None) -> None:
    """Device pixels onto device pixels; nothing is scaled here.

    Args:
        colours: 256 ARGB colours for the levels of a (height, width) patch; None: they are grey levels.
    """
    if patch.pixels.size == 0:
        return
    image = _image(patch.pixels)
    if colours is not None:
        image.reinterpretAsFormat(QImage.Format.Format_Indexed8)
        image.setColorTable(colours)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(QPointF(patch.left / ratio, patch.top / ratio), image)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """A view of the array, grey or premultiplied RGBA: valid as long as the array lives."""
    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_Grayscale8)
    form = QImage.Format.Format_RGBA8888_Premultiplied
    return QImage(pixels.data, width, height, pixels.strides[0], form)


def _paint_scale(painter: QPainter, film: ShownFilm, area: QRectF, ratio: float, theme: Theme) -> None:
    spacing = film.radiograph.spacing_mm
    if spacing is None:
        return
    view = film.viewport
    (x, y), (width, height) = view.origin, view.extent
    rectangle = QRectF(x / ratio, y / ratio, width / ratio, height / ratio)
    decor.draw_ticks(painter, rectangle, area, _pixels_per_mm(film, ratio), theme)


def _pixels_per_mm(film: ShownFilm, ratio: float) -> float:
    """Logical pixels per millimetre, downwards on the screen; the film must have a spacing."""
    spacing = film.radiograph.spacing_mm
    assert spacing is not None
    along_columns = film.viewport.orientation.quarter_turns % 2 == 1
    return film.viewport.scale / ratio / spacing[1 if along_columns else 0]


def corner_lines(
    film: ShownFilm, look: Look, ratio: float, pointer: QPointF | None
) -> dict[Corner, list[Line]]:
    """What the four corners say now."""
    view, caption = film.viewport, film.caption
    orientation = view.orientation
    top_left = [Line(text) for text in caption.film]
    if orientation.in_words:
        # A mirrored film looks like another patient: its left is on the wrong side.
        top_left.append(Line(orientation.in_words, warns=True))
    top_right = [Line(text) for text in caption.judgement]
    if film.heatmap is not None:
        if film.heat is None:
            nothing = nothing_found(film.heatmap.signed)
            top_right += [Line(tr("heatmap: {method}", method=film.heatmap.made_by)), Line(nothing)]
        elif look.heat_seen:
            drawn = tr("superpixels") if isinstance(film.heat, SuperpixelRenderer) else tr("heatmap")
            top_right.insert(min(1, len(top_right)), Line(f"{drawn}: {film.heatmap.made_by}"))
        else:
            top_right.insert(min(1, len(top_right)), Line(tr("heatmap hidden")))
    window = window_text(film.transform, film.span) + ("  " + tr("inverted") if film.inverted else "")
    zoom = tr("zoom {percent:.0f}\u00a0%", percent=100 * view.scale)
    bottom_left = [Line(window), Line(zoom)]
    if film.radiograph.spacing_mm is not None:
        step = decor.tick_step_mm(_pixels_per_mm(film, ratio))
        if step is not None:
            ticks = tr("ticks {step}\u00a0mm", step=step)
            bottom_left[1] = Line(f"{zoom}  {ticks}")
    if pointer is not None:
        x, y = view.to_film(pointer.x() * ratio, pointer.y() * ratio)
        value = film.value_at(x, y)
        if value is not None:
            bottom_left.insert(0, Line(f"x {int(x)}  y {int(y)}: {value_text(value, film.span)}"))
    return {
        Corner.TOP_LEFT: top_left,
        Corner.TOP_RIGHT: top_right,
        Corner.BOTTOM_LEFT: bottom_left,
        Corner.BOTTOM_RIGHT: [Line(text) for text in caption.position.splitlines()],
    }
