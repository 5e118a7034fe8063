"""Classes are renamed, merged and left out before anything is trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.film_classes import (
    classes_left_out,
    classes_renamed,
    films_left_out,
    found_changed,
)
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, Side, same_class_twice

FILMS = tuple(
    LabelledFilm(Path(f"{label}.png"), label, Side.TRAIN, "p1") for label in ("bacteria", "virus", "NORMAL")
)


def labels(films: tuple[LabelledFilm, ...]) -> list[str]:
    return [film.label for film in films]


def test_a_class_gets_another_name_and_keeps_all_else() -> None:
    renamed = classes_renamed(FILMS, {"virus": " viral "})
    assert labels(renamed) == ["bacteria", "viral", "NORMAL"]
    assert [(film.path, film.side, film.patient) for film in renamed] == [
        (film.path, film.side, film.patient) for film in FILMS
    ]


def test_classes_that_get_one_name_become_one_and_names_may_be_exchanged() -> None:
    assert labels(classes_renamed(FILMS, {"bacteria": "PNEUMONIA", "virus": "PNEUMONIA"})) == [
        "PNEUMONIA",
        "PNEUMONIA",
        "NORMAL",
    ]
    assert labels(classes_renamed(FILMS, {"bacteria": "virus", "virus": "bacteria"})) == [
        "virus",
        "bacteria",
        "NORMAL",
    ]


def test_classes_and_films_are_left_out() -> None:
    assert labels(classes_left_out(FILMS, ("virus",))) == ["bacteria", "NORMAL"]
    assert labels(films_left_out(FILMS, [Path("NORMAL.png"), Path("unknown.png")])) == ["bacteria", "virus"]


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(TrainingError, match="needs a name"):
        classes_renamed(FILMS, {"virus": "  "})


def test_a_class_that_is_not_there_is_named_with_those_that_are() -> None:
    there = r"no class fungus.*NORMAL, bacteria, virus"
    with pytest.raises(TrainingError, match=there):
        classes_left_out(FILMS, ("fungus",))
    with pytest.raises(TrainingError, match=there):
        classes_renamed(FILMS, {"fungus": "mould"})


def test_a_class_written_in_two_ways_is_an_obstacle_until_it_has_one_name() -> None:
    films = (LabelledFilm(Path("a.png"), "Normal"), LabelledFilm(Path("b.png"), "NORMAL"))
    found = FoundFilms(films, ("virus",), ("Loose files.", same_class_twice(["Normal", "NORMAL", "virus"])))
    assert found_changed(found, {}, ()) == found
    settled = found_changed(found, {"Normal": "NORMAL"}, ())
    assert settled.obstacles == ("Loose files.",)
    assert found_changed(found, {}, ("Normal", "virus")).empty == ()
    assert found_changed(settled, {"virus": "normal"}, ()).obstacles[1].startswith("A class is there twice")
