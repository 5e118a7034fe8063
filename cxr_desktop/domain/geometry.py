"""Rectangles on a film."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle in a film's pixel coordinates, rows downwards, half open.

    Attributes:
        top, left: first row and column inside.
        bottom, right: first row and column below and to the right of it.
    """

    top: float
    left: float
    bottom: float
    right: float

    def __post_init__(self) -> None:
        if not (self.bottom > self.top and self.right > self.left):
            raise ValueError(f"Box must have a positive height and width, got {self}")

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    @classmethod
    def whole(cls, shape: tuple[int, ...]) -> Box:
        """The whole of an array of shape (height, width, …)."""
        return cls(0, 0, shape[0], shape[1])

    def grown(self, share: float, shape: tuple[int, ...]) -> Box:
        """Enlarged on each side by `share` of its own height and width, cut at the edges of `shape`."""
        rows, columns = share * self.height, share * self.width
        return Box(
            max(0.0, self.top - rows),
            max(0.0, self.left - columns),
            min(float(shape[0]), self.bottom + rows),
            min(float(shape[1]), self.right + columns),
        )
