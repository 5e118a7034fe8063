"""What chance does to training films: the ranges, and their geometry.

The reference studies state their augmentation as arguments of Keras' (now legacy) `ImageDataGenerator`, so
rotation, shifts, shear, zoom and flips follow it: ranges, order of the factors, filling of empty corners. cv2
makes it some thirty times faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Augmentation:
    """Ranges from which each training film draws what happens to it, anew in every epoch.

    Attributes:
        rotation_deg: turned by up to this many degrees either way.
        row_shift, column_shift: moved by up to this share of the height or width.
        shear_deg: sheared by up to this many degrees (in Keras a "0.2" is almost nothing).
        zoom: rows and columns, each by its own factor, scaled within [1 - zoom, 1 + zoom].
        flip_columns: mirrored left to right in half of the cases.
        flip_rows: mirrored top to bottom in half of the cases.
        aspect: height against width stretched or squashed by a factor of up to 1 + aspect.
        crop: only a part is seen, at least 1 - crop of height and width, from a random place.
        gamma: grey levels raised to a power of up to 1 + gamma or down to its inverse.
        contrast: grey levels spread about their middle by a factor of up to 1 + contrast or its inverse.
        brightness: grey levels moved by up to this much either way.
        equalise: share of films whose histogram is equalised.
        blur: share of films that are blurred: by a Gaussian of up to 1.3 pixels, or by fewer pixels.
        noise: standard deviation of the noise, up to so much, on half of the films.
        erase: share of films in which one or two rectangles are painted over.
        outside_lungs: share of films in which what lies outside the lungs is replaced, by one grey, a blur of
            itself or the surroundings of another film; needs films with lungs.
    """

    rotation_deg: float = 0.0
    row_shift: float = 0.0
    column_shift: float = 0.0
    shear_deg: float = 0.0
    zoom: float = 0.0
    flip_columns: bool = False
    flip_rows: bool = False
    aspect: float = 0.0
    crop: float = 0.0
    gamma: float = 0.0
    contrast: float = 0.0
    brightness: float = 0.0
    equalise: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    erase: float = 0.0
    outside_lungs: float = 0.0

    def __post_init__(self) -> None:
        ranges = [float(getattr(self, each.name)) for each in fields(self)]
        below_one = (self.zoom, self.crop)
        shares = (self.equalise, self.blur, self.erase, self.outside_lungs)
        if min(ranges) < 0 or max(below_one) >= 1 or max(shares) > 1:
            raise ValueError(f"ranges must be at least 0, zoom and crop below 1, shares at most 1: {self}")

    def draw(self, random: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
        """One geometry: a (2, 3) matrix from (x, y, 1) of the result to (x, y) of the film."""
        turn = math.radians(random.uniform(-self.rotation_deg, self.rotation_deg))
        rows = random.uniform(-self.row_shift, self.row_shift) * height
        columns = random.uniform(-self.column_shift, self.column_shift) * width
        shear = math.radians(random.uniform(-self.shear_deg, self.shear_deg))
        row_zoom, column_zoom = random.uniform(1 - self.zoom, 1 + self.zoom, 2)
        if self.aspect:
            stretch = (1 + self.aspect) ** (random.uniform(-1, 1) / 2)
            row_zoom, column_zoom = row_zoom * stretch, column_zoom / stretch
        if self.crop:
            seen = random.uniform(1 - self.crop, 1)
            row_zoom, column_zoom = row_zoom * seen, column_zoom * seen
            rows += random.uniform(-1, 1) * (1 - seen) / 2 * height
            columns += random.uniform(-1, 1) * (1 - seen) / 2 * width
        matrix = affine(turn, rows, columns, shear, row_zoom, column_zoom, height, width)
        if self.flip_columns and random.random() < 0.5:
            matrix = matrix @ np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]])
        if self.flip_rows and random.random() < 0.5:
            matrix = matrix @ np.array([[1, 0, 0], [0, -1, height - 1], [0, 0, 1]])
        return matrix[:2]


# As far as films are varied where nothing of a patient is changed: what two portable machines would do.
GENTLE = Augmentation(rotation_deg=7, row_shift=0.04, column_shift=0.04, zoom=0.07, gamma=0.15, contrast=0.15)
# Other machines, postures and exposures, as the bundled models have seen them.
STRONG = Augmentation(
    rotation_deg=12,
    row_shift=0.07,
    column_shift=0.07,
    shear_deg=4.5,
    zoom=0.13,
    aspect=0.13,
    gamma=0.4,
    contrast=0.35,
    brightness=0.12,
    blur=0.35,
    noise=0.03,
    erase=0.25,
)


def affine(
    turn: float,
    rows: float,
    columns: float,
    shear: float,
    row_zoom: float,
    column_zoom: float,
    height: int,
    width: int,
) -> NDArray[np.float64]:
    """A (3, 3) matrix from (x, y, 1) of the result to those of the film, about the film's centre.

    The product rotation · shift · shear · zoom of `keras.src.legacy.preprocessing.image`; angles in radians,
    shifts in pixels. A zoom above 1 shows more of the film, smaller.
    """
    sine, cosine = math.sin(turn), math.cos(turn)
    rotation = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    shift = np.array([[1, 0, columns], [0, 1, rows], [0, 0, 1]])
    shearing = np.array([[1, -math.sin(shear), 0], [0, math.cos(shear), 0], [0, 0, 1]])
    zooming = np.diag([column_zoom, row_zoom, 1.0])
    centre = np.array([[1, 0, width / 2 - 0.5], [0, 1, height / 2 - 0.5], [0, 0, 1]])
    product: NDArray[np.float64] = centre @ rotation @ shift @ shearing @ zooming @ np.linalg.inv(centre)
    return product


def warp(
    image: NDArray[np.float32],
    matrix: NDArray[np.float64],
    border: int = cv2.BORDER_REPLICATE,
    shape: tuple[int, int] | None = None,
) -> NDArray[np.float32]:
    """The film seen through a geometry, empty corners filled with the nearest pixel.

    Args:
        image: (height, width) float32.
        matrix: (2, 3) from (x, y, 1) of the result to (x, y) of the film.
        border: cv2's, where another filling is wanted.
        shape: (height, width) of the result; None: the film's.
    """
    height, width = shape or image.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped: NDArray[np.float32] = cv2.warpAffine(
        image, matrix, (width, height), flags=flags, borderMode=border
    )
    return warped
