"""How common pneumonia is, and what that does to a probability."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PriorShift:
    """From the share of suspicious films that a model was calibrated with to the hospital's own.

    By Bayes' rule the odds of every film change by the same factor, as long as the two kinds of films look
    the same in both places (Saerens et al., Neural Computation 2002;14:21). So no film changes places with
    another, nor with a threshold that is shifted alike.

    Attributes:
        made_with: share of suspicious films in the set that the probabilities were made with, in (0, 1).
        here: share among the hospital's own films, in (0, 1).
    """

    made_with: float
    here: float

    def __post_init__(self) -> None:
        for name in ("made_with", "here"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} must lie between 0 and 1, both left out, got {getattr(self, name)}")

    def probability(self, probability: float) -> float:
        """What a probability in [0, 1], the model's own, is at the hospital's share: again in [0, 1].

        0 and 1 stay what they are: no share argues against certainty.
        """
        if not 0 <= probability <= 1:
            raise ValueError(f"a probability lies in [0, 1], got {probability}")
        if self.made_with == self.here or probability in (0, 1):
            return probability
        odds = probability / (1 - probability)
        shifted = odds * (self.here / (1 - self.here)) / (self.made_with / (1 - self.made_with))
        # Not odds / (1 + odds): written like this, rounding can never exchange two probabilities.
        return 1 / (1 + 1 / shifted) if shifted > 0 else 0.0
