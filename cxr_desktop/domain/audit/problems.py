"""What is wrong with labelled films, in words, with the films that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from cxr_desktop.domain.labelled_films import LabelledFilm


class Severity(IntEnum):
    """How grave a problem is; the gravest is the least, so that it comes first."""

    STOP = 0  # to be put right before anything can be trained
    GRAVE = 1  # a model could be trained, and its figures would not be what they seem
    WARNING = 2  # worth a look
    NOTE = 3  # to be known


class ProblemKind(StrEnum):
    """What a problem is about, as the command line calls it."""

    PLACE = "place"
    UNREADABLE = "unreadable"
    COPY_OF_TWO_CLASSES = "copy-of-two-classes"
    COPY_ACROSS_SIDES = "copy-across-sides"
    COPY = "copy"
    NEAR_COPY_OF_TWO_CLASSES = "near-copy-of-two-classes"
    NEAR_COPY_ACROSS_SIDES = "near-copy-across-sides"
    NEAR_COPY = "near-copy"
    PATIENT_ACROSS_SIDES = "patient-across-sides"
    PATIENT_MAYBE_ACROSS_SIDES = "patient-maybe-across-sides"
    TOO_FEW = "too-few"
    IMBALANCE = "imbalance"
    SHORTCUT = "shortcut"
    OUT_OF_SCOPE = "out-of-scope"
    IMAGE_CHECK = "image-check"


@dataclass(frozen=True)
class Case:
    """Films that a problem is about: one, or several that belong together.

    Attributes:
        remark: what is to be said of these films; "" where the problem's sentence says it all.
    """

    films: tuple[LabelledFilm, ...]
    remark: str = ""


@dataclass(frozen=True)
class Problem:
    """Something wrong.

    Attributes:
        sentence: what is wrong, with figures.
        remedy: what to do; "" where the sentence says it.
        cases: the films concerned; empty where it is about all of them.
        leave_out: the films without which the problem would be gone; empty where that would not help.
    """

    kind: ProblemKind
    severity: Severity
    sentence: str
    remedy: str = ""
    cases: tuple[Case, ...] = ()
    leave_out: tuple[LabelledFilm, ...] = ()

    @property
    def films(self) -> tuple[LabelledFilm, ...]:
        """All films concerned."""
        return tuple(film for case in self.cases for film in case.films)

    def is_settled(self, left_out: frozenset[Path]) -> bool:
        """Whether the problem is gone without these films."""
        if not self.leave_out:
            return False
        if self.kind in (ProblemKind.COPY_OF_TWO_CLASSES, ProblemKind.NEAR_COPY_OF_TWO_CLASSES):
            return all(
                len({film.label for film in case.films if film.path not in left_out}) < 2
                for case in self.cases
            )
        return all(film.path in left_out for film in self.leave_out)


def gravest_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order in which they are to be told."""
    order = list(ProblemKind)
    return tuple(sorted(problems, key=lambda each: (each.severity, order.index(each.kind))))


def left_out_by(problems: Iterable[Problem], kinds: Iterable[ProblemKind]) -> frozenset[Path]:
    """The files that problems of some kinds would have left out."""
    chosen = set(kinds)
    return frozenset(film.path for each in problems if each.kind in chosen for film in each.leave_out)
