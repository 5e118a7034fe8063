"""Labelled films: of which class each is, on which side of a given split, and of whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr

MIN_FILMS_PER_CLASS = 10
# A given validation side with fewer films of a class decides by chance; films are then held out anew.
MIN_VALIDATION_PER_CLASS = 20

# What a class of films without a finding is called, in small letters.
HARMLESS = frozenset(
    ("normal", "healthy", "negative", "no finding", "no_finding", "no pneumonia", "no_pneumonia")
)

NAMED = 3  # films named in a message

# How the Kermany set writes patients into names: person12_bacteria_34, IM-0115-0001, NORMAL2-IM-0341-0001.
# Bacterial and viral films seem to be numbered apart; taking the number alone for the patient never puts
# one child on both sides.
PATIENT_IN_NAME = re.compile(r"person\d+(?=_)|(?:NORMAL\d*-)?IM-\d+(?=-)")


class Side(StrEnum):
    """What a film is used for."""

    TRAIN = "train"
    VALIDATION = "val"
    TEST = "test"


# Under what names of folders, or in a list, a side is known.
SIDE_NAMES = {
    "train": Side.TRAIN,
    "training": Side.TRAIN,
    "val": Side.VALIDATION,
    "valid": Side.VALIDATION,
    "validation": Side.VALIDATION,
    "test": Side.TEST,
    "testing": Side.TEST,
}


# Which film of a group stays: that of the side that is worth most.
_WORTH = {Side.TEST: 0, Side.VALIDATION: 1, Side.TRAIN: 2, None: 2}


@dataclass(frozen=True)
class LabelledFilm:
    """One file with its label.

    Attributes:
        label: its class.
        side: the side that its folder or list puts it on, or None where there is no split.
        patient: whom it shows, where something else than film and file name tells.
        certainty: how far the label is to be believed, in (0.5, 1].
        weight: what it weighs in the loss; None: as its class does.
        group: films among which classes are evened out, where it has a weight of its own.
        view, age_years, sex: as a list says; "" and None where it does not. What a DICOM header says counts
            more.
    """

    path: Path
    label: str
    side: Side | None = None
    patient: str = ""
    certainty: float = 1.0
    weight: float | None = None
    group: str = ""
    view: str = ""
    age_years: float | None = None
    sex: str = ""


@dataclass(frozen=True)
class FoundFilms:
    """What a labelled folder or a list holds, whether or not it can be trained on.

    Attributes:
        empty: classes that are there without films to learn from.
        obstacles: why nothing can be trained on it as it lies, a message each.
    """

    films: tuple[LabelledFilm, ...]
    empty: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()


def may_be_learned_from(film: LabelledFilm) -> bool:
    """Whether a film is on the training side, or on none."""
    return film.side in (None, Side.TRAIN)


def best_placed(films: Iterable[LabelledFilm]) -> LabelledFilm:
    """The film to keep of several that must not all stay: a test film, else one held out, else the first."""
    return min(films, key=lambda film: _WORTH[film.side])


def listed(names: Sequence[str], at_most: int | None = None, between: str = ", ") -> str:
    """In the form “a, b, c and 4 more”."""
    shown = names[:at_most]
    more = len(names) - len(shown)
    text = between.join(shown)
    return tr("{names} and {more} more", names=text, more=more) if more else text


def same_class_twice(classes: Iterable[str]) -> str:
    """What is wrong where a class is there twice, written differently; "" where none is."""
    same: dict[str, list[str]] = {}
    for name in sorted(set(classes)):
        same.setdefault(name.casefold().strip(), []).append(name)
    pairs = "; ".join(tr(" and ").join(names) for names in same.values() if len(names) > 1)
    if not pairs:
        return ""
    return tr(
        "A class is there twice, in different letters: {pairs}. Put its films into one class, "
        "and write its name alike on all sides.",
        pairs=pairs,
    )


def check_classes(counts: Counter[str], empty: Sequence[str] = ()) -> None:
    """TrainingError unless there are at least two classes, each with enough films to learn from.

    Args:
        counts: films by class among those that may be trained on.
        empty: classes that are there without films.
    """
    if not counts:
        raise TrainingError(
            tr(
                "The folder holds no class folders with films. Put the films of each class into a "
                "folder of its own, for example NORMAL and PNEUMONIA, and choose the folder above "
                "them."
            )
        )
    if len(counts) == 1:
        label = next(iter(counts))
        raise TrainingError(
            tr(
                "There is one class only ({label}); telling classes apart needs at least two. "
                "There are no films in {empty}. Add films of another class.",
                label=label,
                empty=", ".join(empty),
            )
            if empty
            else tr(
                "There is one class only ({label}); telling classes apart needs at least two. "
                "Add films of another class.",
                label=label,
            )
        )
    few = [f"{label} ({count})" for label, count in sorted(counts.items()) if count < MIN_FILMS_PER_CLASS]
    if few:
        raise TrainingError(
            tr(
                "Too few readable films to learn from in {classes}; at least {least} a class are "
                "needed. Add films, or leave the class out.",
                classes=listed(few, 10),
                least=MIN_FILMS_PER_CLASS,
            )
        )


def suspicious_labels(labels: tuple[str, ...], chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Which labels speak for suspicion: those chosen, or else all but the ones that say "normal".

    Raises:
        TrainingError: a chosen label does not exist, or it cannot be told which labels are suspicious.
    """
    unknown = set(chosen) - set(labels)
    if unknown:
        raise TrainingError(
            tr(
                "There is no class {unknown} among the films. The classes are: {classes}.",
                unknown=", ".join(sorted(unknown)),
                classes=", ".join(labels),
            )
        )
    suspicious = tuple(
        label for label in labels if (label in chosen if chosen else label.lower() not in HARMLESS)
    )
    if not 0 < len(suspicious) < len(labels):
        raise TrainingError(
            tr(
                "It cannot be told which of the classes {classes} are suspicious. Name them, or "
                "call the folder of films without a finding NORMAL.",
                classes=", ".join(labels),
            )
        )
    return suspicious


def patient_in_name(name: str) -> str:
    """The patient that a file name speaks of, or the whole name where it follows no known pattern."""
    return patient_told(name, PATIENT_IN_NAME) or name


def patient_told(name: str, pattern: re.Pattern[str]) -> str:
    """What a pattern takes for the patient at the beginning of a file name: its groups, or else all that it
    matches; "" where it does not match.
    """
    found = pattern.match(name)
    if found is None:
        return ""
    return " ".join(group or "" for group in found.groups()) or found.group()
