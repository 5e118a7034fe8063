"""Classes changed before training: renamed, merged, left out; and films left out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, same_class_twice
from cxr_desktop.language import tr

Films = tuple[LabelledFilm, ...]


def classes_renamed(films: Sequence[LabelledFilm], names: Mapping[str, str]) -> Films:
    """The films with classes under other names, all at once; those that get the same name become one.

    Args:
        names: new names by old ones; classes that are not in it keep theirs.

    Raises:
        TrainingError: one of the classes is not there, or a new name is empty.
    """
    _check_there(films, names)
    stripped = {old: new.strip() for old, new in names.items()}
    if not all(stripped.values()):
        raise TrainingError(tr("A class needs a name. Write one."))
    return tuple(
        film if (name := stripped.get(film.label, film.label)) == film.label else replace(film, label=name)
        for film in films
    )


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


def found_changed(found: FoundFilms, names: Mapping[str, str], left_out: Collection[str]) -> FoundFilms:
    """What was found, with classes renamed, merged and left out.

    A class that was there twice in different letters is no obstacle any more once its names are alike.

    Raises:
        TrainingError: a class has films and an empty new name.
    """
    there = {film.label for film in found.films}
    films = classes_renamed(
        classes_left_out(found.films, there & set(left_out)),
        {old: new for old, new in names.items() if old in there and old not in left_out},
    )
    empty = tuple(sorted({names.get(old, old) for old in found.empty if old not in left_out}))
    before = same_class_twice({*there, *found.empty})
    now = same_class_twice({*(film.label for film in films), *empty})
    others = (each for each in found.obstacles if each != before)
    return FoundFilms(films, empty, tuple(each for each in (*others, now) if each))


def _check_there(films: Sequence[LabelledFilm], classes: Iterable[str]) -> None:
    there = sorted({film.label for film in films})
    unknown = sorted(set(classes) - set(there))
    if unknown:
        raise TrainingError(
            tr(
                "There is no class {unknown} among the films. The classes are: {classes}.",
                unknown=", ".join(unknown),
                classes=", ".join(there),
            )
        )
