"""How far maps agree, and the sentences where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.inference.explain.trust import between_models, doubts, overlap

SHAPE = (300, 200)
WHOLE = Box.whole(SHAPE)


def spot(row: int, column: int, method: str = "LIME", box: Box = WHOLE, strength: float = 1.0) -> Heatmap:
    evidence = np.zeros((8, 8), np.float32)
    evidence[row, column] = strength
    return Heatmap(evidence, box, method, signed=True)


NOTHING = Heatmap(np.full((4, 4), -1, np.float32), WHOLE, "occlusion", signed=True)


def test_the_same_map_in_another_unit_has_all_in_common() -> None:
    assert overlap(spot(2, 2), spot(2, 2, strength=7), SHAPE) == pytest.approx(1, abs=1e-5)


def test_maps_of_different_places_have_nothing_in_common() -> None:
    assert overlap(spot(0, 0), spot(6, 6), SHAPE) == pytest.approx(0, abs=1e-6)


def test_half_the_same_is_half() -> None:
    both = np.zeros((8, 8), np.float32)
    both[0, 0] = both[7, 7] = 1
    assert overlap(spot(0, 0), Heatmap(both, WHOLE, "Grad-CAM"), SHAPE) == pytest.approx(0.5, abs=1e-3)


def test_maps_that_cover_other_parts_of_the_film_are_compared_on_the_film() -> None:
    lungs = Box(150, 0, 300, 200)
    low = np.zeros((8, 8), np.float32)
    low[4:] = 1
    same = Heatmap(np.ones((3, 3), np.float32), lungs, "class activation")
    found = overlap(Heatmap(low, WHOLE, "Grad-CAM"), same, SHAPE)
    assert found is not None
    assert found > 0.9


def test_with_a_map_without_evidence_nothing_can_be_in_common() -> None:
    assert overlap(spot(0, 0), NOTHING, SHAPE) is None


def test_maps_that_agree_within_the_lungs_raise_no_doubt() -> None:
    assert doubts([spot(2, 2), spot(2, 2, "occlusion")], [0.86, 0.99], SHAPE) == ()


def test_evidence_beside_the_lungs_is_told_with_what_to_look_for() -> None:
    (sentence,) = doubts([spot(2, 2, "occlusion")], [0.82], SHAPE)
    assert sentence == (
        "Occlusion: 18\u00a0% of the evidence lies outside the lungs: look for markers, tubes, borders."
    )


def test_maps_that_contradict_each_other_are_both_named() -> None:
    (sentence,) = doubts([spot(0, 0, "Grad-CAM"), spot(6, 6)], [1.0, 1.0], SHAPE)
    assert sentence.startswith("Grad-CAM and LIME point to different places")
    assert "<1\u00a0%" in sentence


def test_one_that_finds_what_the_other_does_not_is_a_contradiction_too() -> None:
    (sentence,) = doubts([NOTHING, spot(2, 2)], [None, 1.0], SHAPE)
    assert sentence == "LIME finds evidence, occlusion none."
    assert doubts([NOTHING, NOTHING], [None, None], SHAPE) == ()


def test_the_maps_of_two_models_are_compared_in_a_sentence() -> None:
    assert between_models(spot(2, 2), spot(2, 2), SHAPE) == (
        "The two maps have >99\u00a0% of their evidence in common."
    )
    apart = between_models(spot(0, 0), spot(6, 6), SHAPE)
    assert "<1\u00a0%" in apart
    assert apart.endswith("the models look at different places.")
    assert between_models(spot(2, 2), NOTHING, SHAPE).startswith("Only one of the two maps")
    assert between_models(NOTHING, NOTHING, SHAPE).startswith("Neither of the two maps")
