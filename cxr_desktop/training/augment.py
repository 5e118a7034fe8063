"""Random geometry for training films, with the meaning that Keras' `ImageDataGenerator` gave it.

The reference studies state their augmentation as arguments of that (now legacy) class, so the ranges,
the order of the factors and the filling of empty corners follow it; cv2 makes it some thirty times faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Augmentation:
    """Ranges from which each training film draws its own geometry, anew in every epoch.

    Attributes:
        rotation_deg: turned by up to this many degrees either way.
        row_shift, column_shift: moved by up to this share of the height or width.
        shear_deg: sheared by up to this many degrees (in Keras a "0.2" is almost nothing).
        zoom: rows and columns, each by its own factor, scaled within [1 - zoom, 1 + zoom].
        flip_columns: mirrored left to right in half of the cases.
        flip_rows: mirrored top to bottom in half of the cases.
    """

    rotation_deg: float = 0.0
    row_shift: float = 0.0
    column_shift: float = 0.0
    shear_deg: float = 0.0
    zoom: float = 0.0
    flip_columns: bool = False
    flip_rows: bool = False

    def __post_init__(self) -> None:
        ranges = (self.rotation_deg, self.row_shift, self.column_shift, self.shear_deg, self.zoom)
        if min(ranges) < 0 or self.zoom >= 1:
            raise ValueError(f"ranges must be at least 0 and zoom below 1, got {self}")

    def draw(self, random: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
        """One geometry: a (2, 3) matrix from (x, y, 1) of the result to (x, y) of the film."""
        turn = math.radians(random.uniform(-self.rotation_deg, self.rotation_deg))
        rows = random.uniform(-self.row_shift, self.row_shift) * height
        columns = random.uniform(-self.column_shift, self.column_shift) * width
        shear = math.radians(random.uniform(-self.shear_deg, self.shear_deg))
        row_zoom, column_zoom = random.uniform(1 - self.zoom, 1 + self.zoom, 2)
        matrix = affine(turn, rows, columns, shear, row_zoom, column_zoom, height, width)
        if self.flip_columns and random.random() < 0.5:
            matrix = matrix @ np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]])
        if self.flip_rows and random.random() < 0.5:
            matrix = matrix @ np.array([[1, 0, 0], [0, -1, height - 1], [0, 0, 1]])
        return matrix[:2]


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
    image: NDArray[np.float32], matrix: NDArray[np.float64], border: int = cv2.BORDER_REPLICATE
) -> NDArray[np.float32]:
    """The film seen through a geometry, empty corners filled with the nearest pixel.

    Args:
        image: (height, width) float32.
        matrix: (2, 3) from (x, y, 1) of the result to (x, y) of the film.
        border: cv2's, where another filling is wanted.
    """
    height, width = image.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped: NDArray[np.float32] = cv2.warpAffine(
        image, matrix, (width, height), flags=flags, borderMode=border
    )
    return warped
