"""Films as the network will see them, decoded once and streamed from disk.

Decoding a film takes far longer than a training step spends on it, and it is needed in every epoch. So each
film passes through `imaging` once and its network input waits in one file, mapped into memory: what is held
in memory does not grow with the number of films.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.labelled_films import Side
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.prediction import Lungs
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.training.digests import joint_sha256
from cxr_desktop.training.disk import mapped

ReadFilm = Callable[[FilmSource], Radiograph]

Image = NDArray[np.float32]

_LEVELS = 65_535
# A whole film has so many times the rows and columns of a network's input that shows its lungs, which fill
# about two thirds of it: the part in view is then kept without loss.
_WIDE = 1.75


@dataclass(frozen=True)
class StoredFilm:
    """A readable film.

    Attributes:
        name: the file's own name. For the screen, never for a log.
        label: its class.
        side: the side that its folder puts it on, or None.
        patient: what its list or its DICOM header says, else its name.
        digest: SHA-256 of the file, in hexadecimal.
        row: its place in the store.
        path: the file.
        certainty: how far the label is to be believed, in (0.5, 1].
        weight: what it weighs in the loss; None: as its class does.
        group: films among which classes are evened out, where it has a weight of its own.
        known_patient: the patient by list or DICOM header alone; "" where neither tells.
        fingerprint: digest of its pixels, the same in a file that was renamed or saved again without loss.
    """

    name: str
    label: str
    side: Side | None
    patient: str
    digest: str
    row: int
    path: Path = Path()
    certainty: float = 1.0
    weight: float | None = None
    group: str = ""
    known_patient: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A file that gave no film.

    Attributes:
        name: the file's place below the labelled folder. For the screen, never for a log.
        reason: the sentence to show beside it.
    """

    name: str
    reason: str


class FilmStore:
    """Network inputs of many films in one file of 16-bit grey levels, and what is needed to vary them.

    Attributes:
        films: the readable ones.
        left_out: the others.
        wide_shape: (height, width) of `wide`.
    """

    def __init__(
        self,
        levels: NDArray[np.uint16],
        films: tuple[StoredFilm, ...],
        left_out: tuple[LeftOut, ...],
        surroundings: Surroundings | None = None,
    ):
        """Args:
        surroundings: of networks that look at the lungs alone; None: the whole film is in view.
        """
        self._levels = levels
        self.films = films
        self.left_out = left_out
        self._surroundings = surroundings
        self.wide_shape: tuple[int, int] = (surroundings.wide if surroundings else levels).shape[1:3]

    def grey(self, film: StoredFilm) -> Image:
        """The film as the network will see it: (height, width) float32 in [0, 1]; 0 is black."""
        return _grey(self._levels[film.row])

    def wide(self, film: StoredFilm) -> Image:
        """The whole film: (height, width) float32 in [0, 1], of `wide_shape`."""
        return _grey(self._surroundings.wide[film.row]) if self._surroundings else self.grey(film)

    def lungs(self, film: StoredFilm) -> Image:
        """Its lungs as the lung finder saw them: (rows, columns) float32 in [0, 1], over the whole film."""
        if self._surroundings is None:
            raise ValueError("the lungs of these films were not looked for")
        certainty: Image = self._surroundings.lungs[film.row].astype(np.float32) / np.float32(255)
        return certainty

    def geometry(self, film: StoredFilm) -> NDArray[np.float64]:
        """(2, 3) from (x, y, 1) of `grey` to (x, y) of `wide`, pixels counted at their centres."""
        if self._surroundings is None:
            return np.eye(2, 3)
        top, left, bottom, right = (float(each) for each in self._surroundings.boxes[film.row])
        height, width = self._levels.shape[1:]
        rows, columns = self.wide_shape
        by_rows, by_columns = (bottom - top) * rows / height, (right - left) * columns / width
        return np.array(
            [
                [by_columns, 0, left * columns + by_columns / 2 - 0.5],
                [0, by_rows, top * rows + by_rows / 2 - 0.5],
            ]
        )


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What lies around the part of each film that a network looks at, film by film.

    Attributes:
        wide: (films, height, width) uint16, the whole films.
        lungs: (films, rows, columns) uint8, 255 where the lung finder is sure of lung.
        boxes: (films, 4) float32: top, left, bottom, right of the part in view, as shares of the film.
    """

    wide: NDArray[np.uint16]
    lungs: NDArray[np.uint8]
    boxes: NDArray[np.float32]

    @classmethod
    def room(cls, file: Path, films: int, spec: InputSpec, lungs: InputSpec) -> Surroundings:
        """For so many films, not yet filled; kept in files beside `file`.

        Args:
            lungs: what the lung finder sees, and so the size of its masks.
        """
        wide = mapped(wide_file(file), np.uint16, (films, *_wide_shape(spec)))
        masks = mapped(lungs_file(file), np.uint8, (films, lungs.height, lungs.width))
        return cls(wide, masks, np.zeros((films, 4), np.float32))

    def fill(self, row: int, around: Around) -> None:
        """Keeps a film's own."""
        self.wide[row], self.lungs[row], self.boxes[row] = around.wide, around.lungs, around.box


@dataclass(frozen=True, eq=False)
class Around:
    """What `Surroundings` keeps of one film.

    Attributes:
        wide: (height, width) uint16.
        lungs: (rows, columns) uint8.
        box: top, left, bottom, right as shares of the film.
    """

    wide: NDArray[np.uint16]
    lungs: NDArray[np.uint8]
    box: tuple[float, float, float, float]

    @classmethod
    def of(cls, radiograph: Radiograph, spec: InputSpec, seen: Box, lungs: Lungs) -> Around:
        """What lies around the part that a network looks at.

        Args:
            spec: of the network's input.
            seen: the part, in film coordinates.
        """
        whole = model_input(radiograph, InputSpec(*_wide_shape(spec))).image[..., 0]
        height, width = radiograph.shape
        return cls(
            levels_of(whole),
            np.rint(lungs.mask * 255).astype(np.uint8),
            (seen.top / height, seen.left / width, seen.bottom / height, seen.right / width),
        )


def wide_file(file: Path) -> Path:
    """Where a store kept in `file` has its whole films."""
    return file.with_name(f"wide-{file.name}")


def lungs_file(file: Path) -> Path:
    """Where a store kept in `file` has its lung masks."""
    return file.with_name(f"lungs-{file.name}")


def _wide_shape(spec: InputSpec) -> tuple[int, int]:
    return round(spec.height * _WIDE), round(spec.width * _WIDE)


def bytes_per_film(spec: InputSpec, lungs: InputSpec | None) -> int:
    """On the disk, in a store of network inputs, and of lungs where they are looked for."""
    seen = 2 * spec.height * spec.width
    return seen if lungs is None else seen + 2 * math.prod(_wide_shape(spec)) + lungs.height * lungs.width


def levels_of(grey: Image) -> NDArray[np.uint16]:
    """16-bit grey levels of (height, width) float32 in [0, 1]."""
    return np.rint(grey * _LEVELS).astype(np.uint16)


def _grey(levels: NDArray[np.uint16]) -> Image:
    return levels.astype(np.float32) / np.float32(_LEVELS)


def data_sha256(films: Sequence[StoredFilm]) -> str:
    """One digest for a set of films, whatever their order or names."""
    return joint_sha256(film.digest for film in films)
