"""What a network is trained to lower, and the figures that are told of each epoch. Keras operations only."""

from __future__ import annotations

from typing import Any

import keras

from cxr_desktop.domain.model_card import Label
from cxr_desktop.training.architectures import Architecture

# Keeps a film with next to no positive evidence from weighing as much as one with plenty of it.
_SOFTENING = 0.5


class CrossEntropy(keras.losses.Loss):  # type: ignore[misc]  # Keras has no types
    """Cross-entropy of logits, (batch, outputs), and class numbers, (batch,), for every kind of head.

    Targets may lie between 0 and 1: how far the second of two classes is believed.
    """

    def __init__(self, record: Architecture):
        super().__init__(name="cross_entropy")
        self._head = record.head
        self._smoothing = record.label_smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(batch,) losses."""
        targets = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "float32")
        logits = keras.ops.cast(y_pred, "float32")  # bfloat16 has three digits
        outputs = logits.shape[-1]
        if outputs == 1:
            wanted = targets[:, None]  # (B,) -> (B, 1)
        else:
            # A class number's neighbours get nothing, a target between two numbers is shared among them.
            apart = keras.ops.abs(targets[:, None] - keras.ops.arange(outputs, dtype="float32")[None])
            wanted = keras.ops.relu(1 - apart)  # (B,) -> (B, outputs)
        if outputs == 1 or self._head == "sigmoids":
            return keras.losses.binary_crossentropy(
                wanted, logits, from_logits=True, label_smoothing=self._smoothing
            )
        return keras.losses.categorical_crossentropy(
            wanted, logits, from_logits=True, label_smoothing=self._smoothing
        )


class OutsideShare(keras.losses.Loss):  # type: ignore[misc]  # Keras has no types
    """The share of a map's positive evidence that lies outside the lungs.

    Targets are the lungs' coverage of each place of the map, (batch, rows, columns) in [0, 1].
    """

    def __init__(self) -> None:
        super().__init__(name="outside_share")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(batch,) shares in [0, 1)."""
        inside = keras.ops.cast(y_true, "float32")
        evidence = keras.ops.relu(keras.ops.cast(y_pred, "float32"))
        evidence = keras.ops.reshape(evidence, keras.ops.shape(inside))  # a map may have one channel
        outside = keras.ops.sum(evidence * (1 - inside), axis=(1, 2))
        return outside / (keras.ops.sum(evidence, axis=(1, 2)) + _SOFTENING)


def believed_class(targets: Any) -> Any:
    """(batch,) int32 class numbers of targets, which are 0.85 where the second class is believed so far."""
    return keras.ops.cast(keras.ops.round(keras.ops.reshape(targets, (-1,))), "int32")


def chosen_class(logits: Any, labels: int) -> Any:
    """(batch,) int32 class numbers of (batch, outputs) logits, among the classes in use."""
    if logits.shape[-1] == 1:
        return keras.ops.cast(logits[:, 0] > 0, "int32")
    return keras.ops.cast(keras.ops.argmax(logits[:, :labels], axis=-1), "int32")


def suspicion_of(logits: Any, record: Architecture, suspicious: tuple[bool, ...]) -> Any:
    """(batch,) float32 scores of the suspicious classes together, made as the head makes them.

    Args:
        logits: (batch, outputs).
        suspicious: of each class in order.
    """
    logits = keras.ops.cast(logits, "float32")
    if logits.shape[-1] == 1:
        return keras.ops.sigmoid(logits[:, 0] if suspicious[1] else -logits[:, 0])
    used = logits[:, : len(suspicious)]
    scores = keras.ops.sigmoid(used) if record.head == "sigmoids" else keras.ops.softmax(used)
    speaks = keras.ops.convert_to_tensor([suspicious], dtype="float32")  # (1, classes)
    return keras.ops.sum(scores * speaks, axis=1) / keras.ops.maximum(keras.ops.sum(scores, axis=1), 1e-7)


class Accuracy(keras.metrics.Mean):  # type: ignore[misc]  # Keras has no types
    """The share of films that are taken for what they are."""

    def __init__(self, labels: int):
        super().__init__(name="accuracy")
        self._labels = labels

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Films all count alike, whatever they weigh in the loss."""
        truth = believed_class(y_true)
        right = keras.ops.equal(truth, chosen_class(y_pred, self._labels))
        super().update_state(keras.ops.cast(right, "float32"))


class F1(keras.metrics.Metric):  # type: ignore[misc]  # Keras has no types
    """F1 of the second of two classes; with more, the mean over them."""

    def __init__(self, labels: int):
        super().__init__(name="f1")
        self._labels = labels
        self._counts = self.add_weight(shape=(labels, labels), initializer="zeros", name="counts")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Films all count alike, whatever they weigh in the loss."""
        truth = believed_class(y_true)
        is_class = keras.ops.one_hot(truth, self._labels)
        taken_for = keras.ops.one_hot(chosen_class(y_pred, self._labels), self._labels)
        self._counts.assign_add(keras.ops.matmul(keras.ops.transpose(is_class), taken_for))

    def result(self) -> Any:
        """A scalar in [0, 1]; 0 for a class that neither occurs nor is named."""
        right = keras.ops.diagonal(self._counts)
        named_or_true = keras.ops.sum(self._counts, axis=0) + keras.ops.sum(self._counts, axis=1)
        by_class = 2 * right / keras.ops.maximum(named_or_true, 1.0)
        return by_class[1] if self._labels == 2 else keras.ops.mean(by_class)


class Recall(keras.metrics.Metric):  # type: ignore[misc]  # Keras has no types
    """The share of one class's films that are taken for what they are."""

    def __init__(self, position: int, classes: tuple[Label, ...]):
        super().__init__(name=f"recall of {classes[position].name}")
        self._position = position
        self._classes = len(classes)
        self._right = self.add_weight(initializer="zeros", name="right")
        self._films = self.add_weight(initializer="zeros", name="films")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Films all count alike, whatever they weigh in the loss."""
        of_class = keras.ops.equal(believed_class(y_true), self._position)
        taken_for_it = keras.ops.equal(chosen_class(y_pred, self._classes), self._position)
        both = keras.ops.logical_and(of_class, taken_for_it)
        self._films.assign_add(keras.ops.sum(keras.ops.cast(of_class, "float32")))
        self._right.assign_add(keras.ops.sum(keras.ops.cast(both, "float32")))

    def result(self) -> Any:
        """A scalar in [0, 1]; 0 where there is no such film."""
        return self._right / keras.ops.maximum(self._films, 1.0)


class SuspicionAUC(keras.metrics.AUC):  # type: ignore[misc]  # Keras has no types
    """Area under the ROC curve of the suspicious classes' score, against all other classes."""

    def __init__(self, record: Architecture, classes: tuple[Label, ...]):
        super().__init__(name="auc")
        self._record = record
        self._suspicious = tuple(label.suspicious for label in classes)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Films all count alike, whatever they weigh in the loss."""
        speaks = keras.ops.convert_to_tensor(self._suspicious, dtype="int32")
        truth = keras.ops.take(speaks, believed_class(y_true))
        super().update_state(truth, suspicion_of(y_pred, self._record, self._suspicious))
