"""What it means to agree with a model, and to disagree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.own_reading import LONGEST_LABEL, OwnReading, opposite_label, verdict_label
from tests.ui.worklist_examples import NOON, OF_LABELS, model_card, prediction

OF_THREE = replace(
    model_card(), labels=(Label("VIRUS", True), Label("NORMAL", False), Label("BACTERIA", True))
)


@pytest.mark.parametrize(
    ("probability", "agreeing", "disagreeing"),
    [(0.9, "PNEUMONIA", "NORMAL"), (0.1, "NORMAL", "PNEUMONIA"), (None, None, None)],
)
def test_of_two_labels_one_agrees_and_the_other_disagrees(
    probability: float | None, agreeing: str | None, disagreeing: str | None
) -> None:
    assert verdict_label(model_card(), prediction(probability)) == agreeing
    assert opposite_label(model_card(), prediction(probability)) == disagreeing


def test_of_several_suspicious_labels_the_likeliest_agrees_and_a_choice_remains_against_a_normal_film() -> (
    None
):
    suspected = replace(prediction(0.9), label_scores=OF_LABELS)
    assert verdict_label(OF_THREE, suspected) == "BACTERIA"
    assert opposite_label(OF_THREE, suspected) == "NORMAL"
    harmless = replace(prediction(0.1), label_scores=OF_LABELS)
    assert verdict_label(OF_THREE, harmless) == "NORMAL"
    assert opposite_label(OF_THREE, harmless) is None


def test_without_the_labels_scores_nobody_guesses_among_several() -> None:
    assert verdict_label(OF_THREE, prediction(0.9)) is None


@pytest.mark.parametrize("label", ["", " ", " NORMAL", "x" * (LONGEST_LABEL + 1)])
def test_a_label_is_a_word(label: str) -> None:
    with pytest.raises(ValueError, match="a label has 1 to"):
        OwnReading(label, NOON)


def test_a_moment_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OwnReading("NORMAL", datetime(2026, 11, 21))
