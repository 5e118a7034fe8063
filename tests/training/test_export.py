"""What is exported says and shows what the trained network does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest
import tensorflow as tf  # noqa: TID251 - the reference that the exported gradient is held against

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.explained import ExplainedClassifier, last_convolution
from cxr_desktop.training.export import write_graph
from cxr_desktop.training.lung_network import LUNG_INPUT, lung_network
from cxr_desktop.training.package import for_grey_films

RECORD = architecture("sharma-cnn-deep-aug")
BUNDLED = Path(__file__).parents[2] / "resources" / "models" / RECORD.id


def real_films(data_folder: Path, spec: InputSpec) -> np.ndarray:
    """(12, height, width, channels): six held-out films of each class."""
    train = data_folder / "kermany224" / "train"
    files = [f for label in ("NORMAL", "PNEUMONIA") for f in sorted((train / label).iterdir())[::200][:6]]
    return np.stack([model_input(read_radiograph(FilmSource(file)), spec).image for file in files])


def grad_cam_by_tape(network: keras.Sequential, images: np.ndarray, logit_of: object) -> np.ndarray:
    """Grad-CAM as the paper defines it, by automatic differentiation."""
    position = last_convolution(network)
    features = images
    for layer in network.layers[: position + 1]:
        features = layer(features)
    with tf.GradientTape() as tape:
        tape.watch(features)
        x = features
        for layer in network.layers[position + 1 :]:
            x = layer(x)
        logit = logit_of(x)  # type: ignore[operator]
    weights = tf.reduce_mean(tape.gradient(logit, features), axis=(1, 2), keepdims=True)
    return tf.nn.relu(tf.reduce_sum(weights * features, axis=3)).numpy()


def by_maximum(maps: np.ndarray) -> np.ndarray:
    return maps / np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-12)


@pytest.fixture(scope="module")
def bundled_network() -> keras.Sequential:
    network = RECORD.build(RECORD.input, 1)
    network.load_weights(BUNDLED / "model.weights.h5")
    return network


def test_the_bundled_graph_equals_its_weights_in_keras(
    data_folder: Path, bundled_network: keras.Sequential
) -> None:
    images = real_films(data_folder, RECORD.input)
    found = OnnxEngine(BUNDLED / "model.onnx", [cpu(1)]).run(images[..., :1])
    logits = bundled_network(images).numpy()[:, 0]
    scores = 1 / (1 + np.exp(-logits.astype(np.float64)))
    np.testing.assert_allclose(found["scores"], np.stack([1 - scores, scores], axis=1), atol=1e-5)
    np.testing.assert_allclose(found["logit"], logits, atol=1e-5, rtol=1e-5)


def test_the_bundled_heatmap_is_grad_cam_of_the_logit(
    data_folder: Path, bundled_network: keras.Sequential
) -> None:
    images = real_films(data_folder, RECORD.input)
    found = OnnxEngine(BUNDLED / "model.onnx", [cpu(1)]).run(images[..., :1])["heatmap"]
    expected = grad_cam_by_tape(bundled_network, images, lambda logits: logits[:, 0])
    assert found.shape == (12, 28, 28)
    assert (expected.max(axis=(1, 2)) > 0).sum() >= 6  # the comparison is not of empty maps
    np.testing.assert_allclose(by_maximum(found), by_maximum(expected), atol=1e-3)


def test_a_network_for_grey_films_says_the_same_from_a_third_of_the_input() -> None:
    keras.utils.set_random_seed(4)
    network = RECORD.build(RECORD.input, 1)
    shipped, view = for_grey_films(RECORD, network)
    grey = np.random.default_rng(3).random((3, 128, 128, 1), dtype=np.float32)
    assert view == replace(RECORD.input, channels=1)
    np.testing.assert_allclose(shipped(grey), network(np.repeat(grey, 3, axis=3)), atol=1e-5)


def test_with_several_classes_the_logit_is_the_log_odds_of_the_suspicious_ones(tmp_path: Path) -> None:
    keras.utils.set_random_seed(5)
    network = RECORD.build(RECORD.input, 4)
    suspicious = (False, True, False, True)
    write_graph(
        ExplainedClassifier(network, suspicious),
        RECORD.input,
        ("logit", "scores", "heatmap"),
        tmp_path / "model.onnx",
    )
    images = np.random.default_rng(1).random((3, 128, 128, 3), dtype=np.float32)
    found = OnnxEngine(tmp_path / "model.onnx", [cpu(1)]).run(images)
    odds = found["scores"][:, [1, 3]].sum(axis=1) / found["scores"][:, [0, 2]].sum(axis=1)
    np.testing.assert_allclose(found["logit"], np.log(odds), atol=1e-5)

    def log_odds(logits: tf.Tensor) -> tf.Tensor:
        of = [tf.reduce_logsumexp(tf.gather(logits, at, axis=1), axis=1) for at in ([1, 3], [0, 2])]
        return of[0] - of[1]

    expected = grad_cam_by_tape(network, images, log_odds)
    np.testing.assert_allclose(by_maximum(found["heatmap"]), by_maximum(expected), atol=1e-3)


def test_a_network_whose_first_class_is_the_suspicious_one_turns_its_logit_round() -> None:
    network = RECORD.build(RECORD.input, 1)
    images = np.random.default_rng(2).random((2, 128, 128, 3), dtype=np.float32)
    forward, _, _ = ExplainedClassifier(network, (False, True))(images)
    turned, scores, _ = ExplainedClassifier(network, (True, False))(images)
    np.testing.assert_allclose(turned, -np.asarray(forward), rtol=1e-6)
    np.testing.assert_allclose(scores[:, 0], 1 / (1 + np.exp(-np.asarray(turned))), atol=1e-6)


def test_a_layer_without_a_written_gradient_is_refused() -> None:
    network = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization()]
    )
    with pytest.raises(ValueError, match="BatchNormalization"):
        ExplainedClassifier(network, (False, True))


def test_the_lung_finders_graph_equals_keras_and_is_lean(tmp_path: Path) -> None:
    keras.utils.set_random_seed(6)
    model = lung_network()
    write_graph(model, LUNG_INPUT, ["mask"], tmp_path / "model.onnx")
    images = np.random.default_rng(3).random((5, 128, 128, 1), dtype=np.float32)
    found = OnnxEngine(tmp_path / "model.onnx", [cpu(1)]).run(images)["mask"]
    np.testing.assert_allclose(found, model(images, training=False).numpy(), atol=1e-4)
    kinds = {node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node}
    assert not kinds & {"BatchNormalization", "Tile", "Dropout", "Loop"}


def test_the_bundled_graphs_take_any_batch_and_name_no_place_on_a_disk() -> None:
    for id, outputs in ((RECORD.id, ["logit", "scores", "heatmap"]), ("lung-finder", ["mask"])):
        graph = onnx.load(BUNDLED.parent / id / "model.onnx")
        (image,) = graph.graph.input
        assert image.name == "image"
        assert [value.name for value in graph.graph.output] == outputs
        for value in (image, *graph.graph.output):
            assert value.type.tensor_type.shape.dim[0].dim_param == "batch"
        assert not graph.metadata_props and not graph.graph.doc_string
