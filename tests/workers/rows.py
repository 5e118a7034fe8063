"""Rows and films for tests of the workers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.prediction import Grade, ImageCheck, Judgement, Lungs, Prediction
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.worklist import Film, FilmSource

PASSED = ImageCheck("lungs", Grade.PASSED, "Both lungs found")


def film_row(id: int) -> Film:
    return Film(id, id, FilmSource(Path(f"{id}.png")), FilmHeader(), (8, 8), datetime.now(UTC))


def radiograph(level: int = 0, side: int = 8) -> Radiograph:
    values = np.full((side, side), level % 256, np.uint8)
    return Radiograph(values, (picture_window(values),))


def judgement(probability: float = 0.5) -> Judgement:
    prediction = Prediction("m", "1", probability, probability, 0.6, (PASSED,))
    return Judgement(prediction, None, Lungs(np.zeros((4, 4), np.float32), ()))
