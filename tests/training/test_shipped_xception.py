"""The shipped Xception's maps are what automatic differentiation finds in its weights, on real films."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf  # noqa: TID251 - the reference that the exported maps are held against

from cxr_desktop.domain.explanation import Method
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import WEIGHTS_FILE
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.explain.explainer import Explainer, QuestionedFilm
from cxr_desktop.inference.explain.grad_cam import grad_cam_plus_plus
from cxr_desktop.inference.loading import load_explainer
from cxr_desktop.training.architectures import architecture

BUNDLE = Path(__file__).parents[2] / "resources" / "models" / "xception"


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return load_explainer(BUNDLE, BUNDLE.with_name("lung-finder"), [cpu(1)])


@pytest.fixture(scope="module")
def asked(explainer: Explainer, data_folder: Path) -> list[QuestionedFilm]:
    """Three original films of each class."""
    full = data_folder / "kermany_full"
    files = [f for label in ("NORMAL", "PNEUMONIA") for f in sorted((full / label).iterdir())[:3]]
    return [explainer.question(read_radiograph(FilmSource(file))) for file in files]


@pytest.fixture(scope="module")
def by_tape(asked: list[QuestionedFilm]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Values of the map's layer and of the features before it, each with the logit's gradient by them."""
    record = architecture("xception")
    network = record.build(record.input, 1)
    network.load_weights(BUNDLE / WEIGHTS_FILE)
    evidence = network.get_layer("evidence")
    inside = keras.Model(network.input, [evidence.input, evidence.output, network.output["logits"]])
    with tf.GradientTape() as tape:
        *values, logit = inside(np.stack([film.image for film in asked]))
    slopes = tape.gradient(logit, values)
    names = ("features", "evidence")
    return {name: (a.numpy(), g.numpy()) for name, a, g in zip(names, values, slopes, strict=True)}


def by_maximum(evidence: np.ndarray) -> np.ndarray:
    return evidence / max(evidence.max(), 1e-12)


def unheard(done: int, of: int) -> None:
    """Nobody waits."""


def test_the_map_with_the_score_is_grad_cam_of_the_layer_that_its_card_names(
    explainer: Explainer, asked: list[QuestionedFilm], by_tape: dict[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    assert explainer.card.heatmap is not None
    values, slopes = by_tape[explainer.card.heatmap.layer]
    weights = slopes.mean(axis=(1, 2), keepdims=True)
    expected = np.maximum((weights * values).sum(axis=3), 0)
    assert (expected.max(axis=(1, 2)) > 0).sum() >= 3
    for film, map in zip(asked, expected, strict=True):
        found = explainer.explain(film, Method.CAM, unheard).heatmap
        np.testing.assert_allclose(by_maximum(found.evidence), by_maximum(map), atol=1e-3)


def test_grad_cam_plus_plus_is_made_of_the_gradient_that_the_tape_finds(
    explainer: Explainer, asked: list[QuestionedFilm], by_tape: dict[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    for film, values, slope in zip(asked, *by_tape["features"], strict=True):
        found = explainer.explain(film, Method.GRAD_CAM_PLUS_PLUS, unheard).heatmap
        np.testing.assert_allclose(found.evidence, grad_cam_plus_plus(values, slope), atol=1e-3)
