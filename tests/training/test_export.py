"""What is exported says and shows what the trained network does."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import pytest
import tensorflow as tf  # noqa: TID251 - the reference that the exported gradient is held against

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import FEATURES
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.training.architectures import ARCHITECTURES, architecture
from cxr_desktop.training.architectures.record import Head
from cxr_desktop.training.explained import ExplainedClassifier, LogitGradient
from cxr_desktop.training.export import write_graph
from cxr_desktop.training.lung_network import LUNG_INPUT, lung_network
from cxr_desktop.training.shipped import for_grey_films, shipped_graph

BUNDLED_RECORD = architecture("lung-cnn")
# As the studies train: a grey film over three channels.
RECORD = architecture("sharma-cnn-deep-aug")
BUNDLED = Path(__file__).parents[2] / "resources" / "models" / "cnn"


def real_films(data_folder: Path, spec: InputSpec) -> np.ndarray:
    """(12, height, width, channels): six films of each class, whole."""
    train = data_folder / "kermany224" / "train"
    files = [f for label in ("NORMAL", "PNEUMONIA") for f in sorted((train / label).iterdir())[::200][:6]]
    return np.stack(
        [model_input(read_radiograph(FilmSource(file)), replace(spec, crop="film")).image for file in files]
    )


def grad_cam_by_tape(network: keras.Sequential, images: np.ndarray, logit_of: object) -> np.ndarray:
    """Grad-CAM as the paper defines it, by automatic differentiation."""
    position = [layer.name for layer in network.layers].index("conv3")
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
    network = BUNDLED_RECORD.build(BUNDLED_RECORD.input, 1)
    network.load_weights(BUNDLED / "model.weights.h5")
    return network


def test_the_bundled_graph_equals_its_weights_in_keras(
    data_folder: Path, bundled_network: keras.Sequential
) -> None:
    images = real_films(data_folder, BUNDLED_RECORD.input)
    found = OnnxEngine(BUNDLED / "model.onnx", [cpu(1)]).run(images)
    logits = bundled_network(images).numpy()[:, 0]
    scores = 1 / (1 + np.exp(-logits.astype(np.float64)))
    np.testing.assert_allclose(found["scores"], np.stack([1 - scores, scores], axis=1), atol=1e-5)
    np.testing.assert_allclose(found["logit"], logits, atol=1e-5, rtol=1e-5)


def test_the_bundled_heatmap_is_grad_cam_of_the_logit(
    data_folder: Path, bundled_network: keras.Sequential
) -> None:
    images = real_films(data_folder, BUNDLED_RECORD.input)
    found = OnnxEngine(BUNDLED / "model.onnx", [cpu(1)]).run(images)["heatmap"]
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


# Up to here a network of Keras' collection has shown all its kinds of layers and of joining them. What
# follows repeats them, and takes a minute to convert.
BEGINNINGS = {"Xception": "block6_sepconv1_act", "ResNet101": "conv3_block2_out"}


def beginning_of(name: str) -> Callable[..., keras.Model]:
    """Makes the first blocks of a network of Keras' collection, as it would make the whole."""
    whole = getattr(keras.applications, name)

    def build(**arguments: Any) -> keras.Model:
        network = whole(**arguments)
        return keras.Model(network.inputs, network.get_layer(BEGINNINGS[name]).output)

    return build


@cache
def exported(build: Any, spec: InputSpec, head: Head, outputs: int) -> tuple[dict[str, Any], ...]:
    """What the shipping engine and Keras say of two grey films; records that share a build share the work."""
    keras.utils.set_random_seed(11)
    record = replace(next(r for r in ARCHITECTURES.values() if r.build is build), input=spec, head=head)
    with pytest.MonkeyPatch.context() as patch:
        for name in BEGINNINGS:
            patch.setattr(keras.applications, name, beginning_of(name))
        network = build(spec, outputs)
        explained, view = shipped_graph(record, network, (False, True))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        write_graph(explained, view.shape, explained.graph_outputs, file)
        images = np.random.default_rng(1).random((2, view.height, view.width, 1), dtype=np.float32)
        found = OnnxEngine(file, [cpu(1)]).run(images)
    assert view == replace(spec, channels=1)
    wide = np.repeat(images, 3, axis=3)  # as the network was trained: not folded, not exported
    as_trained = ExplainedClassifier(network, (False, True), head)
    heard = zip(as_trained.graph_outputs, as_trained(wide), strict=True)
    return found, {name: np.asarray(value) for name, value in heard}


@pytest.mark.parametrize(
    "id", sorted(id for id, record in ARCHITECTURES.items() if record.input.channels == 3)
)
def test_every_exported_network_says_and_shows_what_it_does_in_keras(id: str) -> None:
    record = architecture(id)
    # Nothing but sizes depends on the input's; small ones are exported in a fraction of the time.
    spec = replace(record.input, height=72, width=80)
    found, expected = exported(record.build, spec, record.head, record.outputs(2))
    assert list(found) == list(expected) and list(found)[:3] == ["logit", "scores", "heatmap"]
    assert found["logit"].shape == (2,) and found["scores"].shape == (2, 2)
    np.testing.assert_allclose(found["logit"].reshape(-1), expected["logit"], atol=1e-4)
    np.testing.assert_allclose(found["scores"], expected["scores"], atol=1e-5)
    assert found["heatmap"].shape == expected["heatmap"].shape
    np.testing.assert_allclose(by_maximum(found["heatmap"]), by_maximum(expected["heatmap"]), atol=1e-3)
    for name in list(expected)[3:]:  # features, (batch, rows, columns, channels)
        largest = np.abs(expected[name]).max()
        np.testing.assert_allclose(found[name], expected[name], atol=1e-4 * largest + 1e-9)


def test_several_classes_are_exported_with_a_score_each(tmp_path: Path) -> None:
    keras.utils.set_random_seed(5)
    spec = replace(RECORD.input, height=40, width=40)
    network = RECORD.build(spec, 4)
    explained = ExplainedClassifier(network, (False, True, False, True))
    write_graph(explained, spec.shape, explained.graph_outputs, tmp_path / "model.onnx")
    images = np.random.default_rng(1).random((3, 40, 40, 3), dtype=np.float32)
    found = OnnxEngine(tmp_path / "model.onnx", [cpu(1)]).run(images)
    odds = found["scores"][:, [1, 3]].sum(axis=1) / found["scores"][:, [0, 2]].sum(axis=1)
    np.testing.assert_allclose(found["logit"], np.log(odds), atol=1e-5)
    np.testing.assert_allclose(found["heatmap"], explained(images)[2], atol=1e-5)


def test_a_network_with_a_map_of_its_own_is_exported_with_it(tmp_path: Path) -> None:
    keras.utils.set_random_seed(5)
    layers = keras.layers
    entrance = keras.Input((16, 16, 1))
    evidence = layers.Conv2D(1, 1)(layers.Conv2D(5, 3)(entrance))
    logits = layers.GlobalAveragePooling2D()(evidence)
    network = keras.Model(entrance, {"logits": logits, "map": layers.Reshape((14, 14))(evidence)})
    explained = ExplainedClassifier(network, (False, True))
    write_graph(explained, (16, 16, 1), explained.graph_outputs, tmp_path / "model.onnx")
    images = np.random.default_rng(1).random((3, 16, 16, 1), dtype=np.float32) - 0.5
    found = OnnxEngine(tmp_path / "model.onnx", [cpu(1)]).run(images)
    expected = network(images)
    np.testing.assert_allclose(found["logit"], expected["logits"][:, 0], atol=1e-5)
    np.testing.assert_allclose(found["heatmap"], np.maximum(expected["map"], 0), atol=1e-5)


def test_the_last_feature_map_keeps_its_name_and_its_gradient_is_a_graph_of_its_own(
    tmp_path: Path,
) -> None:
    keras.utils.set_random_seed(5)
    view = replace(RECORD.input, height=41, width=47, channels=1)
    explained = ExplainedClassifier(RECORD.build(view, 1), (False, True))
    write_graph(explained, view.shape, explained.graph_outputs, tmp_path / "model.onnx", hidden=FEATURES)
    gradient = LogitGradient(explained)
    write_graph(
        gradient, explained.features_shape, ["gradient"], tmp_path / "gradient.onnx", entrance=FEATURES
    )
    images = np.random.default_rng(1).random((3, *view.shape), dtype=np.float32)
    assert list(OnnxEngine(tmp_path / "model.onnx", [cpu(1)]).run(images)) == ["logit", "scores", "heatmap"]
    graph = onnx.load(tmp_path / "model.onnx")
    assert FEATURES in {name for node in graph.graph.node for name in node.output}
    graph.graph.output.append(onnx.ValueInfoProto(name=FEATURES))
    onnx.save(graph, tmp_path / "asked.onnx")
    features = OnnxEngine(tmp_path / "asked.onnx", [cpu(1)]).run(images)[FEATURES]
    np.testing.assert_allclose(features, explained(images)[3], atol=1e-5)
    found = OnnxEngine(tmp_path / "gradient.onnx", [cpu(1)]).run(features)["gradient"]
    np.testing.assert_allclose(found, gradient(features), atol=1e-6)
    assert np.abs(found).max() > 1e-5


def test_the_lung_finders_graph_equals_keras_and_is_lean(tmp_path: Path) -> None:
    keras.utils.set_random_seed(6)
    model = lung_network()
    write_graph(model, LUNG_INPUT.shape, ["mask"], tmp_path / "model.onnx")
    images = np.random.default_rng(3).random((5, 128, 128, 1), dtype=np.float32)
    found = OnnxEngine(tmp_path / "model.onnx", [cpu(1)]).run(images)["mask"]
    np.testing.assert_allclose(found, model(images, training=False).numpy(), atol=1e-4)
    kinds = {node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node}
    assert not kinds & {"BatchNormalization", "Tile", "Dropout", "Loop"}


def test_the_bundled_graphs_take_any_batch_and_name_no_place_on_a_disk() -> None:
    for id, outputs in (("cnn", ["logit", "scores", "heatmap"]), ("lung-finder", ["mask"])):
        graph = onnx.load(BUNDLED.parent / id / "model.onnx")
        (image,) = graph.graph.input
        assert image.name == "image"
        assert [value.name for value in graph.graph.output] == outputs
        for value in (image, *graph.graph.output):
            assert value.type.tensor_type.shape.dim[0].dim_param == "batch"
        assert not graph.metadata_props and not graph.graph.doc_string
