"""A film that was judged, questioned by each method; and those that cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.allowed_methods import refusal
from cxr_desktop.domain.errors import BundleError, Cancelled, NotJudged
from cxr_desktop.domain.explanation import LimeOptions, Method
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.explain.explainer import Explainer
from cxr_desktop.inference.loading import load_explainer
from tests.inference.explain.networks import heard
from tests.training.small_bundle import SIDE, without_gradient
from tests.training.tiny_bundle import write_tiny_bundle

FEW = LimeOptions(samples=60, superpixels=10)


def test_each_method_has_a_map_of_a_real_film(explainer: Explainer, chest_film: Radiograph) -> None:
    assert [refusal(explainer.card, method) for method in Method] == [""] * len(Method)
    asked = explainer.question(chest_film)
    assert asked.shape == chest_film.shape
    assert asked.image.shape == (SIDE, SIDE, 1)
    for method in Method:
        told = explainer.explain(asked, method, heard, FEW, seeds=2)
        assert told.heatmap.box == asked.box
        assert told.heatmap.has_evidence
        assert told.in_lungs is not None
        assert 0 <= told.in_lungs <= 1
        assert told.heatmap.signed is (method in (Method.OCCLUSION, Method.LIME))
        assert (told.superpixels is not None) is (method is Method.LIME)


def test_the_class_activation_map_is_the_one_that_came_with_the_score(
    explainer: Explainer, chest_film: Radiograph
) -> None:
    asked = explainer.question(chest_film)
    assert explainer.explain(asked, Method.CAM, heard).heatmap is asked.judgement.heatmap


def test_lime_with_several_seeds_tells_how_far_they_agree_and_shows_the_first(
    explainer: Explainer, chest_film: Radiograph
) -> None:
    asked = explainer.question(chest_film)
    passes: list[tuple[int, int]] = []
    told = explainer.explain(asked, Method.LIME, lambda done, of: passes.append((done, of)), FEW, seeds=3)
    alone = explainer.explain(asked, Method.LIME, heard, FEW, seeds=1)
    assert told.superpixels is not None
    assert alone.superpixels is not None
    np.testing.assert_array_equal(told.superpixels.weights, alone.superpixels.weights)
    assert (told.seeds, alone.seeds, alone.agreement) == (3, 1, None)
    assert told.agreement is not None
    assert -1 <= told.agreement <= 1
    assert passes == sorted(passes)
    assert {of for _, of in passes} == {180}
    assert passes[-1] == (180, 180)


def test_whoever_has_enough_of_waiting_ends_it(explainer: Explainer, chest_film: Radiograph) -> None:
    def enough(done: int, of: int) -> None:
        raise Cancelled

    asked = explainer.question(chest_film)
    for method in (Method.OCCLUSION, Method.LIME):
        with pytest.raises(Cancelled):
            explainer.explain(asked, method, enough)


def test_a_film_out_of_scope_has_no_map_but_its_reason(explainer: Explainer, chest_film: Radiograph) -> None:
    with pytest.raises(NotJudged, match=r"No map can be made: Side view \(LL\)"):
        explainer.question(replace(chest_film, header=FilmHeader(view_position="LL")))


def test_a_model_without_the_gradient_says_which_command_brings_it(
    small_bundle: Path, lung_finder_folder: Path, chest_film: Radiograph, tmp_path: Path
) -> None:
    without_gradient(small_bundle, tmp_path / "old")
    old = load_explainer(tmp_path / "old", lung_finder_folder, [cpu(1)])
    assert [method for method in Method if refusal(old.card, method)] == [Method.GRAD_CAM_PLUS_PLUS]
    asked = old.question(chest_film)
    with pytest.raises(BundleError, match=r"cxr_desktop\.training\.repackage"):
        old.explain(asked, Method.GRAD_CAM_PLUS_PLUS, heard)


def test_a_network_of_dense_layers_has_no_feature_maps_and_says_occlusion(
    lung_finder_folder: Path, chest_film: Radiograph, tmp_path: Path
) -> None:
    write_tiny_bundle(tmp_path / "dense", "dense")
    dense = load_explainer(tmp_path / "dense", lung_finder_folder, [cpu(1)])
    asked = dense.question(chest_film)
    with pytest.raises(BundleError, match="Choose occlusion"):
        dense.explain(asked, Method.GRAD_CAM_PLUS_PLUS, heard)
    assert dense.feature_maps(asked) == ()
    # It calls films suspicious by their brightness, wherever it is.
    occluded = dense.explain(asked, Method.OCCLUSION, heard).heatmap
    assert occluded.has_evidence
    assert occluded.evidence.min() < 0
