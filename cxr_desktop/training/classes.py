"""Classes changed before training: renamed, merged, left out; and films left out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.films import LabelledFilm

Films = tuple[LabelledFilm, ...]


def class_renamed(films: Sequence[LabelledFilm], old: str, new: str) -> Films:
    """The films with one class under another name.

    Raises:
        TrainingError: there is no such class, the new name is empty, or another class has it.
    """
    taken = {film.label.casefold() for film in films if film.label != old}
    if new.strip().casefold() in taken:
        raise TrainingError(f"There is a class {new.strip()} already. Choose another name, or merge the two.")
    return classes_merged(films, (old,), new)


def classes_merged(films: Sequence[LabelledFilm], merged: Collection[str], into: str) -> Films:
    """The films with several classes made one.

    Raises:
        TrainingError: one of them is not there, or the name of the new one is empty.
    """
    _check_there(films, merged)
    name = into.strip()
    if not name:
        raise TrainingError("A class needs a name. Write one.")
    return tuple(replace(film, label=name) if film.label in merged else film for film in films)


def classes_left_out(films: Sequence[LabelledFilm], classes: Collection[str]) -> Films:
    """The films of the other classes.

    Raises:
        TrainingError: one of the classes is not there.
    """
    _check_there(films, classes)
    return tuple(film for film in films if film.label not in classes)


def films_left_out(films: Sequence[LabelledFilm], files: Iterable[Path]) -> Films:
    """The films but for these files."""
    gone = set(files)
    return tuple(film for film in films if film.path not in gone)


def _check_there(films: Sequence[LabelledFilm], classes: Iterable[str]) -> None:
    there = sorted({film.label for film in films})
    unknown = sorted(set(classes) - set(there))
    if unknown:
        raise TrainingError(
            f"There is no class {', '.join(unknown)} among the films. The classes are: {', '.join(there)}."
        )
