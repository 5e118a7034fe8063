"""Drawn films that do not look alike, as many as wanted."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, Side


def picture(seed: int, size: tuple[int, int] = (150, 140)) -> NDArray[np.uint8]:
    """(height, width) uint8: clouds that differ from seed to seed."""
    random = np.random.default_rng(seed)
    clouds = sum(
        cv2.resize(random.uniform(0, 1, (cells, cells)), size[::-1], interpolation=cv2.INTER_CUBIC)
        for cells in (4, 8, 16)
    )
    return np.clip(60 + 40 * np.asarray(clouds), 0, 255).astype(np.uint8)


def write(
    folder: Path, name: str, image: NDArray[np.uint8], label: str, side: Side | None = None, patient: str = ""
) -> LabelledFilm:
    """A film's file, as a picture of the kind that its name says."""
    path = folder / label / name
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)
    return LabelledFilm(path, label, side, patient)


def drawn_films(folder: Path, counts: dict[str, int], side: Side | None = None) -> FoundFilms:
    """So many different films of each class."""
    films = [
        write(folder, f"{label} {number}.png", picture(1000 * place + number), label, side)
        for place, (label, count) in enumerate(counts.items())
        for number in range(count)
    ]
    return FoundFilms(tuple(films))
