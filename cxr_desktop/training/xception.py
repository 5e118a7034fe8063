"""Xception (Chollet, 1610.02357) for fine-tuning on grey films, with a finer map and its BatchNorm folded in.

Three things differ from `keras.applications.Xception`, and none of them changes what its weights compute at
the start:

- BatchNorm stays frozen in fine-tuning (batches of X-rays would only spoil its statistics), so each one is
  folded into the convolution before it: the same function, a seventh less time a step.
- Film is grey: the first convolution's kernels, which would meet three equal channels, are summed to one.
- Block 13 keeps its resolution (stride 1), so that the last feature map, and with it the heatmap, has twice
  as many rows and columns.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

_ENTRY = (128, 256, 728)  # channels behind blocks 2 to 4
_MIDDLE = range(5, 13)


def xception_features(image: Any) -> Any:
    """(batch, height, width, 1) in [-1, 1] -> (batch, ~height / 16, ~width / 16, 2048), ReLU."""
    layers = keras.layers
    x = layers.Conv2D(32, 3, strides=2, activation="relu", name="block1_conv1")(image)
    x = layers.Conv2D(64, 3, activation="relu", name="block1_conv2")(x)
    for block, width in enumerate(_ENTRY, start=2):
        beside = layers.Conv2D(width, 1, strides=2, padding="same", name=f"block{block}_beside")(x)
        x = x if block == 2 else layers.ReLU()(x)
        x = _separable(x, width, block, 1)
        x = _separable(layers.ReLU()(x), width, block, 2)
        x = layers.add([layers.MaxPooling2D(3, strides=2, padding="same")(x), beside])
    for block in _MIDDLE:
        beside = x
        for number in (1, 2, 3):
            x = _separable(layers.ReLU()(x), 728, block, number)
        x = layers.add([x, beside])
    beside = layers.Conv2D(1024, 1, padding="same", name="block13_beside")(x)
    x = _separable(layers.ReLU()(x), 728, 13, 1)
    x = _separable(layers.ReLU()(x), 1024, 13, 2)
    x = layers.add([layers.MaxPooling2D(3, strides=1, padding="same")(x), beside])
    x = layers.ReLU()(_separable(x, 1536, 14, 1))
    return layers.ReLU()(_separable(x, 2048, 14, 2))


def _separable(x: Any, width: int, block: int, number: int) -> Any:
    name = f"block{block}_sepconv{number}"
    return keras.layers.SeparableConv2D(width, 3, padding="same", name=name)(x)


def adopt_imagenet_weights(model: keras.Model, pretrained: keras.Model) -> None:
    """Gives a model with `xception_features` the weights of `keras.applications.Xception(include_top=False)`.

    Args:
        pretrained: with three input channels and its own layer names.
    """
    beside = [
        layer
        for layer in pretrained.layers
        if isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (1, 1) and layer.strides == (2, 2)
    ]
    nameless = [layer for layer in pretrained.layers if layer.name.partition("_normalization")[0] == "batch"]
    for block, convolution, norm in zip((2, 3, 4, 13), beside, nameless, strict=True):
        model.get_layer(f"block{block}_beside").set_weights(_folded(convolution.get_weights(), norm))
    for name in [layer.name for layer in pretrained.layers if "conv" in layer.name and "block" in layer.name]:
        if name.endswith(("_bn", "_act")):
            continue
        weights = pretrained.get_layer(name).get_weights()
        if name == "block1_conv1":
            weights = [weights[0].sum(axis=2, keepdims=True)]  # (3, 3, 3, 32) -> (3, 3, 1, 32)
        model.get_layer(name).set_weights(_folded(weights, pretrained.get_layer(f"{name}_bn")))


def _folded(weights: list[NDArray[Any]], norm: Any) -> list[NDArray[Any]]:
    """A convolution's kernels and bias with the BatchNorm behind it: its last kernel ends in its channels."""
    gamma, beta, mean, variance = (np.asarray(each) for each in norm.get_weights())
    scale = gamma / np.sqrt(variance + norm.epsilon)
    *others, kernel = weights
    return [*others, kernel * scale, beta - mean * scale]
