"""What a model says of a film, and how far it may be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prevalence import PriorShift
from cxr_desktop.language import tr


class Grade(StrEnum):
    """How an image check ended."""

    PASSED = "passed"
    WARNING = "warning"  # the verdict stands, but look at the reason
    OUT_OF_SCOPE = "out_of_scope"  # there is no verdict


@dataclass(frozen=True)
class ImageCheck:
    """One question asked of a film before its score is believed.

    Attributes:
        name: the question's identifier: "lungs", "exposure", "frontal", "age", "polarity", "coverage", …
        grade: how it ended.
        finding: the sentence to show, e.g. "Both lungs in view" or "Age 41 y; the model knows 1 to 5 y".
    """

    name: str
    grade: Grade
    finding: str


@dataclass(frozen=True)
class LabelScore:
    """What a network gives one of its model's labels.

    Attributes:
        label: its name in the model's card.
        score: in [0, 1], uncalibrated; those of all labels add up to one.
    """

    label: str
    score: float

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise ValueError(f"the score of {self.label} must lie in [0, 1], got {self.score}")


# How far the scores of all labels may be from one in sum: rounding of float16 weights stays far below.
SUM_TOLERANCE = 1e-3


class Status(StrEnum):
    """What became of a film."""

    WAITING = "waiting"
    SCORED = "scored"
    CHECK = "check"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Prediction:
    """A model's judgement of one film.

    Attributes:
        model_id, model_version: the model that judged.
        score: summed raw output of the suspicious labels, in [0, 1]; 0 where the film is out of scope, which
            the network is not shown.
        probability: the calibrated probability, in [0, 1]; None where the film is out of scope. The model's
            own, whatever the hospital's share of pneumonia: by it films are sorted and decided.
        operating_point: the threshold on `probability` that is in force.
        checks: the image checks, in the order they were made.
        evidence_in_lungs: share of the heatmap's positive evidence inside the lungs, in [0, 1]; None where
            there is no evidence or no verdict.
        shift: to the hospital's own share of pneumonia, for what is shown; None to show the model's own.
        label_scores: what the network gave each label, in the order of the model's card. Empty for a model of
            two labels, where `score` says it all; where the film is out of scope; and where it was judged
            before these were kept.
    """

    model_id: str
    model_version: str
    score: float
    probability: float | None
    operating_point: float
    checks: tuple[ImageCheck, ...]
    evidence_in_lungs: float | None = None
    shift: PriorShift | None = None
    label_scores: tuple[LabelScore, ...] = ()

    def __post_init__(self) -> None:
        for name in ("score", "operating_point", "probability", "evidence_in_lungs"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{name} must lie in [0, 1], got {value}")
        if self.out_of_scope != (self.probability is None):
            raise ValueError("probability must be None exactly where a check is out of scope")
        if self.label_scores:
            self._check_label_scores()

    def _check_label_scores(self) -> None:
        if self.out_of_scope:
            raise ValueError("a film that is out of scope has no label_scores")
        if len({each.label for each in self.label_scores}) < max(3, len(self.label_scores)):
            names = ", ".join(each.label for each in self.label_scores)
            raise ValueError(f"label_scores need more than two labels, each once; got {names}")
        total = sum(each.score for each in self.label_scores)
        if abs(total - 1) > SUM_TOLERANCE:
            raise ValueError(f"label_scores must add up to one, got {total}")

    @property
    def model(self) -> tuple[str, str]:
        """Id and version of the model that judged."""
        return self.model_id, self.model_version

    @property
    def out_of_scope(self) -> bool:
        return any(check.grade is Grade.OUT_OF_SCOPE for check in self.checks)

    @property
    def status(self) -> Status:
        passed = all(check.grade is Grade.PASSED for check in self.checks)
        return Status.SCORED if passed else Status.CHECK

    @property
    def suspected(self) -> bool | None:
        """Whether pneumonia is suspected; None where the film must not be judged."""
        return None if self.probability is None else self.probability >= self.operating_point

    @property
    def shown_probability(self) -> float | None:
        """The probability to show: at the hospital's share where there is one, else the model's own."""
        if self.probability is None or self.shift is None:
            return self.probability
        return self.shift.probability(self.probability)

    @property
    def shown_operating_point(self) -> float:
        """The threshold to show beside `shown_probability`."""
        return self.shift.probability(self.operating_point) if self.shift else self.operating_point

    @property
    def remarks(self) -> tuple[str, ...]:
        """The findings of the checks that did not pass, gravest first."""
        grave = [c.finding for c in self.checks if c.grade is Grade.OUT_OF_SCOPE]
        return (*grave, *(c.finding for c in self.checks if c.grade is Grade.WARNING))


@dataclass(frozen=True, eq=False)
class Heatmap:
    """Where a model sees evidence.

    Attributes:
        evidence: (rows, columns) float32, finite: positive speaks for suspicion, negative against. Its unit
            is the method's own; only ratios within one map mean something.
        box: the rectangle of the film that the map covers.
        method: "Grad-CAM", "class activation", …, as it is stored.
        signed: whether what speaks against suspicion is shown, too: not by methods whose negative values
            mean nothing.
    """

    evidence: NDArray[np.float32]
    box: Box
    method: str
    signed: bool = False

    def __post_init__(self) -> None:
        if self.evidence.ndim != 2 or self.evidence.dtype != np.float32:
            raise ValueError(
                f"evidence must be (rows, columns) float32, got {self.evidence.shape} {self.evidence.dtype}"
            )
        if not np.isfinite(self.evidence).all():
            raise ValueError("evidence must be finite")

    @property
    def made_by(self) -> str:
        """The method, as the reader says it."""
        return _METHODS.get(self.method, self.method)

    @property
    def has_evidence(self) -> bool:
        """Whether anything on the film speaks for suspicion."""
        return bool(self.evidence.max(initial=0) > 0)

    @property
    def strongest(self) -> float:
        """The greatest evidence that is drawn, whichever way it speaks; 0 where there is nothing to draw."""
        against = float(-self.evidence.min(initial=0)) if self.signed else 0.0
        return max(float(self.evidence.max(initial=0)), against)


# Other methods have a name that is the same in all languages.
_METHODS = {
    "class activation": tr("class activation"),
    "input × gradient": tr("input × gradient"),
    "occlusion": tr("occlusion"),
}


@dataclass(frozen=True, eq=False)
class Lungs:
    """What the lung finder saw.

    Attributes:
        mask: (rows, columns) float32 in [0, 1], the probability of lung, over the whole film.
        regions: the separate lung fields found, the two lungs first, in film coordinates.
    """

    mask: NDArray[np.float32]
    regions: tuple[Box, ...]

    @property
    def box(self) -> Box | None:
        """The rectangle around both lungs; None where nothing was found."""
        return box_around_lungs(self.regions)


def box_around_lungs(regions: Sequence[Box]) -> Box | None:
    """The rectangle around the first two of the lung fields (the lungs); None where there are none."""
    if not regions:
        return None
    fields = regions[:2]
    return Box(
        min(r.top for r in fields),
        min(r.left for r in fields),
        max(r.bottom for r in fields),
        max(r.right for r in fields),
    )


@dataclass(frozen=True, eq=False)
class Judgement:
    """All that one scoring pass gives: the prediction with what explains it.

    Attributes:
        heatmap: None where the film could not be judged.
    """

    prediction: Prediction
    heatmap: Heatmap | None
    lungs: Lungs
