"""Where the films of a model's labels are, in a folder or a list, and what beside them is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side, same_class_twice
from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.training.film_folders import folders_of, may_be_film
from cxr_desktop.training.film_list import films_listed


def class_films(place: Path, known_labels: Sequence[Label]) -> dict[Label, list[Path]]:
    """The folders, or the files of a list, whose class is called like one of the model's labels, in any case.

    Of a list with test films those alone are taken: the model may have learned from the others.

    Raises:
        TrainingError: the folder or list cannot be read or holds no such class, one label has two, or those
            with films are all of one kind.
    """
    labels = {label.name.lower(): label for label in known_labels}
    found: dict[Label, list[Path]] = defaultdict(list)
    written: list[str] = []
    for name, path in _named(place):
        if name.lower() in labels:
            found[labels[name.lower()]].append(path)
            written.append(name)
    if not found:
        names = ", ".join(label.name for label in known_labels)
        raise TrainingError(
            tr(
                "{place} holds no class called like one of the model's labels ({names}). Choose a "
                "list of such films, or the folder above those of the classes.",
                place=place,
                names=names,
            )
        )
    if twice := same_class_twice(written):
        raise TrainingError(twice)
    filled = [label for label, paths in found.items() if any(_holds_file(path) for path in paths)]
    if len({label.suspicious for label in filled}) < 2:
        there = (
            tr("only {labels} holds any", labels=", ".join(each.name for each in filled))
            if filled
            else tr("there are none")
        )
        raise TrainingError(
            tr(
                "An evaluation needs films with and without suspicion; {there}. Choose a folder "
                "that holds both, for example NORMAL and PNEUMONIA.",
                there=there,
            )
        )
    return found


def left_out(place: Path, known_labels: Sequence[Label]) -> str:
    """What in the folder or list is not compared, named, and why; "" if nothing."""
    labels = {label.name.lower() for label in known_labels}
    parts = []
    if place.is_file():
        films = films_listed(place)
        judged = _to_judge(films)
        if len(judged) < len(films):
            parts.append(
                tr(
                    "{films} that are not on the test side",
                    films=counted(len(films) - len(judged), "film", "films"),
                )
            )
        others = [film.label for film in judged if film.label.lower() not in labels]
        if others:
            named = ", ".join(sorted(set(others)))
            parts.append(
                tr(
                    "{films} of no label of the model ({named})",
                    films=counted(len(others), "film", "films"),
                    named=named,
                )
            )
    else:
        folders = [each.name for each in folders_of(place) if each.name.lower() not in labels]
        loose = sorted(each.name for each in place.iterdir() if may_be_film(each))
        if folders:
            parts.append(
                tr(
                    "{folders} of no label of the model ({named})",
                    folders=counted(len(folders), "folder", "folders"),
                    named=", ".join(folders),
                )
            )
        if loose:
            count = counted(len(loose), "loose film", "loose films")
            parts.append(f"{count} ({', '.join(loose)})")
    return tr("Left out: {parts}.", parts=tr(" and ").join(parts)) if parts else ""


def _named(place: Path) -> list[tuple[str, Path]]:
    """Each class folder, or each file of a list, with the name of its class."""
    if place.is_file():
        return [(film.label, film.path) for film in _to_judge(films_listed(place))]
    return [(each.name, each) for each in folders_of(place)]


def _to_judge(films: Sequence[LabelledFilm]) -> Sequence[LabelledFilm]:
    """The test films, or all where there are none."""
    return [film for film in films if film.side is Side.TEST] or films


def _holds_file(path: Path) -> bool:
    return path.is_file() or any(each.is_file() for each in path.rglob("*"))
