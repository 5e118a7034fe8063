"""The logit's gradient through what follows a network's last feature map, written out in `keras.ops`.

Where the graph runs there is no automatic differentiation, and none is needed: pooling, flattening and dense
layers have gradients of a few matrix products.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import keras


class Step(NamedTuple):
    """One layer of the tail on its way forwards.

    Attributes:
        entered: what it was given.
        weighed: of a dense layer, (batch, units) before its activation; None of others.
    """

    layer: keras.layers.Layer
    entered: Any
    weighed: Any


def back_to_channels(steps: list[Step], gradient: Any, channels: int) -> Any:
    """(batch, channels) the logit's gradient by the last feature map, summed over each channel's positions.

    Pooling hands each gradient on to the pixels that it came from, and dropout does nothing here, so that sum
    is the same before and behind them.

    Args:
        gradient: (batch, outputs) of the logit by the network's last output.
    """
    ops = keras.ops
    dense = [step for step in steps if step.weighed is not None]
    for step in reversed(dense[1:]):
        gradient = _back_through_dense(step, gradient)
    first = dense[0]
    gradient = _back_through_activation(first.layer.activation, first.weighed, gradient)
    # Summing over the positions first leaves a small constant where the kernel is the network's largest:
    # (rows · columns · channels, units) -> (channels, units).
    kernel = ops.sum(ops.reshape(first.layer.kernel, (-1, channels, first.layer.units)), axis=0)
    return ops.matmul(gradient, ops.transpose(kernel))


def back_to_features(steps: list[Step], gradient: Any) -> Any:
    """The logit's gradient by what entered the first of the steps, in its shape.

    Args:
        gradient: (batch, outputs) of the logit by the network's last output.
    """
    ops, layers = keras.ops, keras.layers
    for step in reversed(steps):
        match step.layer:
            case layers.Dense():
                gradient = _back_through_dense(step, gradient)
            case layers.Flatten():
                gradient = ops.reshape(gradient, (-1, *step.entered.shape[1:]))
            case layers.GlobalAveragePooling2D():
                rows, columns = step.entered.shape[1:3]
                gradient = gradient[:, None, None] / (rows * columns) * ops.ones_like(step.entered)
            case layers.MaxPooling2D() | layers.AveragePooling2D():
                gradient = _back_through_pooling(step.layer, step.entered, gradient)
            case layers.Dropout():
                pass
    return gradient


def _back_through_dense(step: Step, gradient: Any) -> Any:
    """(batch, inputs) from (batch, units)."""
    ops = keras.ops
    gradient = _back_through_activation(step.layer.activation, step.weighed, gradient)
    # Not gradient · kernelᵀ: the turned kernel would stand in the file as a second constant.
    return ops.transpose(ops.matmul(step.layer.kernel, ops.transpose(gradient)))


def _back_through_pooling(layer: keras.layers.Layer, entered: Any, gradient: Any) -> Any:
    """The gradient by what was pooled: all of it for a window's greatest pixel, or a share for each.

    Args:
        entered: (batch, rows, columns, channels).
        gradient: (batch, pooled rows, pooled columns, channels).
    """
    ops = keras.ops
    high, wide = layer.pool_size
    rows, columns, channels = gradient.shape[1:]
    if isinstance(layer, keras.layers.AveragePooling2D):
        windows = ops.ones((1, 1, high, 1, wide, 1)) / (high * wide)
    else:
        # Pixels beyond the last whole window were not pooled.
        pooled = entered[:, : rows * high, : columns * wide]
        windows = ops.reshape(pooled, (-1, rows, high, columns, wide, channels))
        windows = ops.transpose(windows, (0, 1, 3, 5, 2, 4))
        windows = ops.reshape(windows, (-1, rows, columns, channels, high * wide))
        # Of equal pixels the first takes it all, as in automatic differentiation; ONNX has no such argmax.
        greatest = ops.cast(windows == ops.max(windows, axis=4, keepdims=True), gradient.dtype)
        windows = greatest * ops.cast(ops.cumsum(greatest, axis=4) < 1.5, gradient.dtype)
        windows = ops.reshape(windows, (-1, rows, columns, channels, high, wide))
        windows = ops.transpose(windows, (0, 1, 4, 2, 5, 3))
    spread = ops.reshape(gradient, (-1, rows, 1, columns, 1, channels)) * windows
    spread = ops.reshape(spread, (-1, rows * high, columns * wide, channels))
    beyond = (entered.shape[1] - rows * high, entered.shape[2] - columns * wide)
    return ops.pad(spread, [[0, 0], [0, beyond[0]], [0, beyond[1]], [0, 0]])


def _back_through_activation(activation: Any, weighed: Any, gradient: Any) -> Any:
    """(batch, units) the gradient by what a dense layer gave before its activation.

    Args:
        gradient: (batch, units) by what the activation made of it.
    """
    ops = keras.ops
    if activation is keras.activations.relu:
        return gradient * ops.cast(weighed > 0, gradient.dtype)
    if activation is keras.activations.sigmoid:
        # p · (1 - p), of which float32 would leave nothing where p is nearly 1.
        return gradient * ops.sigmoid(weighed) * ops.sigmoid(-weighed)
    if activation is keras.activations.softmax:
        share = ops.softmax(weighed)
        return share * (gradient - ops.sum(share * gradient, axis=1, keepdims=True))
    return gradient


def check_tail(network: keras.Model, tail: int) -> None:
    """ValueError where a network's end has a gradient that is not written out here."""
    behind = network.layers[tail:]
    dense = [position for position, layer in enumerate(behind) if isinstance(layer, keras.layers.Dense)]
    before = network.layers[tail - 1] if tail else None
    if before is not None and len(before.output.shape) != 4:
        raise ValueError(
            f"no gradient is written out for a {type(before).__name__} behind the last feature map"
        )
    if not dense:
        raise ValueError("the network ends without a dense layer")
    flattening = (keras.layers.Flatten, keras.layers.GlobalAveragePooling2D)
    if not any(isinstance(layer, flattening) for layer in behind[: dense[0]]):
        raise ValueError("a dense layer stands on a map that is not flattened or averaged")
    known = (
        keras.activations.linear,
        keras.activations.relu,
        keras.activations.sigmoid,
        keras.activations.softmax,
    )
    for layer in (behind[position] for position in dense):
        if layer.activation not in known:
            raise ValueError(f"no gradient is written out for the activation {layer.activation.__name__}")
        if not layer.use_bias:
            raise ValueError(f"the dense layer “{layer.name}” has no bias; one was expected")
    for layer in behind:
        if isinstance(layer, (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)) and (
            layer.padding != "valid" or tuple(layer.strides) != tuple(layer.pool_size)
        ):
            raise ValueError(f"no gradient is written out for the overlapping or padded pool “{layer.name}”")
