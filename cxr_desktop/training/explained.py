"""A network together with its explanation, as one graph that can be exported.

Three kinds of network, three kinds of map:

- Convolutions, then pooling, flattening and dense layers: Grad-CAM (Selvaraju et al., 1610.02391) of the
  logit: each channel of the last feature map is weighted by the mean of the logit's gradient over it.
- Dense layers alone: the input times the logit's gradient, pixel by pixel.
- A network that makes logit and map at once: its own class activation map (Zhou et al., 1512.04150).

Networks with convolutions also give their last feature map, and `LogitGradient` the logit's gradient at each
of its positions, from which further maps are made (Grad-CAM++).
"""

from __future__ import annotations

from typing import Any

import keras

from cxr_desktop.domain.model_card import HeatmapSpec
from cxr_desktop.inference.bundle import FEATURES
from cxr_desktop.training.architectures.record import Head
from cxr_desktop.training.backwards import Step, back_to_channels, back_to_features, check_tail

_SCORING = ("logit", "scores", "heatmap")


class ExplainedClassifier(keras.Model):  # type: ignore[misc]  # Keras has no types
    """(batch, height, width, channels) -> a tuple of `graph_outputs`, as `ModelCard` describes them.

    Attributes:
        network: the classifier itself.
        spec: how the heatmap comes about.
        features_shape: (rows, columns, channels) of the last feature map; None without convolutions.
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
        self.features_shape: tuple[int, int, int] | None = None
        self._with_map: keras.Model | None = None  # gives logits, map and the last feature map
        # A Sequential has one output, and Keras gives none before its first call.
        if not isinstance(network, keras.Sequential) and isinstance(network.output, dict):
            if len(suspicious) != 2 or head != "logit":
                raise ValueError(f"a network with a map of its own has one logit, got {suspicious}, “{head}”")
            evidence = _convolution_of_evidence(network)
            self.spec = HeatmapSpec("class activation", evidence.name)
            self._evidence = evidence
            self._with_map = keras.Model(network.inputs, {**network.output, FEATURES: evidence.input})
            self.features_shape = evidence.input.shape[1:]
            return
        self._tail = _tail_of(network)
        check_tail(network, self._tail)
        if self._tail == 0:
            return
        layer = network.layers[self._tail - 1]
        if not isinstance(network, keras.Sequential):
            self._features = keras.Model(network.inputs, layer.output)
        self.features_shape = layer.output.shape[1:]
        inner = layer.layers[-1] if isinstance(layer, keras.Model) else layer
        self.spec = HeatmapSpec("Grad-CAM", inner.name)

    @property
    def graph_outputs(self) -> tuple[str, ...]:
        """logit, scores, heatmap; and where there are convolutions, the last feature map."""
        return _SCORING if self.features_shape is None else (*_SCORING, FEATURES)

    def call(self, image: Any) -> tuple[Any, ...]:
        ops = keras.ops
        if self._with_map is not None:
            outputs = self._with_map(image, training=False)
            logit, scores, gradient = self._judge(outputs["logits"])
            return logit, scores, ops.relu(outputs["map"] * gradient[..., None]), outputs[FEATURES]
        features = self._last_features(image)  # (batch, rows, columns, channels)
        logits, steps = self._through_tail(features)
        logit, scores, gradient = self._judge(logits)
        if self._tail == 0:
            evidence = features * back_to_features(steps, gradient)
            return logit, scores, ops.relu(ops.sum(evidence, axis=3))
        rows, columns, channels = features.shape[1:]
        weights = back_to_channels(steps, gradient, channels) / (rows * columns)
        flat = ops.reshape(features, (-1, rows * columns, channels))
        heatmap = ops.relu(ops.matmul(flat, weights[..., None]))  # (batch, rows · columns, 1)
        heatmap = ops.reshape(heatmap, (-1, rows, columns))
        return logit, scores, heatmap, features

    def gradient(self, features: Any) -> Any:
        """The logit's gradient by the last feature map, both (batch, rows, columns, channels)."""
        ops = keras.ops
        if self._with_map is None:
            logits, steps = self._through_tail(features)
            return back_to_features(steps, self._judge(logits)[2])
        logits = ops.mean(self._evidence(features), axis=(1, 2))
        # (batch, 1) and (1, 1, channels, 1): the average pooling divides by the number of positions.
        weights = self._judge(logits)[2][:, None, None] * self._evidence.kernel[..., 0]
        rows, columns = features.shape[1:3]
        return weights / (rows * columns) * ops.ones_like(features)

    def _last_features(self, image: Any) -> Any:
        """The output of the last layer before the tail; the image itself where there is none."""
        if self._features is not None:
            return self._features(image, training=False)
        x = image
        for layer in self.network.layers[: self._tail]:
            x = layer(x, training=False)
        return x

    def _through_tail(self, x: Any) -> tuple[Any, list[Step]]:
        """The network's (batch, outputs), and the steps that led there."""
        steps = []
        for layer in self.network.layers[self._tail :]:
            entered, weighed = x, None
            if isinstance(layer, keras.layers.Dense):
                weighed = keras.ops.matmul(x, layer.kernel) + layer.bias
                x = layer.activation(weighed)
            else:
                x = layer(x, training=False)
            steps.append(Step(layer, entered, weighed))
        return x, steps

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


class LogitGradient(keras.Model):  # type: ignore[misc]  # Keras has no types
    """(batch, rows, columns, channels) last feature map -> the logit's gradient by it, in its shape."""

    def __init__(self, explained: ExplainedClassifier):
        super().__init__()
        self.explained = explained

    def call(self, features: Any) -> Any:
        return self.explained.gradient(features)


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


def _convolution_of_evidence(network: keras.Model) -> keras.layers.Conv2D:
    """The last convolution of a network with a map of its own: one filter over one pixel.

    Raises:
        ValueError: it is another.
    """
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    if not convolutions or convolutions[-1].kernel.shape[:2] + convolutions[-1].kernel.shape[3:] != (1, 1, 1):
        raise ValueError("a network with a map of its own makes it by a 1×1 convolution with one filter")
    return convolutions[-1]
