"""Feature maps are what Keras' own layers give, under their own names."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.explanation import FeatureMap
from cxr_desktop.inference.bundle import WEIGHTS_FILE
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.explain.feature_maps import FeatureMaps
from cxr_desktop.inference.explain.graph import graph_giving, values_of
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.architectures import architecture
from tests.training.small_bundle import SIDE, small_network
from tests.training.tiny_bundle import write_tiny_bundle

BUNDLED_LAYERS = [
    ("conv1", "convolution", (32, 126, 126)),
    ("pool1", "pooling", (32, 63, 63)),
    ("conv2", "convolution", (64, 61, 61)),
    ("pool2", "pooling", (64, 30, 30)),
    ("conv3", "convolution", (128, 28, 28)),
    ("pool3", "pooling", (128, 14, 14)),
]


def image_of(side: int) -> np.ndarray:
    return np.random.default_rng(2).random((side, side, 1), dtype=np.float32)


def assert_as_in_keras(maps: tuple[FeatureMap, ...], network: keras.Model, image: np.ndarray) -> None:
    inside = keras.Model(network.inputs[0], [layer.output for layer in network.layers[: len(maps)]])
    for found, expected in zip(maps, inside(image[None]), strict=True):
        # (1, rows, columns, channels) -> (channels, rows, columns)
        np.testing.assert_allclose(found.channels, np.transpose(expected[0], (2, 0, 1)), atol=1e-4)
        assert found.channels.max() > 0


def test_the_bundled_network_has_three_convolutions_and_three_poolings(classifier_folder: Path) -> None:
    image = image_of(128)
    maps = FeatureMaps(classifier_folder / "model.onnx", [cpu(1)]).of(image)
    assert [(each.layer, each.kind, each.channels.shape) for each in maps] == BUNDLED_LAYERS
    record = architecture("lung-cnn")
    network = record.build(record.input, 1)
    network.load_weights(classifier_folder / WEIGHTS_FILE)
    assert_as_in_keras(maps, network, image)


def test_separable_convolutions_and_layers_numbered_by_keras_keep_their_names(small_bundle: Path) -> None:
    image = image_of(SIDE)
    maps = FeatureMaps(small_bundle / "model.onnx", [cpu(1)]).of(image)
    assert [each.kind for each in maps] == ["convolution", "pooling"] * 2
    conv1, first_pool, fine_2, second_pool = (each.layer for each in maps)
    assert (conv1, fine_2) == ("conv1", "fine_2")
    # Keras goes on counting layers without a name of their own, whatever else it has built before.
    assert {first_pool, second_pool} < {"max_pooling2d", *(f"max_pooling2d_{n}" for n in range(1, 1000))}
    assert_as_in_keras(maps, small_network(), image)


def test_the_layers_of_the_shipped_xception_are_listed_once_each_up_to_its_map() -> None:
    maps = FeatureMaps(resources_folder() / "models" / "xception" / "model.onnx", [cpu(1)]).of(image_of(128))
    names = [each.layer for each in maps]
    assert len(set(names)) == len(names)
    assert [names[0], names[-2], names[-1]] == ["block1_conv1", "block14_sepconv2", "evidence"]
    assert maps[-1].channels.shape[0] == 1


def test_convolutions_without_a_name_of_their_own_are_each_listed(tmp_path: Path) -> None:
    kernel = helper.make_tensor("kernel", TensorProto.FLOAT, (1, 1, 1, 1), [2.0])
    nodes = [
        helper.make_node("Conv", [given, "kernel"], [made], name=name)
        for given, made, name in (("image", "once", "Conv__7"), ("once", "twice", "Conv__8"))
    ]
    image, twice = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 1, 4, 4)) for name in ("image", "twice")
    )
    graph = helper.make_graph(nodes, "two convolutions", [image], [twice], [kernel])
    onnx.save(
        helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "a"
    )
    maps = FeatureMaps(tmp_path / "a", [cpu(1)]).of(np.ones((1, 4, 4), np.float32))
    assert [(each.layer, each.channels.max()) for each in maps] == [("Conv_", 2), ("Conv_ (2)", 4)]


def test_a_network_without_convolution_and_pooling_has_none(tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path, "dense")
    assert FeatureMaps(tmp_path / "model.onnx", [cpu(1)]).of(image_of(16)) == ()


def test_any_value_of_a_graph_can_be_asked_for(tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path, "dense")
    graph = tmp_path / "model.onnx"
    assert "apart" in values_of(graph)
    image = image_of(16)[None]
    answer = OnnxEngine(graph_giving(graph, ["apart"]), [cpu(1)]).run(image)
    assert list(answer) == ["apart"]
    assert answer["apart"] == pytest.approx(image.mean() - 0.49, abs=1e-5)


def test_a_value_that_a_graph_does_not_have_is_named(tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path, "dense")
    with pytest.raises(BundleError, match="no value nonsense"):
        graph_giving(tmp_path / "model.onnx", ["logit", "nonsense"])
