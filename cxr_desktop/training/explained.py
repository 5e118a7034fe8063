"""A network together with its explanation, as one graph that can be exported.

Three kinds of network, three kinds of map:

- Convolutions, then pooling, flattening and dense layers: Grad-CAM (Selvaraju et al., 1610.02391) of the
  logit: each channel of the last feature map is weighted by the mean of the logit's gradient over it.
- Dense layers alone: the input times the logit's gradient, pixel by pixel.
- A network that makes logit and map at once: its own class activation map (Zhou et al., 1512.04150).

What follows the last feature map has a gradient of a few matrix products; written out, they need no automatic
differentiation where the graph runs.
"""

from __future__ import annotations

from typing import Any

import keras

from cxr_desktop.domain.model_card import HeatmapSpec
from cxr_desktop.training.architectures.record import Head


class ExplainedClassifier(keras.Model):  # type: ignore[misc]  # Keras has no types
    """(batch, height, width, channels) -> (logit, scores, heatmap) as `ModelCard` describes them.

    Attributes:
        network: the classifier itself.
        spec: how the heatmap comes about.
    """

    def __init__(self, network: keras.Model, suspicious: tuple[bool, ...], head: Head = "logit"):
        """Args:
        network: ends in logits. Behind its last feature map stand pooling, dropout, flattening and dense
            layers only. Or it gives {"logits", "map"}, for two labels.
        suspicious: of each label in order; with two labels one logit is the second's.
        head: how logits become scores, as `Architecture` says.

        Raises:
            ValueError: no gradient is written out for one of its layers.
        """
        super().__init__()
        self.network = network
        self._suspicious = suspicious
        self._head = head
        self._features: keras.Model | None = None  # from the input to the last feature map
        self.spec = HeatmapSpec("input × gradient")
        # A Sequential has one output, and Keras gives none before its first call.
        self._has_map = not isinstance(network, keras.Sequential) and isinstance(network.output, dict)
        if self._has_map:
            if len(suspicious) != 2 or head != "logit":
                raise ValueError(f"a network with a map of its own has one logit, got {suspicious}, “{head}”")
            self.spec = HeatmapSpec("class activation", _last_convolution(network))
            return
        self._tail = _tail_of(network)
        _check(network, self._tail)
        if self._tail == 0:
            return
        layer = network.layers[self._tail - 1]
        if not isinstance(network, keras.Sequential):
            self._features = keras.Model(network.inputs, layer.output)
        inner = layer.layers[-1] if isinstance(layer, keras.Model) else layer
        self.spec = HeatmapSpec("Grad-CAM", inner.name)

    def call(self, image: Any) -> tuple[Any, Any, Any]:
        ops = keras.ops
        if self._has_map:
            outputs = self.network(image, training=False)
            logit, scores, gradient = self._judge(outputs["logits"])
            return logit, scores, ops.relu(outputs["map"] * gradient[..., None])
        features = self._last_features(image)  # (batch, rows, columns, channels)
        logits, steps = self._through_tail(features)
        logit, scores, gradient = self._judge(logits)
        if self._tail == 0:
            evidence = features * ops.reshape(self._back_through(steps, gradient), ops.shape(features))
            return logit, scores, ops.relu(ops.sum(evidence, axis=3))
        rows, columns, channels = features.shape[1:]
        weights = self._back_through(steps, gradient, channels) / (rows * columns)
        flat = ops.reshape(features, (-1, rows * columns, channels))
        heatmap = ops.relu(ops.matmul(flat, weights[..., None]))  # (batch, rows · columns, 1)
        return logit, scores, ops.reshape(heatmap, (-1, rows, columns))

    def _last_features(self, image: Any) -> Any:
        """The output of the last layer before the tail; the image itself where there is none."""
        if self._features is not None:
            return self._features(image, training=False)
        x = image
        for layer in self.network.layers[: self._tail]:
            x = layer(x, training=False)
        return x

    def _through_tail(self, x: Any) -> tuple[Any, list[tuple[keras.layers.Dense, Any]]]:
        """The network's (batch, outputs), and each dense layer with what it gave before its activation."""
        steps = []
        for layer in self.network.layers[self._tail :]:
            if not isinstance(layer, keras.layers.Dense):
                x = layer(x, training=False)
                continue
            weighed = keras.ops.matmul(x, layer.kernel) + layer.bias
            steps.append((layer, weighed))
            x = layer.activation(weighed)
        return x, steps

    @staticmethod
    def _back_through(
        steps: list[tuple[keras.layers.Dense, Any]], gradient: Any, channels: int | None = None
    ) -> Any:
        """The logit's gradient by what entered the first dense layer: (batch, inputs).

        With `channels` it is summed over the positions of each channel: (batch, channels). Pooling hands each
        gradient on to the pixels that it came from, and dropout does nothing here, so that sum is the same
        before and behind them.

        Args:
            gradient: (batch, outputs) of the logit by the network's last output.
        """
        ops = keras.ops
        for layer, weighed in reversed(steps):
            gradient = _back_through_activation(layer.activation, weighed, gradient)
            kernel = layer.kernel  # (inputs, units)
            if channels is not None and layer is steps[0][0]:
                # Summing over the positions first leaves a small constant where the kernel is the network's
                # largest: (rows · columns · channels, units) -> (channels, units).
                kernel = ops.sum(ops.reshape(kernel, (-1, channels, layer.units)), axis=0)
            gradient = ops.matmul(gradient, ops.transpose(kernel))
        return gradient

    def _judge(self, logits: Any) -> tuple[Any, Any, Any]:
        """(logit, scores, gradient of logit by logits) from the network's (batch, outputs) logits."""
        ops = keras.ops
        labels, outputs = len(self._suspicious), logits.shape[1]
        if outputs == 1:
            sign = 1.0 if self._suspicious[1] else -1.0
            probability = ops.sigmoid(logits)  # (batch, 1)
            scores = ops.concatenate([1 - probability, probability], axis=1)
            return sign * logits[:, 0], scores, sign * ops.ones_like(logits)
        used = logits[:, :labels]
        # Scores are exp(strength), divided by their sum: a softmax, or the share of each label's sigmoid.
        strengths = ops.log_sigmoid(used) if self._head == "sigmoids" else used
        # log(Σ suspicious) - log(Σ others) of the exponentials: the log-odds of their summed scores.
        mask = ops.convert_to_tensor([self._suspicious], dtype=logits.dtype)  # (1, labels)
        far = 1e9
        of_suspicious, of_others = strengths - far * (1 - mask), strengths - far * mask
        logit = ops.logsumexp(of_suspicious, axis=1) - ops.logsumexp(of_others, axis=1)
        gradient = ops.softmax(of_suspicious) - ops.softmax(of_others)
        if self._head == "sigmoids":
            gradient = gradient * ops.sigmoid(-used)  # of log_sigmoid
        if outputs > labels:
            gradient = ops.pad(gradient, [[0, 0], [0, outputs - labels]])  # unused outputs say nothing
        return logit, ops.softmax(strengths), gradient


def _tail_of(network: keras.Model) -> int:
    """The position of the first layer behind the last feature map; 0 where there are dense layers alone."""
    position = len(network.layers)
    while position and isinstance(network.layers[position - 1], _tail_layers()):
        position -= 1
    only_input = position == 1 and isinstance(network.layers[0], keras.layers.InputLayer)
    return 0 if only_input else position


def _tail_layers() -> tuple[type[keras.layers.Layer], ...]:
    layers = keras.layers
    return (
        layers.Dense,
        layers.MaxPooling2D,
        layers.AveragePooling2D,
        layers.Flatten,
        layers.GlobalAveragePooling2D,
        layers.Dropout,
    )


def _check(network: keras.Model, tail: int) -> None:
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


def _last_convolution(network: keras.Model) -> str:
    names = [layer.name for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    return names[-1] if names else ""
