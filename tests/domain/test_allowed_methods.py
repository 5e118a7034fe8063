"""Which methods a card allows, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace

from cxr_desktop.domain.allowed_methods import refusal
from cxr_desktop.domain.explanation import Method
from cxr_desktop.domain.model_card import GRADIENT_FILE, HeatmapSpec
from tests.conftest import default_card


def test_the_default_model_allows_every_method() -> None:
    assert [refusal(default_card(), method) for method in Method] == [""] * len(Method)


def test_a_bundle_without_the_gradient_names_the_command_that_brings_it() -> None:
    card = default_card()
    old = replace(card, files={name: sum for name, sum in card.files.items() if name != GRADIENT_FILE})
    assert "cxr_desktop.training.repackage" in refusal(old, Method.GRAD_CAM_PLUS_PLUS)
    dense = replace(old, heatmap=HeatmapSpec("input × gradient"))
    assert "has no convolution" in refusal(dense, Method.GRAD_CAM_PLUS_PLUS)
    assert refusal(dense, Method.OCCLUSION) == refusal(dense, Method.LIME) == ""


def test_a_model_without_a_map_cannot_be_asked_for_it() -> None:
    assert "gives no map" in refusal(replace(default_card(), heatmap=None), Method.CAM)
