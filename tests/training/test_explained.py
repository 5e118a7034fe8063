"""Each network's heatmap is what automatic differentiation finds, for every kind of network and of output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf  # noqa: TID251 - the reference that the written gradients are held against

from cxr_desktop.domain.model_card import HeatmapSpec, InputSpec
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.explained import ExplainedClassifier, LogitGradient
from cxr_desktop.training.shipped import for_grey_films

TWO = (False, True)
THREE = (False, True, True)


def through(layers: list[Any], x: Any) -> Any:
    for layer in layers:
        x = layer(x, training=False)
    return x


def gradient_by_tape(
    network: Any, behind: int, images: Any, logit_of: Callable[[Any], Any]
) -> tuple[Any, Any]:
    """The feature map that the first `behind` layers make, and the logit's gradient by it."""
    features = through(network.layers[:behind], images)
    with tf.GradientTape() as tape:
        tape.watch(features)
        logit = logit_of(through(network.layers[behind:], features))
    return features.numpy(), tape.gradient(logit, features).numpy()


def grad_cam_by_tape(network: Any, behind: int, images: Any, logit_of: Callable[[Any], Any]) -> Any:
    """Grad-CAM as the paper defines it."""
    features, gradient = gradient_by_tape(network, behind, images, logit_of)
    return np.maximum((gradient.mean(axis=(1, 2), keepdims=True) * features).sum(axis=3), 0)


def input_times_gradient_by_tape(network: Any, images: Any, logit_of: Callable[[Any], Any]) -> Any:
    x = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(x)
        logit = logit_of(network(x, training=False))
    return tf.nn.relu(tf.reduce_sum(x * tape.gradient(logit, x), axis=3)).numpy()


def only_logit(logits: Any) -> Any:
    return logits[:, 0]


def softmax_log_odds(logits: Any) -> Any:
    """Of the scores as they are made, from first to last label, of which all but the first are suspicious."""
    return tf.reduce_logsumexp(logits[:, 1:], axis=1) - logits[:, 0]


def sigmoids_log_odds(logits: Any) -> Any:
    shares = tf.sigmoid(logits)
    shares = shares / tf.reduce_sum(shares, axis=1, keepdims=True)
    suspicious = tf.reduce_sum(shares[:, 1:], axis=1)
    return tf.math.log(suspicious) - tf.math.log(1 - suspicious)


def by_maximum(maps: Any) -> Any:
    return maps / np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-30)


def images_for(spec: InputSpec, count: int = 4) -> Any:
    return np.random.default_rng(8).random((count, spec.height, spec.width, spec.channels), dtype=np.float32)


def with_random_biases(network: Any) -> Any:
    """Trained networks have biases; fresh ones have none, which would hide a mistake."""
    random = np.random.default_rng(2)
    for layer in network.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.bias.assign(random.normal(0, 0.1, layer.bias.shape))
    return network


def assert_same_maps(found: Any, expected: Any) -> None:
    assert (expected.max(axis=(1, 2)) > 0).sum() >= 2  # the comparison is not of empty maps
    np.testing.assert_allclose(by_maximum(np.asarray(found)), by_maximum(expected), atol=1e-3)


@pytest.mark.parametrize(
    ("id", "behind", "size", "suspicious", "log_odds"),
    [
        ("sharma-cnn-deep", 5, 48, TWO, only_logit),
        ("sharma-cnn-deep", 5, 48, THREE, softmax_log_odds),
        ("sharma-cnn-dropout", 7, 48, TWO, only_logit),
        ("mukerjee-cnn", 6, 48, TWO, only_logit),
        ("hussan-cnn", 3, 32, TWO, lambda logits: softmax_log_odds(logits[:, :2])),
        ("hussan-cnn", 3, 32, THREE, lambda logits: softmax_log_odds(logits[:, :3])),
        ("mukherjee-cnn-256", 7, 64, TWO, sigmoids_log_odds),
        ("mukherjee-cnn-256", 7, 64, THREE, sigmoids_log_odds),
    ],
)
def test_convolutions_are_explained_by_grad_cam(
    id: str, behind: int, size: int, suspicious: tuple[bool, ...], log_odds: Callable[[Any], Any]
) -> None:
    keras.utils.set_random_seed(7)
    record = architecture(id)
    spec = replace(record.input, height=size, width=size)
    network = with_random_biases(record.build(spec, record.outputs(len(suspicious))))
    images = images_for(spec)
    explained = ExplainedClassifier(network, suspicious, record.head)
    logit, scores, heatmap, features = explained(images)
    assert explained.graph_outputs == ("logit", "scores", "heatmap", "features")
    gradient = LogitGradient(explained)(features)
    assert explained.features_shape == features.shape[1:] == gradient.shape[1:]
    assert explained.spec == HeatmapSpec("Grad-CAM", network.layers[behind - 1].name)
    assert network.layers[behind - 1].name.startswith("conv")
    np.testing.assert_allclose(logit, log_odds(network(images)), atol=1e-5)
    np.testing.assert_allclose(np.sum(scores, axis=1), 1, atol=1e-6)
    odds = np.sum(np.asarray(scores)[:, 1:], axis=1) / np.asarray(scores)[:, 0]
    np.testing.assert_allclose(logit, np.log(odds), atol=1e-5)
    assert_same_maps(heatmap, grad_cam_by_tape(network, behind, images, log_odds))
    expected_features, expected_gradient = gradient_by_tape(network, behind, images, log_odds)
    np.testing.assert_allclose(features, expected_features, atol=1e-6)
    np.testing.assert_allclose(
        gradient, expected_gradient, atol=1e-6 * np.abs(expected_gradient).max() + 1e-9
    )


@pytest.mark.parametrize(
    ("id", "suspicious", "log_odds"),
    [
        ("sharma-ann", TWO, only_logit),
        ("sharma-ann-dropout", TWO, only_logit),
        ("sharma-ann-l2", THREE, softmax_log_odds),
    ],
)
def test_dense_layers_are_explained_by_the_input_times_the_gradient(
    id: str, suspicious: tuple[bool, ...], log_odds: Callable[[Any], Any]
) -> None:
    keras.utils.set_random_seed(7)
    record = architecture(id)
    record = replace(record, input=replace(record.input, height=20, width=24))
    network = with_random_biases(record.build(record.input, record.outputs(len(suspicious))))
    images = np.repeat(images_for(replace(record.input, channels=1)), 3, axis=3)
    explained = ExplainedClassifier(network, suspicious)
    logit, _, heatmap = explained(images)
    assert explained.spec == HeatmapSpec("input × gradient")
    assert explained.features_shape is None and explained.graph_outputs == ("logit", "scores", "heatmap")
    assert heatmap.shape == (4, 20, 24)
    np.testing.assert_allclose(logit, log_odds(network(images)), atol=1e-5)
    expected = input_times_gradient_by_tape(network, images, log_odds)
    assert_same_maps(heatmap, expected)
    # One channel, whose weights are the sum of the three, says and shows the same.
    grey, view = for_grey_films(record, network)
    folded_logit, _, folded_map = ExplainedClassifier(grey, suspicious)(images[..., :1])
    assert view.channels == 1
    np.testing.assert_allclose(folded_logit, logit, atol=1e-5)
    assert_same_maps(folded_map, expected)


@pytest.mark.parametrize(("suspicious", "log_odds"), [(TWO, only_logit), (THREE, softmax_log_odds)])
def test_a_network_inside_a_network_is_explained_through_its_score(
    suspicious: tuple[bool, ...], log_odds: Callable[[Any], Any]
) -> None:
    keras.utils.set_random_seed(9)
    record = architecture("sharma-xception-deep")
    record = replace(record, input=replace(record.input, height=72, width=72))
    network = with_random_biases(record.build(record.input, record.outputs(len(suspicious))))
    images = np.repeat(images_for(replace(record.input, channels=1)), 3, axis=3)
    # Random weights give films nearly one score; a steeper layer makes the way through it count.
    score = network.layers[2]
    score.kernel.assign(np.asarray(score.kernel) * 2e4)
    explained = ExplainedClassifier(network, suspicious)
    logit, _, heatmap, features = explained(images)
    assert explained.spec == HeatmapSpec("Grad-CAM", "block14_sepconv2_act")
    np.testing.assert_allclose(logit, log_odds(network(images)), atol=1e-4)
    assert_same_maps(heatmap, grad_cam_by_tape(network, 1, images, log_odds))
    _, expected = gradient_by_tape(network, 1, images, log_odds)
    gradient = LogitGradient(explained)(features)
    np.testing.assert_allclose(gradient, expected, atol=1e-3 * np.abs(expected).max())
    grey, view = for_grey_films(record, network)
    assert view.channels == 1
    np.testing.assert_allclose(grey(images[..., :1]), network(images), atol=1e-4)


def test_branches_that_end_in_one_dense_layer_are_explained_by_their_last_map() -> None:
    keras.utils.set_random_seed(3)
    layers = keras.layers
    entrance = keras.Input((24, 24, 1))
    x = layers.Conv2D(4, 3, padding="same")(entrance)
    x = layers.ReLU(name="sum_of_both")(layers.add([x, layers.Conv2D(4, 1)(entrance)]))
    network = keras.Model(entrance, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))
    explained = ExplainedClassifier(network, TWO)
    images = images_for(InputSpec(24, 24))
    logit, _, heatmap, *_ = explained(images)
    features = np.asarray(keras.Model(entrance, x)(images))
    kernel = network.layers[-1].get_weights()[0][:, 0]
    assert explained.spec == HeatmapSpec("Grad-CAM", "sum_of_both")
    np.testing.assert_allclose(logit, network(images)[:, 0], atol=1e-6)
    # Behind average pooling, Grad-CAM is the class activation map.
    assert_same_maps(heatmap, np.maximum(features @ kernel, 0))


@pytest.mark.parametrize(("suspicious", "sign"), [(TWO, 1), ((True, False), -1)])
def test_a_network_with_a_map_of_its_own_shows_it(suspicious: tuple[bool, ...], sign: int) -> None:
    keras.utils.set_random_seed(3)
    layers = keras.layers
    entrance = keras.Input((12, 16, 1))
    x = layers.Conv2D(5, 3)(entrance)  # (B, 10, 14, 5)
    evidence = layers.Conv2D(1, 1, name="evidence")(x)
    network = keras.Model(
        entrance,
        {
            "logits": layers.GlobalAveragePooling2D()(evidence),
            "map": layers.Reshape((10, 14))(evidence),
        },
    )
    images = images_for(InputSpec(12, 16)) - 0.5
    explained = ExplainedClassifier(network, suspicious)
    logit, scores, heatmap, features = (np.asarray(each) for each in explained(images))
    gradient = LogitGradient(explained)(features)
    outputs = network(images)
    np.testing.assert_allclose(features, keras.Model(entrance, x)(images), atol=1e-6)
    slopes = sign * network.get_layer("evidence").kernel[0, 0, :, 0] / 140
    np.testing.assert_allclose(gradient, np.broadcast_to(slopes, (4, 10, 14, 5)), rtol=1e-5)
    assert explained.spec == HeatmapSpec("class activation", "evidence")
    np.testing.assert_allclose(logit, sign * np.asarray(outputs["logits"])[:, 0], atol=1e-6)
    np.testing.assert_allclose(heatmap, np.maximum(sign * np.asarray(outputs["map"]), 0), atol=1e-6)
    assert heatmap.max() > 0
    np.testing.assert_allclose(scores[:, 1], 1 / (1 + np.exp(-sign * logit)), atol=1e-6)
    with pytest.raises(ValueError, match="has one logit"):
        ExplainedClassifier(network, THREE)


def test_a_score_that_is_nearly_one_still_has_its_heatmap() -> None:
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(1, 1),
            layers.GlobalAveragePooling2D(),
            layers.Dense(1, activation="sigmoid"),
            layers.Dense(1),
        ]
    )
    network.set_weights([np.ones(shape) for shape in ((1, 1, 1, 1), (1,), (1, 1), (1,), (1, 1), (1,))])
    network.layers[2].bias.assign([40.0])  # float32's sigmoid is 1 from 17 on
    _, _, heatmap, *_ = ExplainedClassifier(network, TWO)(images_for(InputSpec(6, 6)))
    assert np.asarray(heatmap).max() > 0


def test_a_network_whose_first_class_is_the_suspicious_one_turns_its_logit_round() -> None:
    record = architecture("sharma-cnn-deep")
    spec = replace(record.input, height=40, width=40)
    network = record.build(spec, 1)
    images = images_for(spec)
    forward, *_ = ExplainedClassifier(network, (False, True))(images)
    turned, scores, *_ = ExplainedClassifier(network, (True, False))(images)
    np.testing.assert_allclose(turned, -np.asarray(forward), rtol=1e-6)
    np.testing.assert_allclose(scores[:, 0], 1 / (1 + np.exp(-np.asarray(turned))), atol=1e-6)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([keras.layers.Flatten(), keras.layers.LayerNormalization(), keras.layers.Dense(1)], "LayerNorm"),
        ([keras.layers.GlobalAveragePooling2D()], "without a dense layer"),
        ([keras.layers.Dense(1)], "not flattened"),
        (
            [keras.layers.Flatten(), keras.layers.Dense(2, activation="tanh"), keras.layers.Dense(1)],
            "activation tanh",
        ),
        ([keras.layers.Flatten(), keras.layers.Dense(1, use_bias=False)], "no bias"),
        ([keras.layers.MaxPooling2D(3, strides=2), keras.layers.Flatten(), keras.layers.Dense(1)], "pool"),
    ],
)
def test_a_network_without_a_written_gradient_is_refused(layers: list[Any], words: str) -> None:
    network = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), *layers])
    with pytest.raises(ValueError, match=words):
        ExplainedClassifier(network, TWO)
