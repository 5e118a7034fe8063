"""What may be chosen of a training is described, bounded, and leaves the rest of the recipe alone."""

from __future__ import annotations

from dataclasses import fields

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.tuning import Tuning, tuning_field


def test_every_field_has_a_title_an_explanation_and_stays_as_the_recipe_has_it() -> None:
    for each in fields(Tuning):
        assert each.metadata["title"] and each.metadata["help"].endswith(".")
        assert each.default is None
    assert Tuning().changed == {}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epochs": 0}, "Epochs: 0 is outside 1 to 1000"),
        ({"learning_rate": 2.0}, "Learning rate: 2 is outside 1e-07 to 1"),
        ({"learning_rate": float("nan")}, "Learning rate: nan"),
        ({"batch": 513}, "Films a step"),
        ({"image_size": 8}, "Image size: 8 is outside 32 to 1024"),
        ({"patience": -1}, "Patience"),
    ],
)
def test_a_value_out_of_bounds_is_named_with_them(wrong: dict[str, float], words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        Tuning(**wrong)  # type: ignore[arg-type]


def test_bounds_belong_to_what_is_allowed() -> None:
    for each in fields(Tuning):
        for bound in (each.metadata.get("low"), each.metadata.get("high")):
            if bound is not None:
                assert Tuning(**{each.name: bound}).changed == {each.name: bound}
    assert tuning_field("mirror").metadata["title"] == "Mirrored films"
