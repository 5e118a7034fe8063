"""Films that would not be judged are told before a model learns from them."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.audit.problems import ProblemKind
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.audit.scope import check_films, scope_problems


@pytest.fixture(scope="module")
def lung_finder() -> LungFinder:
    return load_lung_finder(resources_folder() / "models" / "lung-finder", [cpu(1)])


def test_films_out_of_scope_and_odd_ones_are_told_by_what_is_wrong(
    lung_finder: LungFinder, data_folder: Path, pydicom_films: Path, tmp_path: Path
) -> None:
    chest = next((data_folder / "kermany_full" / "NORMAL").iterdir())
    grey = cv2.imread(str(chest), cv2.IMREAD_GRAYSCALE)
    shutil.copy(chest, tmp_path / "chest.jpeg")
    shutil.copy(pydicom_films / "RG3_UNCR.dcm", tmp_path / "hand.dcm")
    cv2.imwrite(str(tmp_path / "overturned.png"), np.ascontiguousarray(grey[::-1]))
    cv2.imwrite(str(tmp_path / "exchanged.png"), 255 - grey)
    (tmp_path / "empty.png").touch()
    films = [LabelledFilm(path, "NORMAL") for path in sorted(tmp_path.iterdir())]
    checked = list(check_films(films, lung_finder, 2))
    assert [each.film for each in checked] == films
    problems = scope_problems(checked)
    found = {(each.kind, film.path.name) for each in problems for film in each.films}
    assert found == {
        (ProblemKind.OUT_OF_SCOPE, "hand.dcm"),
        (ProblemKind.OUT_OF_SCOPE, "overturned.png"),
        (ProblemKind.IMAGE_CHECK, "exchanged.png"),
    }
    for each in problems:
        assert each.leave_out == (each.films if each.kind is ProblemKind.OUT_OF_SCOPE else ())
        assert all(case.remark for case in each.cases)
