"""What each convolution and pooling layer of a network makes of a film."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.explanation import FeatureMap
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.explain.graph import graph_giving
from cxr_desktop.language import tr

_KINDS = {"Conv": tr("convolution"), "MaxPool": tr("pooling"), "AveragePool": tr("pooling")}
# What belongs to a layer and follows its convolution: bias and activation. None of these changes what an axis
# means.
_BELONGS = frozenset({"Add", "BatchNormalization", "Relu", "LeakyRelu", "Sigmoid", "Clip", "Elu", "Selu"})
# Keras' names for what is done inside a layer, between its name and the operator's.
_WITHIN_SEPARABLE = "separable_conv2d"
_WITHIN = frozenset({_WITHIN_SEPARABLE, "convolution"})


@dataclass(frozen=True)
class _Layer:
    """A layer of the graph: its name, its kind, and the value that it gives."""

    name: str
    kind: str
    value: str


class FeatureMaps:
    """A graph that gives what all its convolution and pooling layers make of a film."""

    def __init__(self, graph: Path, devices: Sequence[Device]) -> None:
        """
        Raises:
            EngineError: no device can load it.
        """
        self._layers = _layers_of(graph)
        self._engine = (
            OnnxEngine(graph_giving(graph, [layer.value for layer in self._layers]), devices)
            if self._layers
            else None
        )

    def of(self, image: NDArray[np.float32]) -> tuple[FeatureMap, ...]:
        """The layers' maps in the graph's order; empty for a network without convolution and pooling.

        Args:
            image: (height, width, channels) as the network sees it.
        """
        if self._engine is None:
            return ()
        values = self._engine.run(image[None])
        # Behind these operators ONNX has (batch, channels, rows, columns), whatever the network's own layout.
        return tuple(FeatureMap(layer.name, layer.kind, values[layer.value][0]) for layer in self._layers)


def _layers_of(graph: Path) -> tuple[_Layer, ...]:
    import onnx  # noqa: PLC0415 - needed only when a score is questioned

    nodes = onnx.load(graph, load_external_data=False).graph.node
    followers: dict[str, list[Any]] = {}
    for node in nodes:
        for name in node.input:
            followers.setdefault(name, []).append(node)
    layers: dict[str, _Layer] = {}
    halves: set[str] = set()  # separable convolutions of which only the first operator has come
    for node in nodes:
        if node.op_type not in _KINDS:
            continue
        path = _path(node)
        name, value = _layer_name(path), node.output[0]
        while len(behind := followers.get(value, [])) == 1:
            if behind[0].op_type not in _BELONGS or _layer_name(_path(behind[0])) != name:
                break
            value = behind[0].output[0]
        # A separable convolution is two operators and one layer: the later one gives what the layer gives.
        title = name if name in halves else _unused(name, layers)
        layers[title] = _Layer(title, _KINDS[node.op_type], value)
        halves = {name} if _WITHIN_SEPARABLE in path else set()
    return tuple(layers.values())


def _path(node: Any) -> str:
    """Where in the network a node belongs: its name; one that the exporter made itself has none, and is known
    by the weights that it is given.
    """
    return str(
        node.name if "/" in node.name else next((each for each in node.input[1:] if "/" in each), node.name)
    )


def _layer_name(path: str) -> str:
    """The Keras layer in a path: "…/conv2_1/BiasAdd" is of "conv2"."""
    *places, operator = path.split("/")
    layer = next((place for place in reversed(places) if place not in _WITHIN), operator)
    # Keras numbers the layers of an exported network once more: "max_pooling2d_1_2" is "max_pooling2d_1".
    return re.sub(r"_\d+$", "", layer)


def _unused(name: str, taken: Container[str]) -> str:
    """The name, with a number where it is taken."""
    names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
    return next(each for each in names if each not in taken)
