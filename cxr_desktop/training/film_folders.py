"""Labelled folders: a folder a class, on their own or with `train`, `val`, `test` above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import (
    HARMLESS,
    NAMED,
    SIDE_NAMES,
    FoundFilms,
    LabelledFilm,
    Side,
    listed,
    may_be_learned_from,
    same_class_twice,
)
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.sniff import READABLE, SNIFF_BYTES, Kind, sniff
from cxr_desktop.language import tr

# What holds films, or was meant to, though training may not read it. Notes and tables may lie anywhere.
_FILM_KINDS = READABLE | {Kind.GIF, Kind.JPEG2000, Kind.HEIF, Kind.ZIP, Kind.ARCHIVE}
_FILM_SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".jp2", ".dcm", ".dicom", ".zip")
)


def films_below(folder: Path) -> FoundFilms:
    """The films of a folder with one subfolder a class, or with `train`, `val`, `test` above the classes.

    Hidden files are passed over; all others in a class folder count as films (whether they can be read is
    found out later). Obstacles are a class that is there twice, and films beside the class folders or the
    sides, which are named.

    Raises:
        TrainingError: the folder is missing or cannot be read.
    """
    sides = {
        each: SIDE_NAMES[each.name.lower()] for each in folders_of(folder) if each.name.lower() in SIDE_NAMES
    }
    roots: dict[Path, Side | None] = {**sides} if sides else {folder: None}
    classes = {each: side for root, side in roots.items() for each in folders_of(root)}
    films = _films_of(classes)
    beside = _beside(folder, {film.label for film in films}) if sides else ""
    return _found(films, classes, (_loose([folder, *sides], bool(films)), beside))


def films_of_folders(folders: Sequence[Path]) -> FoundFilms:
    """The films of several folders: each of one class and called like it, or each a labelled folder as
    `films_below` wants it (films of several years, say), whose classes are then joined by name.

    Raises:
        TrainingError: a folder is missing or cannot be read.
    """
    inside = {folder: {each.name.lower() for each in folders_of(folder)} for folder in folders}
    alike = len(set(map(frozenset, inside.values()))) == 1 and len(next(iter(inside.values()))) > 1
    labelled = [folder for folder, names in inside.items() if alike or names & (HARMLESS | set(SIDE_NAMES))]
    if not labelled:
        return films_of_classes(folders)
    if len(labelled) < len(folders):
        other = next(folder for folder in folders if folder not in labelled)
        return FoundFilms(
            (),
            obstacles=(
                tr(
                    "{folder} holds a folder for each class, and {other} holds films. Choose folders "
                    "of one kind: those that hold the classes, or those of one class each.",
                    folder=labelled[0].name,
                    other=other.name,
                ),
            ),
        )
    found = [films_below(folder) for folder in folders]
    films = tuple(film for each in found for film in each.films)
    labels = {film.label for film in films}
    told = dict.fromkeys(obstacle for each in found for obstacle in each.obstacles)
    twice = same_class_twice(labels)
    return FoundFilms(
        films,
        tuple(sorted({name for each in found for name in each.empty} - labels)),
        (*told, *([twice] if twice else [])),
    )


def films_of_classes(folders: Sequence[Path]) -> FoundFilms:
    """The films of several folders, each of one class that is called like it, wherever they lie.

    Raises:
        TrainingError: a folder is missing or cannot be read.
    """
    for each in folders:
        folders_of(each)  # tells what cannot be read
    sides = [each.name for each in folders if each.name.lower() in SIDE_NAMES]
    obstacle = sides and (
        tr(
            "{sides} would be taken for a class, and is a side by its name. Choose the one folder "
            "above the sides instead.",
            sides=listed(sides, NAMED),
        )
    )
    classes: dict[Path, Side | None] = dict.fromkeys(folders)
    return _found(_films_of(classes), classes, (obstacle or "",))


def may_be_film(path: Path) -> bool:
    """Whether a file is a film, or was meant as one, by its suffix or its first bytes."""
    if not path.is_file() or path.name.startswith("."):
        return False
    if path.suffix.lower() in _FILM_SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return sniff(file.read(SNIFF_BYTES)) in _FILM_KINDS
    except OSError:
        return False


def folders_of(folder: Path) -> list[Path]:
    """The folders in a folder, by name, without those that a system hides there.

    Raises:
        TrainingError: the folder is missing or cannot be read.
    """
    try:
        # A Mac adds __MACOSX to archives; what is in it are no films.
        return sorted(
            each
            for each in folder.iterdir()
            if each.is_dir() and not each.name.startswith(".") and each.name != "__MACOSX"
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise TrainingError(
            tr(
                "There is no such folder: {folder}. Choose one that holds a folder for each class.",
                folder=folder,
            )
        ) from error
    except OSError as error:
        raise TrainingError(
            tr("The folder {folder} cannot be read: {reason}.", folder=folder, reason=error.strerror)
        ) from error


def _films_of(classes: Mapping[Path, Side | None]) -> tuple[LabelledFilm, ...]:
    """The films in class folders and whatever lies below them; each class folder with its side."""
    return tuple(
        LabelledFilm(path, folder.name, side)
        for folder, side in classes.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    )


def _found(
    films: tuple[LabelledFilm, ...], classes: Mapping[Path, Side | None], obstacles: Iterable[str]
) -> FoundFilms:
    """The films with what hinders training on them.

    Args:
        obstacles: messages; "" for none.
    """
    names = {each.name for each in classes}
    filled = {film.label for film in films if may_be_learned_from(film)}
    to_fill = {each.name for each, side in classes.items() if side in (None, Side.TRAIN)}
    told = (*obstacles, same_class_twice(names))
    return FoundFilms(films, tuple(sorted(to_fill - filled)), tuple(each for each in told if each))


def _loose(roots: list[Path], beside_classes: bool) -> str:
    """What is wrong where films lie beside the class folders, so that nobody can tell their class."""
    loose = sorted(path.name for root in roots for path in root.iterdir() if may_be_film(path))
    if not loose:
        return ""
    if beside_classes:
        return tr(
            "{found}, so their class is unknown: {files}. Move each into the folder of its class, "
            "or elsewhere.",
            found=counted(
                len(loose),
                "file lies loose beside the class folders",
                "files lie loose beside the class folders",
            ),
            files=listed(loose, NAMED),
        )
    return tr(
        "The folder holds no class folders with films, but {files}: {named}. Put the films of "
        "each class into a folder of its own, for example NORMAL and PNEUMONIA, and choose the "
        "folder above them.",
        files=counted(len(loose), "loose file", "loose files"),
        named=listed(loose, NAMED),
    )


def _beside(folder: Path, classes: set[str]) -> str:
    """What is wrong where a class, or any folder of films, lies beside `train`: it would be passed over."""
    known = {each.casefold() for each in classes}
    beside = [
        each.name
        for each in folders_of(folder)
        if each.name.lower() not in SIDE_NAMES
        and (each.name.casefold() in known or any(may_be_film(path) for path in each.iterdir()))
    ]
    if not beside:
        return ""
    return tr(
        "The folder is divided into sides such as train, and holds films beside them, in "
        "{folders}. Move them into the class folders of a side, or elsewhere.",
        folders=listed(beside, NAMED),
    )
