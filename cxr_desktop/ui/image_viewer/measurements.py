"""Distances on a film. In film coordinates, so that they stay on their anatomy however the film lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot

from cxr_desktop.language import tr

Point = tuple[float, float]


@dataclass(frozen=True)
class Distance:
    """A straight line between two film positions, (x, y) in pixels."""

    start: Point
    end: Point

    @property
    def pixels(self) -> float:
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    def text(self, spacing_mm: tuple[float, float] | None) -> str:
        """Its length in words: "42.3 mm", or in pixels where the file has no spacing.

        Args:
            spacing_mm: (row, column) spacing of the film.
        """
        if spacing_mm is None:
            return tr("{pixels:.0f} px (no spacing in the file)", pixels=self.pixels)
        row, column = spacing_mm
        length = hypot((self.end[0] - self.start[0]) * column, (self.end[1] - self.start[1]) * row)
        return f"{length:.1f} mm"


class Measurements:
    """The distances on the film in view, the selected one, and the end that is being dragged."""

    def __init__(self) -> None:
        self.distances: list[Distance] = []
        self.selected: int | None = None
        self._held: str | None = None

    def press(self, at: Point, reach: float) -> None:
        """Take hold of an end within `reach` film pixels, or select a line there, or start a new distance."""
        for index, distance in reversed(list(enumerate(self.distances))):
            for end in ("start", "end"):
                x, y = getattr(distance, end)
                if hypot(x - at[0], y - at[1]) <= reach:
                    self.selected, self._held = index, end
                    return
        for index, distance in reversed(list(enumerate(self.distances))):
            if _distance_to(distance, at) <= reach:
                self.selected, self._held = index, None
                return
        self.distances.append(Distance(at, at))
        self.selected, self._held = len(self.distances) - 1, "end"

    def drag(self, to: Point) -> None:
        """Move the end that is held."""
        if self.selected is None or self._held is None:
            return
        distance = self.distances[self.selected]
        self.distances[self.selected] = (
            replace(distance, start=to) if self._held == "start" else replace(distance, end=to)
        )

    def release(self, least: float) -> None:
        """Let go. A line shorter than `least` film pixels was a click, not a distance."""
        self._held = None
        if self.selected is not None and self.distances[self.selected].pixels < least:
            self.delete_selected()

    def delete_selected(self) -> None:
        if self.selected is not None:
            del self.distances[self.selected]
        self.selected = self._held = None

    def deselect(self) -> None:
        self.selected = self._held = None


def _distance_to(line: Distance, at: Point) -> float:
    """From a position to the nearest one on a line."""
    (x0, y0), (x1, y1) = line.start, line.end
    length_squared = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = 0.0
    if length_squared > 0:
        share = ((at[0] - x0) * (x1 - x0) + (at[1] - y0) * (y1 - y0)) / length_squared
    share = min(max(share, 0.0), 1.0)
    return hypot(x0 + share * (x1 - x0) - at[0], y0 + share * (y1 - y0) - at[1])
