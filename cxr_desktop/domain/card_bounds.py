"""What a figure on a card may be; a card that says otherwise is refused with the field's name."""

from __future__ import annotations

import math


def check_share(**figures: float | None) -> None:
    """ValueError unless each figure lies in [0, 1]; None is a figure that was not measured."""
    for name, value in figures.items():
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} must lie in [0, 1], got {value}")


def check_count(**counts: int) -> None:
    """ValueError unless each count is 0 or more."""
    for name, count in counts.items():
        if count < 0:
            raise ValueError(f"{name} must not be below 0, got {count}")


def check_interval(low: float, high: float, value: float | None = None) -> None:
    """ValueError unless low and high are finite, in this order, and the figure itself lies between."""
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError(f"low and high must be finite and low at most high, got {low} and {high}")
    if value is not None:
        check_within("value", value, low, high)


def check_within(name: str, value: float, low: float, high: float) -> None:
    """ValueError unless a figure lies in its interval."""
    if not low <= value <= high:
        raise ValueError(f"{name} must lie within its interval, got {value} for {low} to {high}")
