"""Where labelled films come from: a labelled folder or several, folders of a class each, or a list file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import (
    FoundFilms,
    LabelledFilm,
    check_classes,
    listed,
    may_be_learned_from,
    same_class_twice,
)
from cxr_desktop.language import tr
from cxr_desktop.training.film_folders import films_below, films_of_folders
from cxr_desktop.training.film_list import films_listed


def gather_films(sources: Sequence[Path], with_absent: bool = False) -> FoundFilms:
    """The films of one labelled folder, one list file, or several folders, labelled or of one class each.

    Whether they can be trained on is not asked; what hinders it is told.

    Args:
        with_absent: a list's films whose files are not there belong to it, too.

    Raises:
        TrainingError: a source is missing or cannot be read, a list is wrong, or a list is not alone.
    """
    lists = [each for each in sources if each.is_file()]
    if lists and len(sources) > 1:
        raise TrainingError(
            tr(
                "A list of films stands alone, and {given} files and folders were given. Choose one "
                "list, or folders only.",
                given=len(sources),
            )
        )
    if lists:
        films = films_listed(lists[0], with_absent)
        twice = same_class_twice(film.label for film in films)
        return FoundFilms(films, obstacles=(twice,) if twice else ())
    return films_below(sources[0]) if len(sources) == 1 else films_of_folders(sources)


def find_films(source: Path, with_absent: bool = False) -> tuple[LabelledFilm, ...]:
    """The films of a labelled folder or a list file, fit to be trained on as far as their labels tell.

    Args:
        with_absent: a list's films whose files are not there belong to it, too.

    Raises:
        TrainingError: the source is missing, has no classes, only one class, a class with too few films or
            none, a class twice, films beside the class folders or the sides, or is a list that is wrong.
    """
    found = gather_films([source], with_absent)
    if found.obstacles:
        raise TrainingError(found.obstacles[0])
    check_classes(Counter(film.label for film in found.films if may_be_learned_from(film)), found.empty)
    if found.empty:
        raise TrainingError(
            tr(
                "There are no films to learn from in the class {classes}. Put films into it, or remove it.",
                classes=listed(found.empty),
            )
        )
    return found.films
