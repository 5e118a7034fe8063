"""A card survives its file and says what is wrong with a bad one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.calibration import Calibration, Interval, ReliabilityBin
from cxr_desktop.domain.card_file import card_from_json, card_to_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import (
    Estimate,
    HeatmapSpec,
    InputSpec,
    Label,
    LungFinderCard,
    ModelCard,
    OperatingPoint,
    Provenance,
)
from cxr_desktop.domain.population import Population

CARD = ModelCard(
    id="tiny",
    version="1.0",
    name="Tiny",
    labels=(Label("NORMAL", False), Label("PNEUMONIA", True)),
    input=InputSpec(128, 128, 3),
    heatmap=HeatmapSpec("Grad-CAM", "conv"),
    calibration=Calibration(0.5, 0.1, bins=(ReliabilityBin(0, 0.5, 10, 1), ReliabilityBin(0.5, 1, 0, 0))),
    operating_points=(OperatingPoint("default", 0.6, 0.95, 0.9),),
    population=Population("children", 1, 5),
    provenance=Provenance("sharma-cnn-deep-aug", "drawn films", "2026-11-21", {"seed": 1}),
    licence="MIT",
    files={"model.onnx": "0" * 64},
)


def test_a_card_comes_back_from_its_file_as_it_was() -> None:
    assert card_from_json(card_to_json(CARD)) == CARD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 99}, "schema 99"),
        ({"kind": "oracle"}, "'oracle'"),
        ({"labels": []}, "suspicious"),
        ({"operating_points": []}, "operating point"),
        ({"input": {"height": 0, "width": 1}}, "network input"),
        ({"calibration": {"slope": "steep"}}, "slope"),
        ({"calibration": {"slope": -1.0}}, "slope above 0"),
        (
            {"operating_points": [{"name": "x", "threshold": 62.0, "sensitivity": 1, "specificity": 1}]},
            "62.0",
        ),
        ({"labels": [{"name": "A", "suspicious": s} for s in (True, False)]}, "different names"),
    ],
)
def test_a_wrong_card_is_refused_with_its_reason(change: dict[str, object], said: str) -> None:
    raw = json.loads(card_to_json(CARD)) | change
    with pytest.raises(BundleError, match=said):
        card_from_json(json.dumps(raw).encode())


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (
            lambda raw: raw["operating_points"][0].pop("threshold"),
            r"“operating_points\[0\]\.threshold”.*missing",
        ),
        (lambda raw: raw.pop("name"), "“name”.*missing"),
        (lambda raw: raw["input"].update(height="128"), r"“input\.height”.*expected `int`, got `str`"),
        (lambda raw: raw["input"].update(hight=128), r"“input\.hight”.*does not know"),
        (lambda raw: raw["operating_points"][0].update(treshold=1), r"“operating_points\[0\]\.treshold”"),
        (lambda raw: raw["heatmap"].update(colour="red"), r"“heatmap\.colour”"),
        (lambda raw: raw.update(author="me"), "“author”"),
    ],
)
def test_a_field_that_is_missing_mistyped_or_unknown_is_named_with_its_path(
    break_it: Callable[[dict[str, Any]], object], said: str
) -> None:
    raw = json.loads(card_to_json(CARD))
    break_it(raw)
    with pytest.raises(BundleError, match=said):
        card_from_json(json.dumps(raw).encode())


FIGURE = {"value": 0.9, "low": 0.8, "high": 1.0}
EVALUATION = {
    "films": "ten",
    "count": 10,
    **dict.fromkeys(("accuracy", "sensitivity", "specificity", "auc"), FIGURE),
    "confusion": [[4, 1], [0, 5]],
}
POINT = {"name": "x", "threshold": 0.5, "sensitivity": 0.9, "specificity": 0.9}
BIN = {"low": 0.0, "high": 0.5, "films": 4, "suspicious": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"evaluations": [EVALUATION | {"auc": FIGURE | {"value": 0.7}}]}, r"evaluations\[0\]\.auc”.*value"),
        ({"evaluations": [EVALUATION | {"auc": FIGURE | {"high": 1.2}}]}, r"evaluations\[0\]”.*auc\.high"),
        ({"evaluations": [EVALUATION | {"count": 11}]}, r"evaluations\[0\]”.*confusion must add up to count"),
        ({"evaluations": [EVALUATION | {"confusion": [[-1, 6], [0, 5]]}]}, "confusion"),
        ({"evaluations": [EVALUATION | {"calibration_error": 2}]}, "calibration_error"),
        ({"operating_points": [POINT | {"sensitivity": 1.5}]}, r"operating_points\[0\]”.*sensitivity"),
        (
            {"operating_points": [POINT | {"sensitivity_interval": {"low": 0.1, "high": 0.2}}]},
            "sensitivity must lie within its interval",
        ),
        (
            {"operating_points": [POINT | {"sensitivity_interval": {"low": 0.95, "high": 0.2}}]},
            r"operating_points\[0\]\.sensitivity_interval”.*low at most high",
        ),
        ({"operating_points": [POINT, POINT | {"name": "X"}]}, "operating_points must have different names"),
        ({"calibration": {"bins": [BIN | {"suspicious": 5}]}}, r"calibration\.bins\[0\]”.*suspicious"),
        ({"calibration": {"bins": [BIN | {"high": 1.5}]}}, r"calibration\.bins\[0\]”.*high"),
        ({"calibration": {"bins": [BIN, BIN | {"low": 0.4, "high": 1}]}}, "calibration”.*bins must touch"),
        (
            {"population": {"description": "x", "min_age_years": 6, "max_age_years": 5}},
            "population”.*min_age",
        ),
        ({"population": {"description": "x", "age_ranges": [[1, 5], [-3, None]]}}, "population”.*age_ranges"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_with_its_fields_name(
    change: dict[str, object], said: str
) -> None:
    raw = json.loads(card_to_json(CARD)) | {"evaluations": [EVALUATION]}
    card_from_json(json.dumps(raw).encode())
    with pytest.raises(BundleError, match=said):
        card_from_json(json.dumps(raw | change).encode())


def test_a_population_may_have_groups_of_ages_with_a_gap_between_them() -> None:
    groups = Population("children and adults", age_ranges=((1, 5), (18, None)))
    card = replace(CARD, population=groups)
    assert card_from_json(card_to_json(card)) == card
    assert [age for age in (0.5, 1, 5.9, 6, 17.9, 18, 99) if groups.includes(age)] == [1, 5.9, 18, 99]
    old = json.loads(card_to_json(CARD))
    del old["population"]["age_ranges"]
    assert card_from_json(json.dumps(old).encode()).population.ages == ((1, 5),)


def test_what_a_recipe_holds_is_free() -> None:
    raw = json.loads(card_to_json(CARD))
    raw["provenance"]["recipe"] = {"anything": {"at": ["all"]}}
    card = card_from_json(json.dumps(raw).encode())
    assert card.provenance.recipe == {"anything": {"at": ["all"]}}


def test_a_card_without_intervals_loads_and_one_with_them_comes_back() -> None:
    raw = json.loads(card_to_json(CARD))
    for point in raw["operating_points"]:
        del point["sensitivity_interval"], point["specificity_interval"]
    assert card_from_json(json.dumps(raw).encode()) == CARD
    with_interval = replace(CARD.operating_point, sensitivity_interval=Interval(0.93, 0.97))
    card = replace(CARD, operating_points=(with_interval,))
    assert card_from_json(card_to_json(card)) == card


def test_the_share_of_suspicious_films_is_that_of_all_bins_together() -> None:
    assert CARD.calibration.share == pytest.approx(0.1)
    assert Calibration().share is None
    assert Calibration(bins=(ReliabilityBin(0, 1, 5, 5),)).share is None


def test_an_operating_point_is_found_by_name_in_any_case() -> None:
    assert CARD.point_named(" Default ") is CARD.operating_point
    assert CARD.point_named("youden") is None
    assert CARD.point_at(0.6) is CARD.operating_point


@pytest.mark.parametrize(
    "spec", [InputSpec(128, 128, 3), InputSpec(128, 128, low=-1), InputSpec(9, 9, crop="lungs")]
)
def test_a_lung_finder_sees_the_whole_film_in_grey(spec: InputSpec) -> None:
    good = LungFinderCard(
        "lungs", "1", "Lungs", InputSpec(128, 128), Estimate(0.9, 0.8, 1), CARD.provenance, "MIT", {}
    )
    assert card_from_json(card_to_json(good)) == good
    with pytest.raises(ValueError, match="whole film"):
        replace(good, input=spec)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"{}", b'{"schema": 1}'])
def test_what_is_no_card_is_refused(data: bytes) -> None:
    with pytest.raises(BundleError):
        card_from_json(data)


@given(st.floats(-2000, 2000), st.floats(0.01, 10), st.floats(-5, 5))
def test_a_calibrated_probability_is_one_for_every_logit(
    logit: float, slope: float, intercept: float
) -> None:
    calibration = Calibration(slope, intercept)
    probability = calibration.probability(logit)
    assert 0 <= probability <= 1
    assert calibration.probability(logit + 1) >= probability


def test_without_calibration_a_probability_is_the_sigmoid() -> None:
    assert Calibration().probability(1.5) == pytest.approx(1 / (1 + math.exp(-1.5)))


def test_a_probability_finds_its_bin_and_an_empty_bin_says_nothing() -> None:
    assert CARD.calibration.bin_of(0.2) == ReliabilityBin(0, 0.5, 10, 1)
    assert CARD.calibration.bin_of(0.5) is None
    full = Calibration(bins=(ReliabilityBin(0.5, 1, 4, 4),))
    assert full.bin_of(1.0) == ReliabilityBin(0.5, 1, 4, 4)
