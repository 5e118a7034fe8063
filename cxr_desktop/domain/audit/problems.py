"""What is wrong with labelled films, in words, with the films that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class ToldProblem:
    """A problem as it stands with some films left out.

    Attributes:
        to_leave_out: the files without which it would be gone.
        left_out: the files that were left out for its sake, and can be taken back.
        settled: whether it is gone without these.
    """

    problem: Problem
    to_leave_out: tuple[Path, ...]
    left_out: tuple[Path, ...]
    settled: bool


def told_problems(
    problems: Sequence[Problem], before: Iterable[Problem], left_out: frozenset[Path]
) -> tuple[ToldProblem, ...]:
    """What is wrong, and after it what is settled, so that films left out can be taken back where they went.

    Args:
        problems: of the films that are used. They may be of a moment ago, with more films left out since.
        before: what would be wrong if no film were left out.
    """
    files_of = [_files(problem) for problem in problems]
    gone = [_files(problem) & left_out if problem.leave_out else frozenset() for problem in problems]
    settled = []
    for each in before:
        files = _files(each)
        out = files & left_out if each.leave_out else frozenset()
        # The same problem is the one of its kind that most of its films are still in.
        shared = [
            len(files & there) if problem.kind is each.kind else 0
            for problem, there in zip(problems, files_of, strict=True)
        ]
        if out and any(shared):
            gone[shared.index(max(shared))] |= out
        elif out:
            settled.append(ToldProblem(each, (), tuple(sorted(out)), settled=True))
    told = []
    for problem, out in zip(problems, gone, strict=True):
        to_leave_out = tuple(film.path for film in problem.leave_out if film.path not in left_out)
        is_settled = bool(problem.leave_out) and not to_leave_out
        told.append(ToldProblem(problem, to_leave_out, tuple(sorted(out)), is_settled))
    return (*told, *settled)


def gravest_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order in which they are to be told."""
    order = list(ProblemKind)
    return tuple(sorted(problems, key=lambda each: (each.severity, order.index(each.kind))))


def left_out_by(problems: Iterable[Problem], kinds: Iterable[ProblemKind]) -> frozenset[Path]:
    """The files that problems of some kinds would have left out."""
    chosen = set(kinds)
    return frozenset(film.path for each in problems if each.kind in chosen for film in each.leave_out)


def _files(problem: Problem) -> frozenset[Path]:
    return frozenset(film.path for film in problem.films)
