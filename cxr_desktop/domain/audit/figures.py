"""What films are, class by class, as bars that stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.report import NO_SIDE
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.language import tr

# By group (a side, a view, a span of widths) and class, a number.
Bars = dict[str, dict[str, float]]

_BINS = 12
_MOST_KINDS = 8  # of views and files; rarer ones are counted together


class Figure(StrEnum):
    """What can be shown of films."""

    FILMS = "films"
    WIDTH = "width"
    HEIGHT = "height"
    ASPECT = "aspect"
    DARKEST = "darkest"
    BRIGHTEST = "brightest"
    AGE = "age"
    VIEW = "view"
    SEX = "sex"
    KIND = "kind"

    @property
    def words(self) -> str:
        """What the reader chooses it by."""
        return _TITLES[self]


_TITLES = {
    Figure.FILMS: tr("Number of films"),
    Figure.WIDTH: tr("Width in pixels"),
    Figure.HEIGHT: tr("Height in pixels"),
    Figure.ASPECT: tr("Width by height"),
    Figure.DARKEST: tr("Darkest grey level (0 to 1)"),
    Figure.BRIGHTEST: tr("Brightest grey level (0 to 1)"),
    Figure.AGE: tr("Age in years"),
    Figure.VIEW: tr("View"),
    Figure.SEX: tr("Sex"),
    Figure.KIND: tr("Kind of file"),
}
_SIDES = {
    Side.TRAIN: tr("train"),
    Side.VALIDATION: tr("val"),
    Side.TEST: tr("test"),
    NO_SIDE: tr("no side"),
}
_NUMBERS: dict[Figure, Callable[[FilmFacts], float | None]] = {
    Figure.WIDTH: lambda film: film.shape[1],
    Figure.HEIGHT: lambda film: film.shape[0],
    Figure.ASPECT: lambda film: film.shape[1] / film.shape[0],
    Figure.DARKEST: lambda film: film.grey_range[0],
    Figure.BRIGHTEST: lambda film: film.grey_range[1],
    Figure.AGE: lambda film: film.age_years,
}
_WORDS: dict[Figure, Callable[[FilmFacts], str]] = {
    Figure.VIEW: lambda film: film.view,
    Figure.SEX: lambda film: film.sex,
    Figure.KIND: lambda film: film.kind,
}


def film_bars(films: Sequence[LabelledFilm]) -> Bars:
    """Films by given side, in words, and class."""
    counts: dict[str, Counter[str]] = {side: Counter() for side in _SIDES}
    for film in films:
        counts[film.side or NO_SIDE][film.label] += 1
    return {_SIDES[side]: dict(sorted(of_class.items())) for side, of_class in counts.items() if of_class}


def fact_bars(figure: Figure, facts: Sequence[FilmFacts]) -> Bars:
    """How a number, or a word, is spread over each class's films: in percent of those of which it is known.

    Empty where no film tells it.
    """
    if figure in _WORDS:
        told = {each: _WORDS[figure](each) for each in facts}
        return _shares([(each.film.label, word) for each, word in told.items() if word])
    known = [(each.film.label, value) for each in facts if (value := _NUMBERS[figure](each)) is not None]
    if not known:
        return {}
    values = np.array([value for _, value in known])
    if values.min() == values.max():
        return _shares([(label, f"{value:g}") for label, value in known])
    edges = np.linspace(values.min(), values.max(), _BINS + 1)
    bins = np.clip(np.digitize(values, edges) - 1, 0, _BINS - 1)
    names = [f"{edge:.2f}" if edges[-1] < 10 else f"{edge:,.0f}" for edge in edges[:-1]]
    labels = [label for label, _ in known]
    return _in_percent([(label, names[place]) for label, place in zip(labels, bins, strict=True)], names)


def _shares(told: Sequence[tuple[str, str]]) -> Bars:
    common = [word for word, _ in Counter(word for _, word in told).most_common(_MOST_KINDS)]
    others = tr("others")
    words = [(label, word if word in common else others) for label, word in told]
    return _in_percent(words, [*common, *([others] if len({w for _, w in words}) > len(common) else [])])


def _in_percent(told: Sequence[tuple[str, str]], groups: Sequence[str]) -> Bars:
    of_class = Counter(label for label, _ in told)
    counts = Counter(told)
    return {
        group: {label: 100 * counts[label, group] / of_class[label] for label in sorted(of_class)}
        for group in dict.fromkeys(groups)
    }
