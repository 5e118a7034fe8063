"""The films of the worklist as two models judge them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.worklist import Film, Study

# What a model says of a film; None where it has not said anything (yet).
OpinionOf = Callable[[Film], Prediction | None]


@dataclass(frozen=True)
class TwoOpinions:
    """One film that both models have judged.

    Attributes:
        study: the film's.
        one, other: what the models say, each with a probability.
    """

    study: Study
    film: Film
    one: Prediction
    other: Prediction

    def __post_init__(self) -> None:
        if self.one.probability is None or self.other.probability is None:
            raise ValueError("both predictions must have a probability")

    @property
    def shown(self) -> tuple[float, float]:
        """Both probabilities as they are shown, in [0, 1]."""
        return self.one.shown_probability or 0.0, self.other.shown_probability or 0.0

    @property
    def agree(self) -> bool:
        """Whether both give the same verdict."""
        return self.one.suspected == self.other.suspected

    @property
    def apart(self) -> float:
        """How far the shown probabilities lie apart, in [0, 1]."""
        one, other = self.shown
        return abs(one - other)


def two_opinions(studies: Iterable[Study], one: OpinionOf, other: OpinionOf) -> tuple[TwoOpinions, ...]:
    """The films that both models have judged, in the worklist's order."""
    found = []
    for study in studies:
        for film in study.films:
            said = one(film), other(film)
            if said[0] is None or said[1] is None or None in (said[0].probability, said[1].probability):
                continue
            found.append(TwoOpinions(study, film, said[0], said[1]))
    return tuple(found)


def differing(opinions: Iterable[TwoOpinions]) -> tuple[TwoOpinions, ...]:
    """Those with different verdicts, the furthest apart first."""
    return tuple(sorted((each for each in opinions if not each.agree), key=lambda each: -each.apart))
