"""How heatmaps look."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import COLOUR_MAPS, DEFAULT_LOOK, GREATEST_THRESHOLD, HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.settings import Settings


@pytest.mark.parametrize(
    "wrong", [{"opacity": 1.01}, {"opacity": -0.1}, {"threshold": 0.76}, {"colour_map": "rainbow"}]
)
def test_a_look_is_valid_from_birth(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must"):
        HeatLook(**wrong)  # type: ignore[arg-type]


@given(st.integers(0, round(100 * GREATEST_THRESHOLD)))
def test_whatever_the_threshold_some_line_is_drawn_and_none_below_it(percent: int) -> None:
    look = HeatLook(threshold=percent / 100)
    levels = look.levels(signed=False)
    assert levels
    assert min(levels) >= look.threshold
    assert look.levels(signed=True) == (*(-level for level in reversed(levels)), *levels)


@given(
    st.builds(
        HeatLook,
        st.integers(0, 100).map(lambda percent: percent / 100),
        st.integers(0, 75).map(lambda percent: percent / 100),
        st.sampled_from(COLOUR_MAPS),
        st.booleans(),
    )
)
def test_the_settings_keep_a_look(look: HeatLook) -> None:
    assert Settings(theme="light").with_heat_look(look).heat_look == look
    assert Settings(theme="light").with_heat_look(look).theme == "light"


def test_without_a_choice_settings_and_saved_pictures_look_alike() -> None:
    assert Settings().heat_look == DEFAULT_LOOK


def test_a_signed_map_has_something_to_draw_where_it_speaks_against() -> None:
    evidence = np.array([[-4, 0], [0, 3]], np.float32)
    box = Box(0, 0, 2, 2)
    assert Heatmap(evidence, box, "LIME", signed=True).strongest == 4
    assert Heatmap(evidence, box, "CAM").strongest == 3
    assert Heatmap(np.minimum(evidence, 0), box, "CAM").strongest == 0
    assert Heatmap(np.minimum(evidence, 0), box, "LIME", signed=True).strongest == 4
    assert not Heatmap(np.minimum(evidence, 0), box, "LIME", signed=True).has_evidence
