"""Films that the imaging tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from tests.imaging.films import cropped_rg1


@pytest.fixture(scope="session")
def chest(pydicom_films: Path) -> Dataset:
    """A small real film; tests change copies of it (`films.with_values`, `films.with_pixels`)."""
    return cropped_rg1(pydicom_films)
