"""Films as the network will see them, decoded once and streamed from disk.

Decoding a film takes far longer than a training step spends on it, and it is needed in every epoch. So each
film passes through `imaging` once and its network input waits in one file, mapped into memory: what is held
in memory does not grow with the number of films.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.training.films import LabelledFilm, Side, patient_in_name

ReadFilm = Callable[[FilmSource], Radiograph]

_LEVELS = 65_535
# What training writes besides the films: checkpoints, weights, the exported graph.
_ROOM_FOR_THE_REST = 500_000_000


@dataclass(frozen=True)
class StoredFilm:
    """A readable film.

    Attributes:
        name: the file's own name. For the screen, never for a log.
        label: its class.
        side: the side that its folder puts it on, or None.
        patient: DICOM Patient ID, else what its name says.
        digest: SHA-256 of the file, in hexadecimal.
        row: its place in the store.
    """

    name: str
    label: str
    side: Side | None
    patient: str
    digest: str
    row: int


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
    """Network inputs of many films in one file of 16-bit grey levels.

    Attributes:
        films: the readable ones.
        left_out: the others.
    """

    def __init__(
        self, levels: NDArray[np.uint16], films: tuple[StoredFilm, ...], left_out: tuple[LeftOut, ...]
    ):
        self._levels = levels
        self.films = films
        self.left_out = left_out

    def grey(self, film: StoredFilm) -> NDArray[np.float32]:
        """(height, width) float32 in [0, 1]; 0 is black."""
        levels: NDArray[np.uint16] = self._levels[film.row]
        return levels.astype(np.float32) / np.float32(_LEVELS)


def store_films(
    films: Sequence[LabelledFilm],
    below: Path,
    spec: InputSpec,
    file: Path,
    read: ReadFilm,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
) -> FilmStore:
    """Reads every film and keeps its network input.

    Args:
        below: the labelled folder, against which names are given.
        file: where to keep the inputs; it is overwritten.
        read: decodes a file, or raises UnreadableImage.

    Raises:
        TrainingError: the disk has no room for it.
    """
    shape = (max(len(films), 1), spec.height, spec.width)
    _check_room(file.parent, int(np.prod(shape)) * 2)
    levels: NDArray[np.uint16] = np.memmap(file, dtype=np.uint16, mode="w+", shape=shape)
    grey_spec = replace(spec, channels=1, low=0.0, high=1.0)
    stored: list[StoredFilm] = []
    left_out: list[LeftOut] = []
    for done, film in enumerate(films, start=1):
        try:
            digest = hashlib.sha256(film.path.read_bytes()).hexdigest()
            radiograph = read(FilmSource(film.path))
        except UnreadableImage as error:
            left_out.append(LeftOut(film.path.relative_to(below).as_posix(), str(error)))
        except OSError as error:
            reason = f"The file cannot be opened ({error.strerror}). Check that it is there and may be read."
            left_out.append(LeftOut(film.path.relative_to(below).as_posix(), reason))
        else:
            row = len(stored)
            image = model_input(radiograph, grey_spec).image[..., 0]  # (H, W, 1) -> (H, W)
            levels[row] = np.rint(image * _LEVELS)
            patient = radiograph.header.patient_id or patient_in_name(film.path.stem)
            stored.append(StoredFilm(film.path.name, film.label, film.side, patient, digest, row))
        on_progress(done, len(films))
    return FilmStore(levels, tuple(stored), tuple(left_out))


def data_sha256(films: Sequence[StoredFilm]) -> str:
    """One digest for a set of films, whatever their order or names."""
    digests = sorted(film.digest for film in films)
    return hashlib.sha256("".join(digests).encode("ascii")).hexdigest()


def _check_room(folder: Path, needed: int) -> None:
    needed += _ROOM_FOR_THE_REST
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise TrainingError(
            f"Training needs about {needed / 1e9:.1f} GB on the disk and {free / 1e9:.1f} GB are free. "
            "Make room, or choose another output folder."
        )
