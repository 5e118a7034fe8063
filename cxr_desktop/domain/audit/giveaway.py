"""How far one sign that is not lung tells the classes apart."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.language import tr

# An AUC is told as a problem where its 95 % interval lies above the first of these, and as a grave one above
# the second. Chance is 0.5.
NOTICED, GRAVE = 0.6, 0.8

ABOUT_AUC = tr(
    "A sign that tells the class may be learned in place of the disease. The AUC says how well "
    "it tells: of 100 pairs of films, one of the class and one of another, an AUC of 0.90 puts "
    "90 in the right order. 0.50 is the toss of a coin. In brackets is the range in which it "
    "lies with a certainty of 95 %."
)


@dataclass(frozen=True)
class Giveaway:
    """How far one sign alone tells the classes apart.

    Attributes:
        name: of the sign.
        label: the class that it tells best from all others; "" where it is the same on all films.
        auc: with its 95 % interval; 0.5 is chance. None where it is the same on all films.
        remedy: what to do where that is too much.
    """

    name: str
    label: str
    auc: Estimate | None
    remedy: str

    @property
    def gravity(self) -> str:
        """How much it tells, in a few words."""
        if self.auc is None:
            return tr("the same on all films")
        if self.auc.low > GRAVE:
            return tr("gives the class away")
        return tr("tells something") if self.auc.low > NOTICED else tr("tells next to nothing")

    @property
    def sentence(self) -> str:
        """The finding in words."""
        if self.auc is None:
            return tr("The films do not differ in {name}.", name=self.name)
        return tr(
            "From {name} alone {label} is told from the rest with an AUC of {value:.2f} "
            "({low:.2f}–{high:.2f}; 0.5 is chance, 1 is never wrong).",
            name=self.name,
            label=self.label,
            value=self.auc.value,
            low=self.auc.low,
            high=self.auc.high,
        )
