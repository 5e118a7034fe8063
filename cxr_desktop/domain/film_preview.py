"""Training films before and after chance has varied them, for the eye."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.start_choices import TrainingStart
from cxr_desktop.domain.tuning import Tuning


@dataclass(frozen=True)
class PreviewQuestion:
    """How would these films be varied?

    Attributes:
        films: their files.
        seed: of chance; another one varies them otherwise.
    """

    films: tuple[Path, ...]
    start: TrainingStart
    tuning: Tuning
    seed: int


@dataclass(frozen=True, eq=False)
class FilmPreview:
    """One film as the network sees it.

    Attributes:
        before, after: (height, width) uint8; 0 is black.
    """

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
