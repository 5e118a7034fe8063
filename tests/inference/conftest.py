"""The bundled models, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from tests.conftest import BUNDLED


@pytest.fixture(scope="session")
def classifier_folder() -> Path:
    return resources_folder() / "models" / BUNDLED


@pytest.fixture(scope="session")
def lung_finder_folder() -> Path:
    return resources_folder() / "models" / "lung-finder"


@pytest.fixture(scope="session")
def scorer(classifier_folder: Path, lung_finder_folder: Path) -> Scorer:
    return load_scorer(classifier_folder, lung_finder_folder, [cpu(2)])
