"""Films that the imaging tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from tests.imaging.films import cropped_rg1, file_bytes


@pytest.fixture(scope="session")
def chest(pydicom_films: Path) -> Dataset:
    """A small real film; tests change copies of it (`films.with_values`, `films.with_pixels`)."""
    return cropped_rg1(pydicom_films)


@pytest.fixture(scope="session")
def film(chest: Dataset) -> bytes:
    """The same film as a file."""
    return file_bytes(chest)
