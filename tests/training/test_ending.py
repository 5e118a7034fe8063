"""A card travels: what stands in it is English, whatever language the window speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

import cxr_desktop.training
from cxr_desktop.training.ending import (
    Ending,
    all_done,
    stopped,
    time_is_over,
    without_number,
    without_progress,
)


@pytest.mark.parametrize(
    "ending",
    [
        without_progress("val_loss", 8),
        without_progress("val_accuracy", 10),
        all_done(),
        time_is_over(1.5),
        stopped(),
        without_number("loss", 1, 0),
        without_number("loss", 3, 2),
        without_number("val_loss", 1, 0),
        without_number("val_loss", 3, 1),
    ],
    ids=lambda ending: ending.english,
)
def test_in_english_the_screen_says_what_the_card_does(ending: Ending) -> None:
    assert ending.words == ending.english


@pytest.mark.parametrize(
    "module",
    ["appraise", "calibrate", "datasets", "nih", "package", "provenance", "shortcuts", "trial"],
)
def test_what_writes_a_card_does_not_translate(module: str) -> None:
    source = Path(*cxr_desktop.training.__path__) / f"{module}.py"
    assert "cxr_desktop.language" not in source.read_text(encoding="utf-8")
