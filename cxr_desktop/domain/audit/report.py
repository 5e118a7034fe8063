"""All that an audit found, and its figures class by class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.audit.giveaway import Giveaway
from cxr_desktop.domain.audit.problems import Problem, ProblemKind, Severity
from cxr_desktop.domain.labelled_films import PATIENT_IN_NAME, LabelledFilm

NO_SIDE = "no side"


@dataclass(frozen=True)
class AuditChoice:
    """What the reader chose, upon which it depends what is wrong with films.

    Attributes:
        pattern: finds the patient at the beginning of a file's name, where neither list nor DICOM tells.
        left_out: the files that are done without.
    """

    pattern: re.Pattern[str] = PATIENT_IN_NAME
    left_out: frozenset[Path] = frozenset()


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
        facts: of each film that could be read, in the order of the films; of those that are left out, too.
        unreadable: the others.
        problems: of the films that are not left out, gravest first.
        giveaways: how far each sign that is not lung tells the classes of these films; empty where there are
            too few of them.
        before: the problems that there would be if no film were left out.
    """

    facts: tuple[FilmFacts, ...]
    unreadable: tuple[Unreadable, ...]
    problems: tuple[Problem, ...]
    giveaways: tuple[Giveaway, ...]
    before: tuple[Problem, ...] = ()

    @property
    def films(self) -> tuple[LabelledFilm, ...]:
        """All films that were looked at, the readable ones first."""
        return (*(each.film for each in self.facts), *(each.film for each in self.unreadable))

    @property
    def can_be_trained_on(self) -> bool:
        """Whether nothing has to be put right before training."""
        return all(problem.severity is not Severity.STOP for problem in self.problems)

    @property
    def of_image_checks(self) -> tuple[Problem, ...]:
        """The problems that the image checks found."""
        kinds = (ProblemKind.OUT_OF_SCOPE, ProblemKind.IMAGE_CHECK)
        return tuple(each for each in self.problems if each.kind in kinds)

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
