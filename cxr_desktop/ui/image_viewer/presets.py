"""Windows by name: the file's own ones, and ones made from the film's values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.windowing import GreyTransform, LookupTable, Window, WindowFunction
from cxr_desktop.language import tr

# Percentiles of brightness, 0 the darkest, between which the window opens. They are taken inside the
# rectangle around the lungs: about half of it is lung (dark), the rest heart, spine and ribs (bright).
LUNGS = (0.5, 93.0)
MEDIASTINUM = (35.0, 99.9)
BONES = (15.0, 99.5)

# Percentiles of the visible values that bound what a drag over the canvas goes through: a marker or a
# dead pixel must not make the drag coarse.
SPAN = (0.2, 99.8)

# Dragging this many logical pixels goes through the whole span of the values.
DRAG_LENGTH = 500

_SAMPLES = 60_000


@dataclass(frozen=True)
class Preset:
    """A window to choose.

    Attributes:
        name: as the reader sees it.
        transform: None where this film does not offer it; then `reason` says why.
    """

    name: str
    transform: GreyTransform | None
    reason: str = ""


def file_presets(radiograph: Radiograph) -> tuple[Preset, ...]:
    """What the file itself offers, its default first, by the file's own names where it has any."""
    presets = []
    for number, transform in enumerate(radiograph.transforms, start=1):
        name = transform.name.strip() or (
            tr("As in file") if number == 1 else tr("File window {number}", number=number)
        )
        if number == 1 and transform.name.strip():
            name = tr("As in file ({name})", name=name)
        presets.append(Preset(name, transform))
    return tuple(presets)


def full_range(radiograph: Radiograph) -> Preset:
    """From the least to the greatest visible value."""
    return Preset(tr("Full range"), Window.spanning(*radiograph.value_range))


def region_presets(radiograph: Radiograph, lungs_box: Box | None) -> tuple[Preset, Preset, Preset]:
    """Lungs, mediastinum and bones, from the values inside the rectangle around the lungs.

    Without that rectangle the middle of the film serves for the last two; a window "Lungs" would promise
    what nobody found.
    """
    if lungs_box is None:
        lungs = Preset(tr("Lungs"), None, tr("The lungs have not been found on this film."))
        height, width = radiograph.shape
        region = Box(0.15 * height, 0.15 * width, 0.85 * height, 0.85 * width)
    else:
        lungs = Preset(tr("Lungs"), _between(radiograph, lungs_box, LUNGS))
        region = lungs_box
    return (
        lungs,
        Preset(tr("Mediastinum"), _between(radiograph, region, MEDIASTINUM)),
        Preset(tr("Bones"), _between(radiograph, region, BONES)),
    )


def value_span(radiograph: Radiograph) -> float:
    """How far the bulk of the visible values reaches, > 0."""
    low, high = np.percentile(_sample(radiograph, Box.whole(radiograph.shape)), SPAN)
    least, greatest = radiograph.value_range
    return float(high - low) or (greatest - least) or 1.0


def draggable(transform: GreyTransform) -> Window:
    """The window from which dragging starts."""
    return transform.as_window() if isinstance(transform, LookupTable) else transform


def dragged(window: Window, right: float, down: float, span: float, low_is_white: bool) -> Window:
    """The window after a drag.

    Args:
        right, down: the way dragged, in logical pixels. Rightwards widens; downwards darkens, whichever
            end of the values is shown white.
        span: of the film's values, so that a drag feels alike on 8 and 16 bit.
    """
    step = span / DRAG_LENGTH
    # LINEAR knows no width below 1 (PS3.3 C.11.2.1.2.1); elsewhere only 0 must be kept away.
    least = 1.0 if window.function is WindowFunction.LINEAR else span / 1000
    return replace(
        window,
        center=window.center + (-down if low_is_white else down) * step,
        width=max(window.width + right * step, least),
        name="",
    )


def window_text(transform: GreyTransform, span: float) -> str:
    """Width and level for the film's corner: "W 1870  L 1020"."""
    if isinstance(transform, LookupTable):
        return tr("grey curve {name}", name=transform.name).strip()
    width, level = value_text(transform.width, span), value_text(transform.center, span)
    if transform.function is WindowFunction.SIGMOID:
        return tr("W {width}  L {level}  sigmoid", width=width, level=level)
    return tr("W {width}  L {level}", width=width, level=level)


def value_text(value: float, span: float) -> str:
    """A modality value with as many decimals as the film's span makes meaningful."""
    decimals = 0 if span >= 50 else 3
    return f"{value:.{decimals}f}"


def _between(radiograph: Radiograph, box: Box, percentiles: tuple[float, float]) -> Window:
    """The window between two percentiles of brightness inside a rectangle."""
    if radiograph.low_is_white:
        percentiles = (100 - percentiles[1], 100 - percentiles[0])
    low, high = np.percentile(_sample(radiograph, box), percentiles)
    return Window.spanning(low, max(high, low + value_span(radiograph) / 1000))


def _sample(radiograph: Radiograph, box: Box) -> NDArray[np.float64]:
    """Some visible values inside a rectangle, evenly spread; all visible ones where it holds none."""
    rows = slice(max(int(box.top), 0), max(int(np.ceil(box.bottom)), 0))
    columns = slice(max(int(box.left), 0), max(int(np.ceil(box.right)), 0))
    step = max(int(np.sqrt(box.height * box.width / _SAMPLES)), 1)
    values = radiograph.values[rows, columns][::step, ::step]
    if radiograph.visible is not None:
        values = values[radiograph.visible[rows, columns][::step, ::step]]
    if values.size == 0:
        values = radiograph.values[::step, ::step]
    return values.ravel().astype(np.float64)
