"""Films that are there more than once: the same pixels, or pixels that look the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity
from cxr_desktop.domain.labelled_films import LabelledFilm, Side, best_placed
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.training.likeness import likeness


def copy_problems(facts: Sequence[FilmFacts]) -> list[Problem]:
    """What is wrong where films are there more than once, with one of each left in."""
    same: dict[str, list[FilmFacts]] = defaultdict(list)
    for each in facts:
        same[each.fingerprint].append(each)
    groups = [[each.film for each in group] for group in same.values()]
    exact = [group for group in groups if len(group) > 1]
    looks = [group[0].look for group in same.values()]
    alike = [[film for index in indices for film in groups[index]] for indices in near_groups(looks)]
    return [*_problems(exact, near=False), *_problems(alike, near=True)]


def near_groups(looks: Sequence[NDArray[np.bool_]]) -> list[list[int]]:
    """Positions of the looks that hang together by pairs of near copies; each group of at least two.

    Args:
        looks: (256,) bool each.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for index, number in enumerate(likeness(looks)):
        groups[int(number)].append(index)
    return [group for group in groups.values() if len(group) > 1]


def _problems(groups: Iterable[list[LabelledFilm]], near: bool) -> list[Problem]:
    """What is wrong with groups of films that are the same, or nearly so; up to three problems."""
    of_two_classes, across, within = [], [], []
    for group in groups:
        if len({film.label for film in group}) > 1:
            of_two_classes.append(group)
        elif len({film.side or Side.TRAIN for film in group}) > 1:
            across.append(group)
        else:
            within.append(group)
    found = []
    if of_two_classes:
        found.append(_of_two_classes(of_two_classes, near))
    if across:
        found.append(
            Problem(
                ProblemKind.NEAR_COPY_ACROSS_SIDES if near else ProblemKind.COPY_ACROSS_SIDES,
                Severity.GRAVE,
                tr(
                    "{copies}: what was learned from is judged again, which flatters the model.",
                    copies=_on_more_sides(len(across), near),
                ),
                tr("Leave out the copies on the training side."),
                _cases(across),
                _all_but_one(across),
            )
        )
    if within:
        found.append(
            Problem(
                ProblemKind.NEAR_COPY if near else ProblemKind.COPY,
                Severity.NOTE,
                f"{_more_than_once(len(within), near)}.",
                tr("Keep one of each."),
                _cases(within),
                _all_but_one(within),
            )
        )
    return found


def _of_two_classes(groups: Sequence[list[LabelledFilm]], near: bool) -> Problem:
    """The same film under two labels: only a person can say which is right, so none of them stays."""
    films = tuple(film for group in groups for film in group)
    number = len(groups)
    if near:
        return Problem(
            ProblemKind.NEAR_COPY_OF_TWO_CLASSES,
            Severity.GRAVE,
            counted(
                number,
                "film has a near copy in another class; is a label wrong?",
                "films have a near copy in another class; is a label wrong?",
            ),
            tr("Look at them and leave out the one with the wrong label, or both."),
            _cases(groups),
            films,
        )
    return Problem(
        ProblemKind.COPY_OF_TWO_CLASSES,
        Severity.STOP,
        counted(
            number,
            "film lies in two classes; one label is wrong.",
            "films lie in two classes; one label is wrong.",
        ),
        tr("Look at them and leave out the one with the wrong label, or both."),
        _cases(groups),
        films,
    )


def _on_more_sides(number: int, near: bool) -> str:
    if near:
        return counted(number, "near copy is on more than one side", "near copies are on more than one side")
    return counted(number, "film is on more than one side", "films are on more than one side")


def _more_than_once(number: int, near: bool) -> str:
    if near:
        return counted(
            number,
            "near copy is there more than once and would count for more than others",
            "near copies are there more than once and would count for more than others",
        )
    return counted(
        number,
        "film is there more than once and would count for more than others",
        "films are there more than once and would count for more than others",
    )


def _cases(groups: Iterable[list[LabelledFilm]]) -> tuple[Case, ...]:
    return tuple(Case(tuple(group)) for group in groups)


def _all_but_one(groups: Iterable[list[LabelledFilm]]) -> tuple[LabelledFilm, ...]:
    return tuple(film for group in groups for film in group if film is not best_placed(group))
