"""Where the film lies on the screen: turned, flipped, scaled, moved. Pure geometry, no Qt.

Three coordinate systems, x rightwards and y downwards, pixel i covering [i, i + 1):

- film: the radiograph's own pixels;
- oriented: the film's pixels after flipping and turning;
- device: the screen's pixels inside the canvas (logical Qt coordinates times the device pixel ratio).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.language import tr

Pixel = TypeVar("Pixel", bound=np.generic)

GREATEST_SCALE = 32.0


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways to lay a film on a light box.

    Attributes:
        flipped: left–right, done first.
        quarter_turns: clockwise, 0 to 3, done after the flip.
    """

    quarter_turns: int = 0
    flipped: bool = False

    def __post_init__(self) -> None:
        if self.quarter_turns not in range(4):
            raise ValueError(f"quarter_turns must be 0 to 3, got {self.quarter_turns}")

    def rotated(self, quarter_turns: int) -> Orientation:
        """Turned further, clockwise as seen; negative turns go left."""
        return Orientation((self.quarter_turns + quarter_turns) % 4, self.flipped)

    def flipped_left_right(self) -> Orientation:
        """Mirrored as seen now. A flip after k turns equals one before -k turns."""
        return Orientation(-self.quarter_turns % 4, not self.flipped)

    def flipped_top_bottom(self) -> Orientation:
        """Mirrored upside down as seen now: a flip left–right and half a turn."""
        return Orientation((2 - self.quarter_turns) % 4, not self.flipped)

    @property
    def in_words(self) -> str:
        """What was done to the film, for its corner; "" as it came."""
        turn = ("", tr("rotated 90° right"), tr("rotated 180°"), tr("rotated 90° left"))[self.quarter_turns]
        if not self.flipped:
            return turn
        if self.quarter_turns == 2:
            return tr("flipped top–bottom")
        return ", ".join(part for part in (tr("flipped left–right"), turn) if part)

    def shape(self, shape: tuple[int, int]) -> tuple[int, int]:
        """(height, width) of a film of that shape after turning."""
        height, width = shape
        return (width, height) if self.quarter_turns % 2 else (height, width)

    def of_array(self, array: NDArray[Pixel]) -> NDArray[Pixel]:
        """(rows, columns, …) as a view of the same memory, flipped and turned."""
        flipped = array[:, ::-1] if self.flipped else array
        return np.rot90(flipped, -self.quarter_turns)  # rot90 turns against the clock

    def of_point(self, x: float, y: float, shape: tuple[int, int]) -> tuple[float, float]:
        """A film position in oriented coordinates."""
        height, width = shape
        if self.flipped:
            x = width - x
        for _ in range(self.quarter_turns):
            x, y = height - y, x
            height, width = width, height
        return x, y

    def film_point(self, x: float, y: float, shape: tuple[int, int]) -> tuple[float, float]:
        """An oriented position in film coordinates; undoes `of_point`."""
        height, width = self.shape(shape)
        for _ in range(self.quarter_turns):
            x, y = y, width - x
            height, width = width, height
        return (width - x if self.flipped else x), y


@dataclass(frozen=True)
class Viewport:
    """One view of one film.

    Attributes:
        film_shape: (height, width) of the film in pixels.
        size: (width, height) of the canvas in device pixels.
        orientation: how the film lies.
        scale: device pixels per film pixel; 1 is "1:1".
        centre: (x, y) film position in the canvas' middle; None: the film's middle.
        fitted: whether the whole film is to be seen, also after resizing.
    """

    film_shape: tuple[int, int]
    size: tuple[int, int]
    orientation: Orientation = field(default_factory=Orientation)
    scale: float = 1.0
    centre: tuple[float, float] | None = None
    fitted: bool = False

    def __post_init__(self) -> None:
        if min(*self.film_shape, *self.size) < 1 or not self.scale > 0:
            raise ValueError(f"a viewport needs a film, a size and a positive scale, got {self}")

    @classmethod
    def fit(
        cls, film_shape: tuple[int, int], size: tuple[int, int], orientation: Orientation | None = None
    ) -> Viewport:
        """The whole film, as large as it goes."""
        orientation = orientation or Orientation()
        height, width = orientation.shape(film_shape)
        scale = min(size[0] / width, size[1] / height)
        return cls(film_shape, size, orientation, scale, None, fitted=True)

    @property
    def middle(self) -> tuple[float, float]:
        """(x, y) film position in the canvas' middle."""
        return self.centre or (self.film_shape[1] / 2, self.film_shape[0] / 2)

    @property
    def origin(self) -> tuple[int, int]:
        """(x, y) device position of the oriented film's top left corner.

        A whole number, so that moving a film never blurs it.
        """
        x, y = self.orientation.of_point(*self.middle, self.film_shape)
        return round(self.size[0] / 2 - self.scale * x), round(self.size[1] / 2 - self.scale * y)

    @property
    def extent(self) -> tuple[int, int]:
        """(width, height) of the whole film in device pixels, inside the canvas or not."""
        height, width = self.orientation.shape(self.film_shape)
        return max(round(width * self.scale), 1), max(round(height * self.scale), 1)

    @property
    def visible(self) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) of the film on the canvas, device pixels; empty if right <= left."""
        (x, y), (width, height) = self.origin, self.extent
        return max(x, 0), max(y, 0), min(x + width, self.size[0]), min(y + height, self.size[1])

    def to_device(self, x: float, y: float) -> tuple[float, float]:
        """A film position in device coordinates."""
        across, down = self.orientation.of_point(x, y, self.film_shape)
        return self.origin[0] + self.scale * across, self.origin[1] + self.scale * down

    def to_film(self, x: float, y: float) -> tuple[float, float]:
        """A device position in film coordinates, also beside the film."""
        across, down = (x - self.origin[0]) / self.scale, (y - self.origin[1]) / self.scale
        return self.orientation.film_point(across, down, self.film_shape)

    def resized(self, size: tuple[int, int]) -> Viewport:
        """On a canvas of another size: fitted again, or the same film position in the middle."""
        if self.fitted:
            return Viewport.fit(self.film_shape, size, self.orientation)
        return replace(self, size=size)

    def turned(self, orientation: Orientation) -> Viewport:
        """Laid another way: fitted again, or around the same film position."""
        if self.fitted:
            return Viewport.fit(self.film_shape, self.size, orientation)
        return replace(self, orientation=orientation)

    def at_scale(self, scale: float) -> Viewport:
        """Scaled, the canvas' middle staying where it is."""
        return self.zoomed(scale / self.scale, (self.size[0] / 2, self.size[1] / 2))

    def zoomed(self, factor: float, at: tuple[float, float]) -> Viewport:
        """Scaled within the limits; what lies at the device position `at` stays there."""
        fit = Viewport.fit(self.film_shape, self.size, self.orientation).scale
        least, greatest = min(fit, 1.0) / 4, max(fit, GREATEST_SCALE)
        scale = min(max(self.scale * factor, least), greatest)
        x, y = self.to_film(*at)
        aside = replace(self, scale=scale, centre=(x, y), fitted=False)
        # `aside` shows the point in the middle; the middle must show what then lies opposite of `at`.
        opposite = (self.size[0] - at[0], self.size[1] - at[1])
        return replace(aside, centre=aside.to_film(*opposite))

    def panned(self, right: float, down: float) -> Viewport:
        """Moved by device pixels; a part of the film stays in the canvas' middle."""
        height, width = self.film_shape
        x, y = self.middle
        # The vector of the move in film coordinates: the orientation turns it like any other.
        origin = self.orientation.film_point(0, 0, self.film_shape)
        step = self.orientation.film_point(right / self.scale, down / self.scale, self.film_shape)
        wanted = x - (step[0] - origin[0]), y - (step[1] - origin[1])
        # Zooming at a film's edge may have brought the middle beside the film: it must not jump back.
        centre = (
            min(max(wanted[0], min(0.0, x)), max(float(width), x)),
            min(max(wanted[1], min(0.0, y)), max(float(height), y)),
        )
        return replace(self, centre=centre, fitted=False)
