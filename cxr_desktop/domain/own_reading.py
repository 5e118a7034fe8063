"""What the radiologist herself says of a film: a label, by agreeing, by disagreeing, or in her own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Prediction

LONGEST_LABEL = 60  # characters: it becomes a class's name


@dataclass(frozen=True)
class OwnReading:
    """The label that a reader gives a film.

    Attributes:
        label: one of a model's labels, or any other name; without spaces around it.
        at: when it was given, with a time zone.
    """

    label: str
    at: datetime

    def __post_init__(self) -> None:
        if self.label != self.label.strip() or not 0 < len(self.label) <= LONGEST_LABEL:
            raise ValueError(f"a label has 1 to {LONGEST_LABEL} characters, none around it: {self.label!r}")
        if self.at.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, got {self.at!r}")


@dataclass(frozen=True)
class ReadingsList:
    """The reader's readings as a list of labelled films.

    Attributes:
        file: the list.
        films: how many it names.
        left_out: how many readings it leaves out, because no file shows their films any more.
    """

    file: Path
    films: int
    left_out: int = 0


def verdict_label(card: ModelCard, prediction: Prediction) -> str | None:
    """The label that the model's verdict comes to; None where there is no verdict, or no single label.

    Of several labels on the verdict's side, the one with the highest score.
    """
    if prediction.suspected is None:
        return None
    names = _labels(card, prediction.suspected)
    scores = {each.label: each.score for each in prediction.label_scores}
    if len(names) > 1 and not scores:
        return None
    return max(names, key=lambda name: scores.get(name, 0.0))


def opposite_label(card: ModelCard, prediction: Prediction) -> str | None:
    """The label of whoever disagrees with the verdict; None where that leaves a choice, or none."""
    if prediction.suspected is None:
        return None
    names = _labels(card, not prediction.suspected)
    return names[0] if len(names) == 1 else None


def _labels(card: ModelCard, suspicious: bool) -> list[str]:
    return [label.name for label in card.labels if label.suspicious == suspicious]
