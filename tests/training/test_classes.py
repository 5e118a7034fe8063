"""Classes are renamed, merged and left out before anything is trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.classes import class_renamed, classes_left_out, classes_merged, films_left_out
from cxr_desktop.training.films import LabelledFilm, Side

FILMS = tuple(
    LabelledFilm(Path(f"{label}.png"), label, Side.TRAIN, "p1") for label in ("bacteria", "virus", "NORMAL")
)


def labels(films: tuple[LabelledFilm, ...]) -> list[str]:
    return [film.label for film in films]


def test_a_class_gets_another_name_and_keeps_all_else() -> None:
    renamed = class_renamed(FILMS, "virus", " viral ")
    assert labels(renamed) == ["bacteria", "viral", "NORMAL"]
    assert [(film.path, film.side, film.patient) for film in renamed] == [
        (film.path, film.side, film.patient) for film in FILMS
    ]
    assert labels(class_renamed(FILMS, "virus", "Virus")) == ["bacteria", "Virus", "NORMAL"]


def test_several_classes_become_one() -> None:
    assert labels(classes_merged(FILMS, ("bacteria", "virus"), "PNEUMONIA")) == [
        "PNEUMONIA",
        "PNEUMONIA",
        "NORMAL",
    ]


def test_classes_and_films_are_left_out() -> None:
    assert labels(classes_left_out(FILMS, ("virus",))) == ["bacteria", "NORMAL"]
    assert labels(films_left_out(FILMS, [Path("NORMAL.png"), Path("unknown.png")])) == ["bacteria", "virus"]


def test_a_name_that_is_taken_or_empty_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"a class normal already.*merge"):
        class_renamed(FILMS, "virus", "normal")
    with pytest.raises(TrainingError, match="needs a name"):
        classes_merged(FILMS, ("virus",), "  ")


def test_a_class_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(TrainingError, match=r"no class fungus.*NORMAL, bacteria, virus"):
        classes_left_out(FILMS, ("fungus",))
