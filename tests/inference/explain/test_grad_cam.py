"""Grad-CAM++ is the paper's formula, and never a map that is no map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf  # noqa: TID251 - the reference that the written gradient is held against
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.explain.grad_cam import GradCamPlusPlus, grad_cam_plus_plus
from tests.training.small_bundle import SIDE, small_network

LAST_FEATURES = 3  # the small network's layers up to its second convolution


def by_the_paper(features: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Equations 10, 19 and 12 of 1710.11063, one position after the other.

    The score Y is the logit's exponential: with g the logit's gradient, its derivatives are Y·g, Y·g², Y·g³.
    """
    rows, columns, channels = features.shape
    weights = np.zeros(channels)
    for k in range(channels):
        total = sum(features[a, b, k] for a in range(rows) for b in range(columns))
        for i in range(rows):
            for j in range(columns):
                first, second, third = (float(gradient[i, j, k]) ** power for power in (1, 2, 3))
                below = 2 * second + total * third
                alpha = second / below if below != 0 else 0.0
                weights[k] += alpha * max(first, 0)
    found = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            found[i, j] = max(sum(weights[k] * features[i, j, k] for k in range(channels)), 0)
    return found


def test_it_is_the_papers_formula_on_the_gradient_that_automatic_differentiation_finds(
    small_bundle: Path,
) -> None:
    image = np.random.default_rng(4).random((SIDE, SIDE, 1), dtype=np.float32)
    network = small_network()
    features = tf.convert_to_tensor(image[None])
    for layer in network.layers[:LAST_FEATURES]:
        features = layer(features)
    with tf.GradientTape() as tape:
        tape.watch(features)
        logit = features
        for layer in network.layers[LAST_FEATURES:]:
            logit = layer(logit)
    gradient = tape.gradient(logit, features)[0].numpy()
    expected = by_the_paper(features[0].numpy(), gradient)
    assert expected.max() > 0
    found = GradCamPlusPlus(open_classifier(small_bundle), [cpu(1)]).evidence(image)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found / found.max(), expected / expected.max(), atol=1e-3)


def test_behind_average_pooling_each_channel_weighs_what_can_be_worked_out_by_hand() -> None:
    features = np.random.default_rng(1).random((3, 4, 3), dtype=np.float32)
    head = np.array([2.0, -1.0, 0.5], np.float32)
    gradient = np.broadcast_to(head / 12, features.shape).astype(np.float32)
    # Each of 12 positions has the same share, 1 / (2 + ΣA · w/12), of the same gradient, w/12.
    weights = np.maximum(head, 0) / (2 + features.mean(axis=(0, 1)) * head)
    expected = features @ weights
    np.testing.assert_allclose(grad_cam_plus_plus(features, gradient), expected / expected.max(), rtol=1e-5)


@settings(max_examples=50)
@given(
    arrays(np.float32, (3, 2, 2), elements=st.floats(0, 2.0**127, width=32)),
    arrays(np.float32, (3, 2, 2), elements=st.floats(-(2.0**127), 2.0**127, width=32)),
)
def test_whatever_comes_it_is_a_map_from_0_to_1_and_empty_only_where_nothing_speaks(
    features: np.ndarray, gradient: np.ndarray
) -> None:
    found = grad_cam_plus_plus(features, gradient)
    assert found.shape == (3, 2)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert found.min() >= 0
    speaks = ((gradient > 0).any(axis=(0, 1)) & (features > 0).any(axis=(0, 1))).any()
    assert found.max() == (1 if speaks else 0)


@settings(max_examples=50)
@given(
    arrays(np.float32, (2, 2, 2), elements=st.floats(-(2.0**127), 2.0**127, width=32)),
    arrays(np.float32, (2, 2, 2), elements=st.floats(-(2.0**127), 2.0**127, width=32)),
)
def test_features_that_may_be_negative_give_a_map_too(features: np.ndarray, gradient: np.ndarray) -> None:
    found = grad_cam_plus_plus(features, gradient)
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.max() in (0, 1)
