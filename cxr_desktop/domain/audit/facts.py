"""What is kept of each labelled film once it has been decoded: a few numbers, however large the film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.prediction import ImageCheck


@dataclass(frozen=True, eq=False)
class FilmFacts:
    """One film that could be read.

    Attributes:
        kind: of its file, in a word: “PNG”, “DICOM”.
        bytes: of its file.
        shape: (height, width) in pixels.
        value_range: (least, greatest) stored value.
        grey_range: the 1st and 99th percentile of its grey levels as shown, in [0, 1].
        fingerprint: of its pixels, equal for equal films whatever their files.
        look: (256,) bool, the perceptual hash: nearly equal for films that look alike.
        border: what its four edges look like, in numbers that compare.
        corners: whether letters are burnt into its corners, in numbers that compare.
        dicom_patient: as its DICOM header says; "" where there is none.
        view, age_years, sex: as its DICOM header says, else its list; "" and None where neither does.
    """

    film: LabelledFilm
    kind: str
    bytes: int
    shape: tuple[int, int]
    value_range: tuple[float, float]
    grey_range: tuple[float, float]
    fingerprint: str
    look: NDArray[np.bool_]
    border: tuple[float, ...]
    corners: tuple[float, ...]
    dicom_patient: str = ""
    view: str = ""
    age_years: float | None = None
    sex: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A file that gave no film, with the sentence that says why."""

    film: LabelledFilm
    reason: str


@dataclass(frozen=True)
class Checked:
    """One film with the image checks that it did not pass; none where it cannot be read.

    Attributes:
        pixels: of the film, as it was decoded.
    """

    film: LabelledFilm
    failed: tuple[ImageCheck, ...]
    pixels: int
