"""What ships keeps what its cards say, and what a bundle must keep to ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.cli.evaluate import evaluate_folder
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.inference.devices import find_devices
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.storage.model_library import DEFAULT_MODELS
from tests.conftest import PROJECT

MODELS = PROJECT / "resources" / "models"
SHIPPED = [id for id in DEFAULT_MODELS if (MODELS / id).is_dir()]
MEGABYTE = 1_000_000


def card_of(id: str) -> ModelCard:
    return open_classifier(MODELS / id).card


@pytest.mark.parametrize("id", SHIPPED)
def test_a_bundle_is_small_enough_to_ship(id: str) -> None:
    sizes = [file.stat().st_size for file in (MODELS / id).iterdir()]
    assert max(sizes) <= 60 * MEGABYTE
    assert sum(sizes) <= 95 * MEGABYTE


@pytest.mark.parametrize("id", SHIPPED)
def test_a_card_is_complete(id: str) -> None:
    card = card_of(id)
    assert card.id == id
    assert [point.name for point in card.operating_points] == ["balanced", "high sensitivity"]
    for point in card.operating_points:
        assert point.sensitivity_interval is not None and point.specificity_interval is not None
    assert card.operating_points[1].sensitivity >= 0.99
    assert card.calibration.expected_error is not None and card.calibration.bins
    assert {"validation", "test"} <= {each.role for each in card.evaluations}
    assert all(each.calibration_error is not None for each in card.evaluations)
    assert card.limits and card.attributions and card.test_openings and card.shortcuts


@pytest.mark.parametrize("id", SHIPPED)
def test_a_model_that_looks_at_more_than_the_lungs_says_so(id: str) -> None:
    card = card_of(id)
    unmet = [each.name for each in card.shortcuts if not each.met]
    if id == "xception":
        assert not unmet
    assert all(any(name in limit for limit in card.limits) for name in unmet)


@pytest.mark.parametrize("id", SHIPPED)
def test_the_test_figures_of_a_card_are_those_that_the_program_measures(id: str, data_folder: Path) -> None:
    card = card_of(id)
    scorer = load_scorer(MODELS / id, MODELS / "lung-finder", find_devices(threads=1))
    found = evaluate_folder(data_folder / "kermany224" / "test", scorer, jobs=2).evaluation
    told = card.main_evaluation
    assert told is not None and told.role == "test"
    assert found.count == told.count
    assert found.confusion == told.confusion
    assert found.auc.value == pytest.approx(told.auc.value, abs=1e-4)
