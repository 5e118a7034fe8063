"""Every network that can be trained: one record and one small build function each.

A build function is given the input and the number of outputs and returns a Keras model that ends in logits:
one for two classes, else one a class. Losses and exports work on logits, which neither overflow nor
saturate; the published sigmoid adds no parameters and is applied wherever a probability is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.recipe import Optimiser, Pretrained, Published, Schedule, Stopping

if TYPE_CHECKING:
    import keras

_STUDY_002 = "Sharma, study 002: pneumonia detection for a remote hospital with one radiologist"


@dataclass(frozen=True)
class Architecture:
    """All that sets how a network is built and trained.

    Attributes:
        build: makes the untrained network, `(input, outputs) -> keras.Model`, ending in (batch, outputs)
            logits. With a `heat_penalty` it gives {"logits": …, "map": (batch, rows, columns)}.
        parameters: the published number of parameters, trainable or not, with as many outputs as published.
        source: where network and recipe are from.
        batch: films a step.
        epochs: at most so many passes over the training films.
        head: how outputs become scores. "logit": one for two classes, else a softmax over one a class;
            "softmax of ten": ten outputs, of which as many are used as there are classes; "sigmoids": one
            sigmoid a class, each divided by their sum.
        augment_validation: whether the study draws its validation films at random, too.
        balance: what evens out classes of unequal size.
        label_smoothing: of the cross-entropy, in [0, 1).
        heat_penalty: weight of the share of positive evidence outside the lungs in the loss.
        mixed_precision: whether to compute in bfloat16 where the processor gains from it.
        adopt: gives the built network the weights of the file that `pretrained` describes.
    """

    id: str
    name: str
    input: InputSpec
    build: Callable[[InputSpec, int], keras.Model]
    parameters: int
    source: str
    batch: int
    epochs: int
    optimiser: Optimiser = field(default_factory=Optimiser)
    schedule: Schedule = field(default_factory=Schedule)
    stopping: Stopping = field(default_factory=Stopping)
    augmentation: Augmentation = field(default_factory=Augmentation)
    augment_validation: bool = False
    balance: Literal["none", "class weights", "oversampling"] = "none"
    head: Literal["logit", "softmax of ten", "sigmoids"] = "logit"
    label_smoothing: float = 0.0
    heat_penalty: float = 0.0
    mixed_precision: bool = False
    pretrained: Pretrained | None = None
    adopt: Callable[[keras.Model, Path], None] | None = None
    published: Published | None = None

    def outputs(self, labels: int) -> int:
        """How many outputs the network has for so many classes."""
        match self.head:
            case "logit":
                return 1 if labels == 2 else labels
            case "softmax of ten":
                return max(labels, 10)
            case "sigmoids":
                return labels


def _sharma_cnn_deep(input: InputSpec, outputs: int) -> keras.Model:
    import keras  # noqa: PLC0415 - seconds to import; the list of architectures must not cost them

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((input.height, input.width, input.channels)),
            layers.Conv2D(32, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(),
            layers.Conv2D(128, 3, activation="relu", name="conv3"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(outputs),
        ]
    )


_RECORDS = (
    Architecture(
        id="sharma-cnn-deep",
        name="Three convolutions (Sharma)",
        input=InputSpec(128, 128, 3),
        build=_sharma_cnn_deep,
        parameters=3_312_961,
        batch=44,
        epochs=100,
        stopping=Stopping(patience=10),
        source=_STUDY_002,
    ),
    Architecture(
        id="sharma-cnn-deep-aug",
        name="Three convolutions, augmented (Sharma)",
        input=InputSpec(128, 128, 3),
        build=_sharma_cnn_deep,
        parameters=3_312_961,
        batch=214,
        epochs=100,
        stopping=Stopping(patience=10),
        source=_STUDY_002,
        augmentation=Augmentation(rotation_deg=40, row_shift=0.2, column_shift=0.2, shear_deg=0.3, zoom=0.1),
    ),
)

ARCHITECTURES = {record.id: record for record in _RECORDS}


def architecture(id: str) -> Architecture:
    """The record of an id; TrainingError with the known ids for any other."""
    if id not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise TrainingError(f"There is no architecture “{id}”. Choose one of: {known}.")
    return ARCHITECTURES[id]
