"""A labelled folder: which films it holds, of which class, on which side of a given split."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.sniff import READABLE, SNIFF_BYTES, Kind, sniff

MIN_FILMS_PER_CLASS = 10

_HARMLESS = {"normal", "healthy", "negative", "no finding", "no_finding", "no pneumonia", "no_pneumonia"}

# What holds films, or was meant to, though training may not read it. Notes and tables may lie anywhere.
_FILM_KINDS = READABLE | {Kind.GIF, Kind.JPEG2000, Kind.HEIF, Kind.ZIP, Kind.ARCHIVE}
_FILM_SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".jp2", ".dcm", ".dicom", ".zip")
)
NAMED = 3  # films named in a message

# How the Kermany set writes patients into names: person12_bacteria_34, IM-0115-0001, NORMAL2-IM-0341-0001.
# Bacterial and viral films seem to be numbered apart; taking the number alone for the patient never puts
# one child on both sides.
_PATIENT_IN_NAME = re.compile(r"person\d+(?=_)|(?:NORMAL\d*-)?IM-\d+(?=-)")


class Side(StrEnum):
    """What a film is used for."""

    TRAIN = "train"
    VALIDATION = "val"
    TEST = "test"


_SIDE_NAMES = {
    "train": Side.TRAIN,
    "training": Side.TRAIN,
    "val": Side.VALIDATION,
    "valid": Side.VALIDATION,
    "validation": Side.VALIDATION,
    "test": Side.TEST,
    "testing": Side.TEST,
}


@dataclass(frozen=True)
class LabelledFilm:
    """One file in a class folder.

    Attributes:
        label: the class folder's name.
        side: the side that the folder puts it on, or None where the folder has no split.
        patient: whom it shows, where something else than film and file name tells.
        certainty: how far the label is to be believed, in (0.5, 1].
        weight: what it weighs in the loss; None: as its class does.
        group: films among which classes are evened out, where it has a weight of its own.
    """

    path: Path
    label: str
    side: Side | None = None
    patient: str = ""
    certainty: float = 1.0
    weight: float | None = None
    group: str = ""


def find_films(folder: Path) -> tuple[LabelledFilm, ...]:
    """The films of a folder with one subfolder a class, or with `train`, `val`, `test` above the classes.

    Hidden files are passed over; all others in a class folder count as films (whether they can be read is
    found out later).

    Raises:
        TrainingError: the folder is missing, has no class folders, only one class, a class with too few films
            or none, a class twice, or films beside the class folders or the sides. The last are named in the
            message.
    """
    if not folder.is_dir():
        raise TrainingError("There is no such folder. Choose one that holds a folder for each class.")
    sides = {
        each: _SIDE_NAMES[each.name.lower()]
        for each in folders_of(folder)
        if each.name.lower() in _SIDE_NAMES
    }
    roots: dict[Path, Side | None] = {**sides} if sides else {folder: None}
    films = [film for root, side in roots.items() for film in _films_of_classes(root, side)]
    _check_loose([folder, *sides], bool(films))
    if sides:
        _check_beside(folder, {film.label for film in films})
    _check_names({each.name for root in roots for each in folders_of(root)})
    to_learn_from = Counter(film.label for film in films if film.side in (None, Side.TRAIN))
    empty = sorted(
        each.name
        for root, side in roots.items()
        if side in (None, Side.TRAIN)
        for each in folders_of(root)
        if each.name not in to_learn_from
    )
    check_classes(to_learn_from, empty)
    if empty:
        raise TrainingError(
            f"There are no films to learn from in the class {listed(empty)}. Put films into it, or remove it."
        )
    return tuple(films)


def _check_loose(roots: list[Path], beside_classes: bool) -> None:
    """TrainingError where films lie beside the class folders, so that nobody can tell their class."""
    loose = sorted(path.name for root in roots for path in root.iterdir() if may_be_film(path))
    if not loose:
        return
    if beside_classes:
        raise TrainingError(
            f"{counted(len(loose), 'file lies', 'files lie')} loose beside the class folders, so their class "
            f"is unknown: {listed(loose, NAMED)}. Move each into the folder of its class, or elsewhere."
        )
    raise TrainingError(
        f"The folder holds no class folders with films, but {counted(len(loose), 'loose file')}: "
        f"{listed(loose, NAMED)}. Put the films of each class into a folder of its own, for example NORMAL "
        "and PNEUMONIA, and choose the folder above them."
    )


def _check_beside(folder: Path, classes: set[str]) -> None:
    """TrainingError where a class, or any folder of films, lies beside `train`: it would be passed over."""
    known = {each.casefold() for each in classes}
    beside = [
        each.name
        for each in folders_of(folder)
        if each.name.lower() not in _SIDE_NAMES
        and (each.name.casefold() in known or any(may_be_film(path) for path in each.iterdir()))
    ]
    if beside:
        raise TrainingError(
            f"The folder is divided into sides such as train, and holds films beside them, in "
            f"{listed(beside, NAMED)}. Move them into the class folders of a side, or elsewhere."
        )


def _check_names(classes: set[str]) -> None:
    """TrainingError where a class is there twice, written differently."""
    same: dict[str, list[str]] = {}
    for name in sorted(classes):
        same.setdefault(name.casefold().strip(), []).append(name)
    twice = [names for names in same.values() if len(names) > 1]
    if twice:
        pairs = "; ".join(" and ".join(names) for names in twice)
        raise TrainingError(
            f"A class is there twice, in different letters: {pairs}. Put its films into one folder, and "
            "write its name alike on all sides."
        )


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


def listed(names: Sequence[str], at_most: int | None = None, between: str = ", ") -> str:
    """In the form “a, b, c and 4 more”."""
    shown = names[:at_most]
    more = len(names) - len(shown)
    return between.join(shown) + (f" and {more} more" if more else "")


def check_classes(counts: Counter[str], empty: Sequence[str] = ()) -> None:
    """TrainingError unless there are at least two classes, each with enough films to learn from.

    Args:
        counts: films by class among those that may be trained on.
        empty: classes whose folders are there, without films.
    """
    if not counts:
        raise TrainingError(
            "The folder holds no class folders with films. Put the films of each class into a folder of "
            "its own, for example NORMAL and PNEUMONIA, and choose the folder above them."
        )
    if len(counts) == 1:
        without = f" There are no films in {', '.join(empty)}." if empty else ""
        raise TrainingError(
            f"The folder holds one class only ({next(iter(counts))}); telling classes apart needs at least "
            f"two.{without} Add a folder with films of another class beside it."
        )
    few = [f"{label} ({count})" for label, count in sorted(counts.items()) if count < MIN_FILMS_PER_CLASS]
    if few:
        raise TrainingError(
            f"Too few readable films to learn from in {', '.join(few)}; at least {MIN_FILMS_PER_CLASS} a "
            "class are needed. Add films, or leave the class out."
        )


def suspicious_labels(labels: tuple[str, ...], chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Which labels speak for suspicion: those chosen, or else all but the ones that say "normal".

    Raises:
        TrainingError: a chosen label does not exist, or it cannot be told which labels are suspicious.
    """
    unknown = set(chosen) - set(labels)
    if unknown:
        raise TrainingError(
            f"There is no class {', '.join(sorted(unknown))} among the films. "
            f"The classes are: {', '.join(labels)}."
        )
    suspicious = tuple(
        label for label in labels if (label in chosen if chosen else label.lower() not in _HARMLESS)
    )
    if not 0 < len(suspicious) < len(labels):
        raise TrainingError(
            f"It cannot be told which of the classes {', '.join(labels)} are suspicious. Name them, or call "
            "the folder of films without a finding NORMAL."
        )
    return suspicious


def patient_in_name(name: str) -> str:
    """The patient that a file name speaks of, or the whole name where it follows no known pattern."""
    found = _PATIENT_IN_NAME.match(name)
    return found.group() if found else name


def folders_of(folder: Path) -> list[Path]:
    """The folders in a folder, by name, without those that a system hides there."""
    # A Mac adds __MACOSX to archives; what is in it are no films.
    return sorted(
        each
        for each in folder.iterdir()
        if each.is_dir() and not each.name.startswith(".") and each.name != "__MACOSX"
    )


def _films_of_classes(folder: Path, side: Side | None) -> list[LabelledFilm]:
    return [
        LabelledFilm(path, of_class.name, side)
        for of_class in folders_of(folder)
        for path in sorted(of_class.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
