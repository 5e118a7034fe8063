"""All that an audit found, and its figures class by class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cxr_desktop.domain.audit.amounts import amount_problems
from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.audit.giveaway import Giveaway
from cxr_desktop.domain.audit.patients import patient_problems
from cxr_desktop.domain.audit.problems import Problem, ProblemKind, Severity, gravest_first
from cxr_desktop.domain.labelled_films import LabelledFilm

NO_SIDE = "no side"

_JUDGED_ANEW = frozenset(
    {
        ProblemKind.PATIENT_ACROSS_SIDES,
        ProblemKind.PATIENT_MAYBE_ACROSS_SIDES,
        ProblemKind.TOO_FEW,
        ProblemKind.IMBALANCE,
    }
)


@dataclass(frozen=True)
class Spread:
    """How a number is spread over films: the least, the quartiles with the median between, the greatest.

    Attributes:
        films: on how many it is known.
    """

    films: int
    least: float
    lower: float
    median: float
    upper: float
    greatest: float


@dataclass(frozen=True)
class ClassSummary:
    """What the readable films of one class are.

    Attributes:
        width, height: in pixels.
        least_value, greatest_value: as stored.
        darkest, brightest: the 1st and the 99th percentile of a film's grey levels as shown, in [0, 1].
        age: in years; None where no film tells it.
        kinds, views, sexes: films by what their files tell; those that tell nothing are not counted.
    """

    films: int
    width: Spread
    height: Spread
    least_value: Spread
    greatest_value: Spread
    darkest: Spread
    brightest: Spread
    age: Spread | None
    kinds: dict[str, int]
    views: dict[str, int]
    sexes: dict[str, int]


@dataclass(frozen=True, eq=False)
class AuditReport:
    """What labelled films are and what is wrong with them.

    Attributes:
        facts: of each film that could be read, in the order of the films.
        unreadable: the others.
        problems: gravest first.
        giveaways: how far each sign that is not lung tells the classes; empty where there are too few films.
    """

    facts: tuple[FilmFacts, ...]
    unreadable: tuple[Unreadable, ...]
    problems: tuple[Problem, ...]
    giveaways: tuple[Giveaway, ...]

    @property
    def films(self) -> tuple[LabelledFilm, ...]:
        """All films that were looked at, the readable ones first."""
        return (*(each.film for each in self.facts), *(each.film for each in self.unreadable))

    @property
    def can_be_trained_on(self) -> bool:
        """Whether nothing has to be put right before training."""
        return all(problem.severity is not Severity.STOP for problem in self.problems)

    def with_problems(self, more: Iterable[Problem]) -> AuditReport:
        """The same with what was found later."""
        return replace(self, problems=gravest_first((*self.problems, *more)))

    def as_planned(
        self, pattern: re.Pattern[str], left_out: frozenset[Path], empty: Sequence[str]
    ) -> AuditReport:
        """The same with patients told by another pattern, and with the amounts that are left without some
        films. No film is looked at for it.

        Args:
            empty: further classes, which have no films.
        """
        kept = [each.film for each in self.facts if each.film.path not in left_out]
        gone = {each.film.label for each in self.facts} - {film.label for film in kept}
        others = (each for each in self.problems if each.kind not in _JUDGED_ANEW)
        anew = (*patient_problems(self.facts, pattern), *amount_problems(kept, empty, sorted(gone)))
        return replace(self, problems=gravest_first((*others, *anew)))

    def counts(self) -> dict[str, dict[str, int]]:
        """Films by side (`NO_SIDE` where there is none) and class, unreadable ones included."""
        sides: dict[str, Counter[str]] = {}
        for film in self.films:
            sides.setdefault(film.side or NO_SIDE, Counter())[film.label] += 1
        return {side: dict(sorted(of_class.items())) for side, of_class in sides.items()}

    def summaries(self) -> dict[str, ClassSummary]:
        """What the films of each class are."""
        classes: dict[str, list[FilmFacts]] = {}
        for each in self.facts:
            classes.setdefault(each.film.label, []).append(each)
        return {label: _summary(classes[label]) for label in sorted(classes)}


def _summary(facts: Sequence[FilmFacts]) -> ClassSummary:
    ages = [each.age_years for each in facts if each.age_years is not None]
    return ClassSummary(
        films=len(facts),
        width=_spread([each.shape[1] for each in facts]),
        height=_spread([each.shape[0] for each in facts]),
        least_value=_spread([each.value_range[0] for each in facts]),
        greatest_value=_spread([each.value_range[1] for each in facts]),
        darkest=_spread([each.grey_range[0] for each in facts]),
        brightest=_spread([each.grey_range[1] for each in facts]),
        age=_spread(ages) if ages else None,
        kinds=_counts(facts, lambda each: each.kind),
        views=_counts(facts, lambda each: each.view),
        sexes=_counts(facts, lambda each: each.sex),
    )


def _spread(numbers: Sequence[float]) -> Spread:
    return Spread(len(numbers), *(float(each) for each in np.percentile(numbers, (0, 25, 50, 75, 100))))


def _counts(facts: Sequence[FilmFacts], told: Callable[[FilmFacts], str]) -> dict[str, int]:
    return dict(Counter(told(each) for each in facts if told(each)).most_common())
