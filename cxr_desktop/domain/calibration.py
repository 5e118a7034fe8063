"""From a network's logit to a probability that holds: how it is made, and how well it held."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from cxr_desktop.domain.card_bounds import check_count, check_interval, check_share


@dataclass(frozen=True)
class ReliabilityBin:
    """Of `films` films with a calibrated probability in [low, high), `suspicious` were so.

    Attributes:
        mean: of their probabilities, in [low, high]; None where there are no films, and on cards that were
            made before it was told.
    """

    low: float
    high: float
    films: int
    suspicious: int
    mean: float | None = None

    def __post_init__(self) -> None:
        check_share(low=self.low, high=self.high)
        check_interval(self.low, self.high)
        check_count(films=self.films, suspicious=self.suspicious)
        if self.suspicious > self.films:
            raise ValueError(f"suspicious must be at most films, got {self.suspicious} of {self.films}")
        if self.mean is not None and not self.low <= self.mean <= self.high:
            raise ValueError(f"mean must lie in the bin from {self.low} to {self.high}, got {self.mean}")

    @property
    def predicted(self) -> float:
        """Where a diagram puts its films: at their mean probability; where nobody told it, in the middle."""
        return (self.low + self.high) / 2 if self.mean is None else self.mean

    @property
    def share(self) -> float:
        """Of suspicious films among its films, of which there are some; in [0, 1]."""
        return self.suspicious / self.films


@dataclass(frozen=True)
class Calibration:
    """From the network's logit to a probability: sigmoid(slope · logit + intercept).

    A slope alone is temperature scaling (Guo et al., 1706.04599); with the intercept, Platt scaling.

    Attributes:
        fitted_on: which films, in words.
        bins: how well it holds on films that it was not fitted on (cross-fitted), lowest first.
        expected_error: the mean distance of probability and share over those films (expected calibration
            error), in [0, 1]; None where it was not measured.
    """

    slope: float = 1.0
    intercept: float = 0.0
    fitted_on: str = ""
    bins: tuple[ReliabilityBin, ...] = ()
    expected_error: float | None = None

    def __post_init__(self) -> None:
        # Zero would judge all films alike, less would turn the queue upside down.
        if not (math.isfinite(self.slope) and math.isfinite(self.intercept) and self.slope > 0):
            raise ValueError(
                f"a calibration needs a finite slope above 0 and a finite intercept, got {self.slope} and "
                f"{self.intercept}"
            )
        check_share(expected_error=self.expected_error)
        for before, after in pairwise(self.bins):
            if before.high != after.low:
                raise ValueError(
                    f"bins must touch, the lowest first: one ends at {before.high}, the next begins at "
                    f"{after.low}"
                )

    def probability(self, logit: float) -> float:
        """The calibrated probability in [0, 1] of a raw logit."""
        x = self.slope * logit + self.intercept
        # Either branch keeps exp from overflowing.
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    def bin_of(self, probability: float) -> ReliabilityBin | None:
        """The bin that a probability falls into, if it holds any film."""
        for each in self.bins:
            if each.low <= probability < each.high or (probability == 1 == each.high):
                return each if each.films else None
        return None

    @property
    def share(self) -> float | None:
        """Share of suspicious films among those that the probabilities were made with, in (0, 1).

        None where the card does not tell, or where films of one kind only were there.
        """
        films, suspicious = sum(b.films for b in self.bins), sum(b.suspicious for b in self.bins)
        return suspicious / films if 0 < suspicious < films else None


@dataclass(frozen=True)
class Interval:
    """A 95 % interval of a share, in [0, 1]."""

    low: float
    high: float

    def __post_init__(self) -> None:
        check_share(low=self.low, high=self.high)
        check_interval(self.low, self.high)
