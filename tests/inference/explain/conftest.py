"""What is questioned: a film that was judged, by a small network of one's own and by the bundled one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.explain.explainer import Explainer
from cxr_desktop.inference.loading import load_explainer


@pytest.fixture(scope="session")
def chest_film(data_folder: Path) -> Radiograph:
    return read_radiograph(FilmSource(min((data_folder / "kermany224" / "test" / "PNEUMONIA").iterdir())))


@pytest.fixture(scope="session")
def explainer(small_bundle: Path, lung_finder_folder: Path) -> Explainer:
    return load_explainer(small_bundle, lung_finder_folder, [cpu(2)])
