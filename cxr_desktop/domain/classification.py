"""Which labels films are given, against those that they have."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.model_card import Estimate


@dataclass(frozen=True)
class ClassFigures:
    """One label's line of a classification report.

    Attributes:
        precision: of the films judged so, the share that is labelled so; 0 where no film is judged so.
        recall: of the films labelled so, the share that is judged so.
        f1: their harmonic mean.
        support: films labelled so.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class LabelComparison:
    """Which label films are given, against the one that they have.

    Attributes:
        classes: each label's line.
        confusion: films by label (rows) and by the label given (columns), both in the order of `classes`.
        accuracy: share of the films that are given their own label.
    """

    classes: tuple[ClassFigures, ...]
    confusion: tuple[tuple[int, ...], ...]
    accuracy: Estimate
