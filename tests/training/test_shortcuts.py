"""Whether a model reads lungs: measured by changing what is none, on real films with drawn lungs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.shortcuts import JudgedFilm, judged_film, measure_shortcuts
from cxr_desktop.training.surroundings import LUNG_DILATION, dilated
from tests.training.tiny_bundle import write_tiny_bundle

BLANKING = "blanking all but the dilated lungs"
SQUASHING = "squashing by 15 %"


@pytest.fixture(scope="module")
def films(data_folder: Path) -> list[JudgedFilm]:
    below, drawn = data_folder / "kermany224" / "train", data_folder / "lung_masks224"
    return [
        judged_film(FilmSource(path), label == "PNEUMONIA", read_radiograph, drawn)
        for label in ("NORMAL", "PNEUMONIA")
        for path in [p for p in sorted((below / label).iterdir()) if (drawn / f"{p.stem}.png").exists()][:6]
    ]


def brightness_scorer(folder: Path) -> Scorer:
    """Judges a film by how bright it is as a whole, wherever; its map is the film itself."""
    write_tiny_bundle(folder, "brightness")
    return load_scorer(folder, resources_folder() / "models" / "lung-finder", [cpu(1)])


def test_a_model_that_looks_at_the_whole_film_is_found_out(tmp_path: Path, films: list[JudgedFilm]) -> None:
    figures = {each.name: each for each in measure_shortcuts(films, brightness_scorer(tmp_path))}
    blanked = figures[BLANKING]
    assert blanked.films > 8 and blanked.mean_change is not None
    assert blanked.mean_change > 0.05 and not blanked.met
    # A squashed film shows more of its edges, but the same lungs: it changes less than a blanked one.
    squashed = figures[SQUASHING]
    assert squashed.mean_change is not None and 0 < squashed.mean_change < blanked.mean_change
    in_lungs, in_dilated = (figures[name].value for name in figures if "heat" in name)
    assert in_lungs is not None and in_dilated is not None
    assert 0.1 < in_lungs < in_dilated < 0.92
    assert not figures["share of positive heat inside the dilated lungs"].met


def test_lungs_drawn_by_people_count_before_those_that_the_finder_saw(
    tmp_path: Path, films: list[JudgedFilm]
) -> None:
    assert all(film.drawn_lungs is not None for film in films)
    everywhere = [
        JudgedFilm(film.radiograph, film.suspicious, np.ones((64, 64), np.float32)) for film in films
    ]
    figures = {each.name: each for each in measure_shortcuts(everywhere, brightness_scorer(tmp_path))}
    # With all of the film drawn as lung there is nothing to blank, and all heat lies inside.
    assert figures[BLANKING].mean_change == pytest.approx(0, abs=1e-6)
    assert figures["share of positive heat inside the lungs"].value == pytest.approx(1)


def test_a_film_without_lungs_after_blanking_still_counts_within_those_found_before(
    tmp_path: Path, films: list[JudgedFilm]
) -> None:
    speck = np.zeros((64, 64), np.float32)
    speck[0, 0] = 1
    all_but_nothing = [JudgedFilm(film.radiograph, film.suspicious, speck) for film in films]
    scorer = brightness_scorer(tmp_path)
    judged = [each for each in scorer.score([f.radiograph for f in films]) if each.prediction.probability]
    blanked = next(f for f in measure_shortcuts(all_but_nothing, scorer) if f.name == BLANKING)
    assert blanked.films == len(judged)
    assert f"{blanked.films} of them judged within the lungs found before" in blanked.condition


def test_films_of_one_kind_tell_nothing(tmp_path: Path, films: list[JudgedFilm]) -> None:
    normal = [film for film in films if not film.suspicious]
    assert measure_shortcuts(normal, brightness_scorer(tmp_path)) == ()


def test_lungs_are_dilated_by_a_share_of_the_width() -> None:
    mask = np.zeros((100, 200), np.float32)
    mask[50, 100] = 1
    grown = dilated(mask, LUNG_DILATION)
    rows, columns = np.nonzero(grown)
    assert (columns.min(), columns.max()) == (92, 108)
    assert (rows.min(), rows.max()) == (42, 58)
    assert set(np.unique(grown)) == {0.0, 1.0}
