"""How heatmaps are drawn over films: what the reader chose, and the words beside the colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cxr_desktop.language import tr

ColourMap = Literal["inferno", "magma", "viridis", "cividis", "jet"]
COLOUR_MAPS: tuple[ColourMap, ...] = get_args(ColourMap)

# Lines are drawn where the evidence is these shares of the map's strongest.
CONTOUR_LEVELS = (0.25, 0.5, 0.75)

# No higher, so that the last line is always drawn: a map with evidence never looks like one without.
GREATEST_THRESHOLD = CONTOUR_LEVELS[-1]


@dataclass(frozen=True)
class HeatLook:
    """The look of every heatmap.

    Attributes:
        opacity: of the strongest evidence, in [0, 1].
        threshold: share of the map's strongest evidence below which nothing is drawn, so that the film stays
            clear where little speaks; 0 to `GREATEST_THRESHOLD`.
        colour_map: of maps that are drawn only where they speak for suspicion. Signed maps have one of their
            own, which has two ends.
        contours_only: lines around the evidence in place of colours over it.
    """

    opacity: float = 0.45
    threshold: float = 0.15
    colour_map: ColourMap = "inferno"
    contours_only: bool = False

    def __post_init__(self) -> None:
        for name, high in (("opacity", 1.0), ("threshold", GREATEST_THRESHOLD)):
            value = getattr(self, name)
            if not 0 <= value <= high:
                raise ValueError(f"{name} must lie in [0, {high:g}], got {value}")
        if self.colour_map not in COLOUR_MAPS:
            raise ValueError(f"colour_map must be one of {', '.join(COLOUR_MAPS)}, got {self.colour_map!r}")

    @property
    def line_opacity(self) -> float:
        """Of the lines, in [0, 1]. They cover little of the film, and thin ones must be seen on bone."""
        return min(1.0, 2 * self.opacity)

    def levels(self, signed: bool) -> tuple[float, ...]:
        """Where lines are drawn, ascending, as shares of the strongest evidence; below 0: against it."""
        above = tuple(level for level in CONTOUR_LEVELS if level >= self.threshold)
        return (*(-level for level in reversed(above)), *above) if signed else above


DEFAULT_LOOK = HeatLook()


def colour_map_title(colour_map: ColourMap) -> str:
    """Its name for the reader, with what must be known of it."""
    # Jet turns even gradients into bands: borders appear where the evidence has none.
    return tr("Jet (uneven: shows borders that are none)") if colour_map == "jet" else colour_map.capitalize()


def colour_bar_words(signed: bool) -> tuple[str, str]:
    """What stands at both ends of the colour bar; each map is scaled to its own strongest."""
    return (
        (tr("against suspicion"), tr("for suspicion"))
        if signed
        else (tr("no evidence"), tr("strongest on this film"))
    )


def nothing_found(signed: bool) -> str:
    """What is said of a map on which nothing is drawn."""
    return tr("no evidence for or against suspicion") if signed else tr("no evidence for suspicion")
