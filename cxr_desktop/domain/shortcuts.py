"""What a model looks at besides the lungs: how far its judgement moves when only that changes."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ShortcutFigure:
    """One change of the films, or one share of the heatmap, measured against its condition.

    Attributes:
        name: what was changed or measured, e.g. "blanking all but the dilated lungs" or "share of positive
            heat inside the dilated lungs".
        films: how many films it was measured on; what they are stands in `condition` or on the card.
        mean_change: mean absolute change of the calibrated probability, in [0, 1]; None for a share.
        auc_change: AUC on the changed films less AUC on the films as they are; None for a share.
        value: the share itself, in [0, 1]; None for a change of the films.
        condition: what it must fulfil to ship, in words; "" where it is only told.
        met: whether it does.
    """

    name: str
    films: int
    mean_change: float | None = None
    auc_change: float | None = None
    value: float | None = None
    condition: str = ""
    met: bool = True

    def __post_init__(self) -> None:
        given = [x for x in (self.mean_change, self.auc_change, self.value) if x is not None]
        if self.films < 1 or not given or not all(math.isfinite(x) and abs(x) <= 1 for x in given):
            raise ValueError(
                f"a shortcut figure needs at least one film and one figure in [-1, 1], got {self}"
            )
