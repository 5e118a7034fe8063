"""On which films of a training two models may be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.model_card import Label
from cxr_desktop.training.film_list import write_list
from cxr_desktop.training.films_to_compare import films_kept_from_training, films_of, with_own_training
from tests.domain.two_models import comparison
from tests.training.conftest import draw_film

LABELS = (Label("NORMAL", False), Label("PNEUMONIA", True))


@pytest.fixture
def films(tmp_path: Path) -> list[LabelledFilm]:
    """Of each class one on each side."""
    films = [
        LabelledFilm(tmp_path / f"{label.name}-{side}.png", label.name, side)
        for label in LABELS
        for side in Side
    ]
    for film in films:
        draw_film(film.path, film.label == "PNEUMONIA", 0)
    return films


def test_of_a_training_only_what_it_did_not_learn_from_is_compared_on(
    films: list[LabelledFilm], tmp_path: Path
) -> None:
    given = tmp_path / "given.csv"
    write_list(films, given)
    kept = films_kept_from_training(given, LABELS).films
    assert [(film.source.path.name, film.suspicious) for film in kept] == [
        ("NORMAL-test.png", False),
        ("PNEUMONIA-test.png", True),
    ]


def test_what_a_list_tells_of_a_film_comes_along_for_the_groups(
    films: list[LabelledFilm], tmp_path: Path
) -> None:
    described = [replace(film, view="AP", age_years=float(n), sex="F") for n, film in enumerate(films)]
    given = tmp_path / "given.csv"
    write_list(described, given)
    told = {film.path: ("AP", film.age_years, "F") for film in described if film.side is Side.TEST}
    for kept in (films_kept_from_training(given, LABELS), films_of(given, LABELS)):
        assert {each.source.path: (each.view, each.age_years, each.sex) for each in kept.films} == told


def test_a_training_without_test_films_leaves_none_to_compare_on(
    films: list[LabelledFilm], tmp_path: Path
) -> None:
    given = tmp_path / "given.csv"
    write_list([film for film in films if film.side is not Side.TEST], given)
    with pytest.raises(TrainingError, match="this training was given no test films"):
        films_kept_from_training(given, LABELS)


def test_films_of_a_training_that_are_gone_are_asked_for(films: list[LabelledFilm], tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    write_list(films, given)
    films[0].path.unlink()
    with pytest.raises(TrainingError, match="not all where they were"):
        films_kept_from_training(given, LABELS)


def test_a_present_model_that_may_have_learned_from_them_is_told_of() -> None:
    now = comparison().now
    assert with_own_training(now, bundled=True) == now
    (remark,) = with_own_training(now, bundled=False).remarks
    assert "may have learned from these films" in remark
