"""Whom the films show that a model learned from."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Population:
    """Whom the training films show. An age outside gives a warning, not a refusal.

    Attributes:
        min_age_years, max_age_years: the youngest and the oldest; None where that end is open or unknown.
        age_ranges: (youngest, oldest or None) of each group, where several with a gap between them were
            learned from. Where it is empty, the two ends above hold.
    """

    description: str
    min_age_years: float | None = None
    max_age_years: float | None = None
    age_ranges: tuple[tuple[float, float | None], ...] = ()

    def __post_init__(self) -> None:
        _check_ages(self.min_age_years, self.max_age_years, "min_age_years and max_age_years")
        for low, high in self.age_ranges:
            _check_ages(low, high, "age_ranges")

    @property
    def ages(self) -> tuple[tuple[float, float | None], ...]:
        """(youngest, oldest or None) of each group; empty where nothing is known of the ages."""
        if self.age_ranges or (self.min_age_years is None and self.max_age_years is None):
            return self.age_ranges
        return ((self.min_age_years or 0.0, self.max_age_years),)

    def includes(self, age_years: float) -> bool:
        """Whether films of this age were learned from, as far as is known."""
        # "1 to 5 years" includes a child of 5 years and 11 months.
        inside = (low <= age_years and (high is None or age_years < high + 1) for low, high in self.ages)
        return not self.ages or any(inside)


def _check_ages(low: float | None, high: float | None, names: str) -> None:
    """ValueError unless both ages are finite, from 0 on and in this order; None is an open end.

    Args:
        names: of the fields that hold them, for the message.
    """
    given = [age for age in (low, high) if age is not None]
    if not all(math.isfinite(age) and age >= 0 for age in given) or given != sorted(given):
        raise ValueError(f"{names} must be ages from 0 on, the lower one first, got {low} and {high}")
