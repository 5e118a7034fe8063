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

# Two looks are near copies where at most so many of their 256 bits differ. Of 250 of Kermany's films saved
# again (JPEG of quality 20 and 50, 96 × 128 to 448 × 448 pixels, gamma 0.7 and 1.4, more contrast) each stays
# within 24 bits of its copy, cropped by a hundredth within 32; of the 17 million pairs of different films of
# the set, siblings among them, none comes nearer than 38. A mirrored film is not recognised.
NEAR_BITS = 30

_TILE = 2048  # films whose looks are compared at a time


def copy_problems(facts: Sequence[FilmFacts]) -> list[Problem]:
    """What is wrong where films are there more than once, with one of each left in."""
    same: dict[str, list[FilmFacts]] = defaultdict(list)
    for each in facts:
        same[each.fingerprint].append(each)
    groups = [[each.film for each in group] for group in same.values()]
    exact = [group for group in groups if len(group) > 1]
    looks = np.array([group[0].look for group in same.values()])
    alike = [[film for index in indices for film in groups[index]] for indices in near_groups(looks)]
    return [*_problems(exact, near=False), *_problems(alike, near=True)]


def near_groups(looks: NDArray[np.bool_]) -> list[list[int]]:
    """Positions of the looks that hang together by pairs of near copies; each group of at least two.

    Args:
        looks: (films, bits) bool.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    count = len(looks)
    found = [np.empty((0, 2), np.intp)]
    # As numbers of ±1, two looks' product is the bits that agree less those that differ.
    signs = np.where(looks, np.float32(1), np.float32(-1))
    for top in range(0, count, _TILE):
        for left in range(top, count, _TILE):
            differing = (looks.shape[1] - signs[top : top + _TILE] @ signs[left : left + _TILE].T) / 2
            near = np.argwhere(differing <= NEAR_BITS) + np.array([top, left])
            found.append(near[near[:, 0] < near[:, 1]])
    pairs = np.concatenate(found)  # (pairs, 2)
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = defaultdict(list)
    for index in np.unique(pairs):
        groups[int(labels[index])].append(int(index))
    return list(groups.values())


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
                f"{_are(across, near)} on more than one side: what was learned from is judged again, which "
                "flatters the model.",
                "Leave out the copies on the training side.",
                _cases(across),
                _all_but_one(across),
            )
        )
    if within:
        found.append(
            Problem(
                ProblemKind.NEAR_COPY if near else ProblemKind.COPY,
                Severity.NOTE,
                f"{_are(within, near)} there more than once and would count for more than others.",
                "Keep one of each.",
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
            f"{counted(number, 'film has', 'films have')} a near copy in another class; is a label wrong?",
            "Look at them and leave out the one with the wrong label, or both.",
            _cases(groups),
            films,
        )
    return Problem(
        ProblemKind.COPY_OF_TWO_CLASSES,
        Severity.STOP,
        f"{counted(number, 'film lies', 'films lie')} in two classes; one label is wrong.",
        "Look at them and leave out the one with the wrong label, or both.",
        _cases(groups),
        films,
    )


def _are(groups: Sequence[list[LabelledFilm]], near: bool) -> str:
    """In the form “3 near copies are”."""
    if near:
        return counted(len(groups), "near copy is", "near copies are")
    return counted(len(groups), "film is", "films are")


def _cases(groups: Iterable[list[LabelledFilm]]) -> tuple[Case, ...]:
    return tuple(Case(tuple(group)) for group in groups)


def _all_but_one(groups: Iterable[list[LabelledFilm]]) -> tuple[LabelledFilm, ...]:
    return tuple(film for group in groups for film in group if film is not best_placed(group))
