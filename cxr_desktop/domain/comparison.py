"""Two models on the same labelled films: what each reaches, how they differ, and whether to switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from cxr_desktop.domain.calibration import ReliabilityBin
from cxr_desktop.domain.classification import ClassFigures, LabelComparison
from cxr_desktop.domain.model_card import Estimate, Evaluation
from cxr_desktop.domain.shortcut_words import shortcut_in_words
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.domain.wording import signed
from cxr_desktop.language import tr

# With fewer films of a kind, an interval says more about chance than about two models.
LEAST_OF_A_KIND = 20

RULE = tr(
    "Nothing is concluded from fewer than {least} suspicious or {least} other films. “Worse”: "
    "the 95\u00a0%\u00a0interval of the difference in AUC, or of the difference in recall at the same "
    "specificity, lies wholly below 0, or the new model breaks a shortcut condition that the "
    "present one keeps. “Better”: none of these, and the interval of the difference in AUC lies "
    "wholly above 0. Everything else is no evidence of a difference.",
    least=LEAST_OF_A_KIND,
)


class Verdict(StrEnum):
    """Whether the new model should take the present one's place; `RULE` says how it is found."""

    BETTER = "better"
    NO_EVIDENCE = "no evidence of a difference"
    WORSE = "worse: do not switch"

    @property
    def words(self) -> str:
        """For a table that the reader sees; result files hold the value."""
        match self:
            case Verdict.BETTER:
                return tr("better")
            case Verdict.NO_EVIDENCE:
                return tr("no evidence of a difference")
            case Verdict.WORSE:
                return tr("worse: do not switch")


class Which(StrEnum):
    """One of the two models."""

    NOW = "now"
    NEW = "new"


@dataclass(frozen=True)
class ModelsToCompare:
    """What is to be compared with what.

    Attributes:
        now, new: the present model and the one that might take its place: names in the library, or folders.
        trained_on: the labelled folder or the list of films that the new model's training was given; its test
            films are compared on where there is no locked test set.
        point: the name of the operating point in force; a model that has none of this name goes by its own.
        look_in: files and folders among which films of the locked test set may be that were moved.
        without_missing: whether films of the set that cannot be found are done without.
    """

    now: str
    new: str
    trained_on: Path
    point: str = ""
    # How the same films are come by makes no other comparison.
    look_in: tuple[Path, ...] = field(default=(), compare=False)
    without_missing: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class ComparedFilm:
    """A film that both models judged. Pairs hold the present model's first, then the new one's.

    Attributes:
        film: its file. For the screen and the reader's own files, never for a log.
        suspicious: what its label says.
        probabilities: calibrated, in [0, 1].
        suspected: the verdict, each at its own operating point.
    """

    film: str
    label: str
    suspicious: bool
    probabilities: tuple[float, float]
    suspected: tuple[bool, bool]

    @property
    def flips(self) -> bool:
        """Whether the verdicts differ."""
        return self.suspected[0] != self.suspected[1]

    @property
    def right(self) -> tuple[bool, bool]:
        """Whether each verdict agrees with the label."""
        return self.suspected[0] == self.suspicious, self.suspected[1] == self.suspicious


@dataclass(frozen=True)
class NotCompared:
    """A film that at least one model did not judge.

    Attributes:
        readable: whether the file gave a film at all.
        reasons: why the present model did not, and why the new one; "" for one that did.
    """

    film: str
    label: str
    readable: bool
    reasons: tuple[str, str]


@dataclass(frozen=True)
class AtPoint:
    """What a model reaches at one of its operating points.

    Attributes:
        evaluation: figures with their intervals; AUC and calibration error are the same at every point.
        classes: of the suspicious films, then of the others.
    """

    name: str
    threshold: float
    evaluation: Evaluation
    classes: tuple[ClassFigures, ClassFigures]


@dataclass(frozen=True)
class ModelFigures:
    """One of the two models on the films that both judged.

    Attributes:
        points: its operating points; the first is the one in force.
        roc: (false positive rate, true positive rate), from (0, 0) to (1, 1).
        precision_recall: (recall, precision), the lowest threshold first.
        reliability: films and suspicious ones among them, by calibrated probability.
        labels: which label films are given; None for a model of two labels, or where the films have others.
        evidence_in_lungs: mean share of the heatmap's positive evidence that lies on lung, of the suspicious
            films, in [0, 1]; None without heatmaps.
        shortcuts: how far its judgement hangs on what is not lung; empty where it was not measured.
        remarks: what to know of these films and this model, a sentence each.
    """

    id: str
    version: str
    name: str
    points: tuple[AtPoint, ...]
    roc: tuple[tuple[float, float], ...]
    precision_recall: tuple[tuple[float, float], ...]
    reliability: tuple[ReliabilityBin, ...]
    labels: LabelComparison | None = None
    evidence_in_lungs: float | None = None
    shortcuts: tuple[ShortcutFigure, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Id and version."""
        return f"{self.id} {self.version}"

    @property
    def auc(self) -> Estimate:
        """Area under its ROC curve."""
        return self.points[0].evaluation.auc


@dataclass(frozen=True)
class RecallAtSpecificity:
    """How many of the suspicious films each model finds when both call equally many others suspicious.

    Attributes:
        specificity: what the present model reaches on these films at its operating point.
        now, new: recall of each at that specificity, in [0, 1].
        difference: new less now, in [-1, 1].
    """

    specificity: float
    now: float
    new: float
    difference: Estimate


@dataclass(frozen=True)
class Subgroup:
    """The two models on a part of the films that is large enough to tell.

    Attributes:
        name: "PA", "1 to 5 y", "F".
        auc: of the present model and of the new one.
        difference: in AUC, new less now.
    """

    kind: Literal["view", "age", "sex"]
    name: str
    films: int
    suspicious: int
    auc: tuple[Estimate, Estimate]
    difference: Estimate
    verdict: Verdict


@dataclass(frozen=True)
class ModelComparison:
    """A new model beside the present one on the same films.

    Attributes:
        films_in_words: which films.
        films: those that both judged; all figures are of them.
        not_compared: the others, each with its reasons.
        auc_difference: new less now, with DeLong's paired interval.
        reasons: of the verdict, a sentence each.
        rule: how the verdict was found.
    """

    films_in_words: str
    now: ModelFigures
    new: ModelFigures
    films: tuple[ComparedFilm, ...]
    not_compared: tuple[NotCompared, ...]
    auc_difference: Estimate
    recall: RecallAtSpecificity
    subgroups: tuple[Subgroup, ...]
    verdict: Verdict
    reasons: tuple[str, ...]
    rule: str = RULE

    @property
    def flips(self) -> tuple[ComparedFilm, ...]:
        """Films whose verdict changes, the furthest apart first."""
        changed = (film for film in self.films if film.flips)
        return tuple(sorted(changed, key=lambda film: -abs(film.probabilities[1] - film.probabilities[0])))


def judge(
    suspicious: int,
    others: int,
    auc_difference: Estimate,
    recall_difference: Estimate | None = None,
    broken: Sequence[str] = (),
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict by `RULE`, and why.

    Too few films: no evidence. An interval wholly below 0, or a newly broken condition: worse. Else an AUC
    whose interval lies wholly above 0: better. Else: no evidence.

    Args:
        suspicious, others: how many films of each kind were compared.
        auc_difference, recall_difference: new less now; None where recall was not compared.
        broken: names of the shortcut conditions that the new model breaks and the present one keeps.
    """
    if min(suspicious, others) < LEAST_OF_A_KIND:
        return Verdict.NO_EVIDENCE, (
            tr(
                "Only {suspicious} suspicious and {others} other films were compared; {least} of "
                "each are needed to tell anything.",
                suspicious=suspicious,
                others=others,
                least=LEAST_OF_A_KIND,
            ),
        )
    worse = [
        tr(
            "{what} is lower, by {value:.3f} ({low:.3f} to {high:.3f}).",
            what=what,
            value=-difference.value,
            low=-difference.high,
            high=-difference.low,
        )
        for what, difference in (
            ("AUC", auc_difference),
            (tr("Recall at the same specificity"), recall_difference),
        )
        if difference is not None and difference.high < 0
    ]
    if broken:
        worse.append(
            tr(
                "Conditions that the present model keeps and this one breaks: {conditions}.",
                conditions=", ".join(map(shortcut_in_words, broken)),
            )
        )
    if worse:
        return Verdict.WORSE, tuple(worse)
    value, low, high = auc_difference.value, auc_difference.low, auc_difference.high
    if low > 0:
        return Verdict.BETTER, (
            tr("AUC is higher, by {value:.3f} ({low:.3f} to {high:.3f}).", value=value, low=low, high=high),
        )
    return Verdict.NO_EVIDENCE, (
        tr(
            "The difference in AUC, {difference}, may lie anywhere from {low} to {high}.",
            difference=signed(value),
            low=signed(low),
            high=signed(high),
        ),
    )
