"""A training's figures, epoch by epoch, as curves: which belong into one picture, and under what name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cxr_desktop.language import tr

CurveTitle = Literal["Loss", "Accuracy", "Recall", "AUC"]
CURVES: tuple[CurveTitle, ...] = ("Loss", "Accuracy", "Recall", "AUC")

# How the names of epochs' figures begin.
RECALL = "recall of "
VALIDATION = "val_"


@dataclass(frozen=True)
class LearningCurve:
    """One figure over the epochs.

    Attributes:
        name: for the legend.
        validation: whether it is of the held-out films.
        points: (epoch, from 1; value) of each epoch that has it.
    """

    name: str
    validation: bool
    points: tuple[tuple[int, float], ...]


def learning_curves(title: CurveTitle, figures: Sequence[dict[str, float]]) -> tuple[LearningCurve, ...]:
    """The curves of one picture, those of the training films first.

    Args:
        figures: of each whole epoch, as `TrainingState` has them.
    """
    names = [name for name in dict.fromkeys(key for each in figures for key in each) if _is_of(title, name)]
    names.sort(key=lambda name: name.startswith(VALIDATION))
    several = sum(not name.startswith(VALIDATION) for name in names) > 1
    return tuple(
        LearningCurve(
            _words(name, several),
            name.startswith(VALIDATION),
            tuple((epoch, each[name]) for epoch, each in enumerate(figures, start=1) if name in each),
        )
        for name in names
    )


def _is_of(title: CurveTitle, name: str) -> bool:
    name = name.removeprefix(VALIDATION)
    return name.startswith(RECALL) if title == "Recall" else name == title.lower()


def _words(name: str, several: bool) -> str:
    side = tr("held out") if name.startswith(VALIDATION) else tr("training")
    label = name.removeprefix(VALIDATION).removeprefix(RECALL)
    return f"{side}, {label}" if several else side
