"""What the figures mean, for any number of labels, and what happens to figures that mean nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxr_desktop.domain.calibration import Calibration
from cxr_desktop.domain.errors import EngineError
from cxr_desktop.domain.header import FilmHeader
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
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.inference.devices import Device, cpu
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer

PROVENANCE = Provenance("drawn", "nothing", "2026-11-21")
LUNG_CARD = LungFinderCard(
    "lungs", "1", "Lungs", InputSpec(64, 64), Estimate(0.9, 0.9, 0.9), PROVENANCE, "MIT", {}
)
CARD = ModelCard(
    id="three",
    version="1",
    name="Three labels",
    labels=(Label("VIRUS", True), Label("NORMAL", False), Label("BACTERIA", True)),
    input=InputSpec(32, 32, 3),
    heatmap=HeatmapSpec("Grad-CAM"),
    calibration=Calibration(slope=0.5),
    operating_points=(OperatingPoint("balanced", 0.6, 0.95, 0.9),),
    population=Population("anyone"),
    provenance=PROVENANCE,
    licence="MIT",
    files={},
)
FIGURES = {
    "logit": np.array([2.0], np.float32),
    "scores": np.array([[0.5, 0.25, 0.25]], np.float32),
    "heatmap": np.ones((1, 4, 4), np.float32),
}


class Says:
    """A network that gives the same whatever it is shown."""

    device: Device = cpu(1)

    def __init__(self, outputs: dict[str, np.ndarray]) -> None:
        self.outputs = outputs

    def run(self, images: np.ndarray) -> dict[str, np.ndarray]:
        return self.outputs


def scorer_of(outputs: dict[str, np.ndarray], films: int = 1) -> Scorer:
    mask = np.zeros((films, 64, 64), np.float32)
    mask[:, 12:52, 8:28] = mask[:, 12:52, 36:56] = 1
    return Scorer(CARD, Says(outputs), LungFinder(LUNG_CARD, Says({"mask": mask})))


@pytest.fixture
def film() -> Radiograph:
    values = np.tile(np.linspace(20, 230, 120), (120, 1)).astype(np.uint8)
    return Radiograph(values, (picture_window(values),))


def test_the_score_is_the_sum_over_all_suspicious_labels(film: Radiograph) -> None:
    prediction = scorer_of(FIGURES).score([film])[0].prediction
    assert prediction.score == pytest.approx(0.75)


def test_the_probability_is_the_calibrated_one_and_decides_at_the_operating_point(film: Radiograph) -> None:
    prediction = scorer_of(FIGURES).score([film])[0].prediction
    assert prediction.probability == pytest.approx(1 / (1 + np.exp(-0.5 * 2.0)))
    assert prediction.operating_point == 0.6
    assert prediction.suspected is True
    calm = scorer_of(FIGURES | {"logit": np.array([0.5], np.float32)}).score([film])[0].prediction
    assert calm.suspected is False


@pytest.mark.parametrize(
    ("output", "values", "said"),
    [
        ("logit", np.array([np.nan], np.float32), "no number"),
        ("scores", np.array([[np.nan, 0.5, 0.5]], np.float32), "no number"),
        ("heatmap", np.full((1, 4, 4), np.nan, np.float32), "no number"),
        ("scores", np.array([[0.5, 0.5]], np.float32), "what its card says"),
        ("logit", np.array([1.0, 2.0], np.float32), "what its card says"),
    ],
)
def test_figures_that_are_not_what_the_card_promises_are_refused(
    film: Radiograph, output: str, values: np.ndarray, said: str
) -> None:
    with pytest.raises(EngineError, match=said):
        scorer_of(FIGURES | {output: values}).score([film])


def test_a_network_without_the_promised_outputs_is_refused_in_words(film: Radiograph) -> None:
    with pytest.raises(EngineError, match="what its card says"):
        scorer_of({"dense_1": np.zeros((1, 2), np.float32)}).score([film])


def test_a_network_without_the_map_that_its_card_promises_is_refused_in_words(film: Radiograph) -> None:
    figures = {name: value for name, value in FIGURES.items() if name != "heatmap"}
    with pytest.raises(EngineError, match="no map of its evidence"):
        scorer_of(figures).score([film])


def test_the_network_is_shown_only_films_that_are_in_scope(film: Radiograph) -> None:
    side_view = replace(film, header=FilmHeader(view_position="LL"))
    scorer_of({}).score([side_view])  # nothing is asked of the network
    first, second, third = scorer_of(FIGURES, films=3).score([side_view, film, side_view])
    assert second.prediction.probability is not None
    assert second.heatmap is not None
    for refused in (first, third):
        assert refused.prediction.probability is None
        assert refused.heatmap is None


def test_a_heatmap_of_nought_is_no_evidence(film: Radiograph) -> None:
    nothing = np.zeros((1, 4, 4), np.float32)
    judgement = scorer_of(FIGURES | {"heatmap": nothing}).score([film])[0]
    assert judgement.heatmap is not None
    assert not judgement.heatmap.has_evidence
    assert judgement.prediction.evidence_in_lungs is None


def test_each_label_has_the_networks_score_in_the_order_of_the_card(film: Radiograph) -> None:
    prediction = scorer_of(FIGURES).score([film])[0].prediction
    assert [(each.label, each.score) for each in prediction.label_scores] == [
        ("VIRUS", 0.5),
        ("NORMAL", 0.25),
        ("BACTERIA", 0.25),
    ]
    hair_above = np.array([[np.nextafter(np.float32(1), np.float32(2)), 0, 0]], np.float32)
    assert scorer_of(FIGURES | {"scores": hair_above}).score([film])[0].prediction.label_scores[0].score == 1


def test_with_two_labels_there_are_no_scores_beside_the_one(film: Radiograph) -> None:
    two = scorer_of(FIGURES | {"scores": np.array([[0.25, 0.75]], np.float32)})
    two.card = replace(CARD, labels=(Label("NORMAL", False), Label("PNEUMONIA", True)))
    prediction = two.score([film])[0].prediction
    assert prediction.score == 0.75
    assert prediction.label_scores == ()


@pytest.mark.parametrize("scores", [[0.5, 0.5, 0.5], [-0.25, 1.0, 0.25]])
def test_label_scores_that_are_no_shares_of_one_are_refused(film: Radiograph, scores: list[float]) -> None:
    with pytest.raises(EngineError, match="add up to one"):
        scorer_of(FIGURES | {"scores": np.array([scores], np.float32)}).score([film])
