"""A network together with its explanation, as one graph that can be exported.

Grad-CAM (Selvaraju et al., 1610.02391) of the logit: each channel of the last convolution is weighted by the
mean of the logit's gradient over it. What follows that convolution is pooling, flattening and dense layers,
whose gradient is a few matrix products; written out, they need no automatic differentiation where the
graph runs.
"""

from __future__ import annotations

from typing import Any

import keras


class ExplainedClassifier(keras.Model):  # type: ignore[misc]  # Keras has no types
    """(batch, height, width, channels) -> (logit, scores, heatmap) as `ModelCard` describes them."""

    def __init__(self, network: keras.Sequential, suspicious: tuple[bool, ...]):
        """Args:
        network: ends in logits; its last convolution is followed by pooling, dropout, flattening and
            dense layers (linear or ReLU) only.
        suspicious: of each label in order; with two labels the network's one logit is the second's.
        """
        super().__init__()
        self.network = network
        self._suspicious = suspicious
        self._last_convolution = last_convolution(network)
        for layer in network.layers[self._last_convolution + 1 :]:
            if not _is_pooling_like(layer) and not _is_plain_dense(layer):
                raise ValueError(
                    f"no gradient is written out for a {type(layer).__name__} after the convolutions"
                )
        dense = [i for i, each in enumerate(network.layers) if isinstance(each, keras.layers.Dense)]
        if not dense:
            raise ValueError("the network ends without a dense layer")
        self._first_dense = dense[0]

    def call(self, image: Any) -> tuple[Any, Any, Any]:
        ops = keras.ops
        outputs = []  # of each layer
        x = image
        for layer in self.network.layers:
            x = layer(x, training=False)
            outputs.append(x)
        logit, scores, gradient = self._judge(x)
        features = outputs[self._last_convolution]  # (batch, rows, columns, channels)
        weights = self._channel_gradient(outputs, gradient) / (features.shape[1] * features.shape[2])
        rows, columns, channels = features.shape[1:]
        flat = ops.reshape(features, (-1, rows * columns, channels))
        heatmap = ops.relu(ops.matmul(flat, weights[..., None]))  # (batch, rows · columns, 1)
        heatmap = ops.reshape(heatmap, (-1, rows, columns))
        return logit, scores, heatmap

    def _channel_gradient(self, outputs: list[Any], gradient: Any) -> Any:
        """(batch, channels) the logit's gradient by the last convolution's output, summed over each channel.

        Pooling hands each gradient on to the pixels that it came from, and dropout does nothing here, so the
        sum is the same before and behind them.

        Args:
            outputs: of each layer.
            gradient: (batch, outputs) of the logit by the network's last output.
        """
        ops = keras.ops
        for index in range(len(outputs) - 1, self._last_convolution, -1):
            layer = self.network.layers[index]
            if not isinstance(layer, keras.layers.Dense):
                continue
            if layer.activation is keras.activations.relu:
                gradient = gradient * ops.cast(outputs[index] > 0, gradient.dtype)
            kernel = layer.kernel  # (inputs, units)
            if index == self._first_dense:
                # Summing over the positions first leaves a small constant where the kernel is the network's
                # largest: (rows · columns · channels, units) -> (channels, units).
                channels = outputs[self._last_convolution].shape[-1]
                kernel = ops.sum(ops.reshape(kernel, (-1, channels, layer.units)), axis=0)
            gradient = ops.matmul(gradient, ops.transpose(kernel))
        return gradient

    def _judge(self, logits: Any) -> tuple[Any, Any, Any]:
        """(logit, scores, gradient of logit by logits) from the network's (batch, outputs) logits."""
        ops = keras.ops
        if len(self._suspicious) == 2:
            sign = 1.0 if self._suspicious[1] else -1.0
            probability = ops.sigmoid(logits)  # (batch, 1)
            scores = ops.concatenate([1 - probability, probability], axis=1)
            return sign * logits[:, 0], scores, sign * ops.ones_like(logits)
        # log(Σ suspicious) - log(Σ others) of the exponentials: the log-odds of their summed scores.
        mask = ops.convert_to_tensor([self._suspicious], dtype=logits.dtype)  # (1, labels)
        far = 1e9
        of_suspicious, of_others = logits - far * (1 - mask), logits - far * mask
        logit = ops.logsumexp(of_suspicious, axis=1) - ops.logsumexp(of_others, axis=1)
        gradient = ops.softmax(of_suspicious) - ops.softmax(of_others)
        return logit, ops.softmax(logits), gradient


def last_convolution(network: keras.Sequential) -> int:
    """The position of the last convolution among the network's layers."""
    found = [i for i, layer in enumerate(network.layers) if isinstance(layer, keras.layers.Conv2D)]
    if not found:
        raise ValueError("the network has no convolution to explain it by")
    return found[-1]


def _is_pooling_like(layer: keras.layers.Layer) -> bool:
    layers = keras.layers
    return isinstance(
        layer,
        layers.MaxPooling2D
        | layers.AveragePooling2D
        | layers.Flatten
        | layers.GlobalAveragePooling2D
        | layers.Dropout,
    )


def _is_plain_dense(layer: keras.layers.Layer) -> bool:
    plain = (keras.activations.relu, keras.activations.linear)
    return isinstance(layer, keras.layers.Dense) and layer.activation in plain
