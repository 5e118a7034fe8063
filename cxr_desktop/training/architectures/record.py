"""What is known of an architecture before it is built.

A build function is given the input and the number of outputs and returns a Keras model that ends in logits:
one for two classes, else one a class. Losses and exports work on logits, which neither overflow nor
saturate; the published sigmoid adds no parameters and is applied wherever a probability is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.recipe import Optimiser, Pretrained, Published, Schedule, Stopping

if TYPE_CHECKING:
    import keras

Head = Literal["logit", "softmax of ten", "sigmoids"]


@dataclass(frozen=True)
class Architecture:
    """All that sets how a network is built and trained.

    Attributes:
        build: makes the untrained network, `(input, outputs) -> keras.Model`, ending in (batch, outputs)
            logits. With a `heat_penalty` it gives {"logits": …, "map": (batch, rows, columns)}.
        parameters: how many the network has with two classes, trainable or not: the study's figure where it
            states one. For another input than the record's own: at most so many.
        source: where network and recipe are from, and what had to be chosen where the study is silent.
        batch: films a step.
        epochs: at most so many passes over the training films.
        trainable: the published number of trainable parameters, where a part of the network is frozen.
        head: how outputs become scores. "logit": one for two classes, else a softmax over one a class;
            "softmax of ten": ten outputs, of which as many are used as there are classes; "sigmoids": one
            sigmoid a class, each divided by their sum.
        least_side: of the smallest input that the network can be built for, in pixels.
        augment_validation: whether the study draws its validation films at random, too.
        balance: what evens out classes of unequal size.
        label_smoothing: of the cross-entropy, in [0, 1).
        heat_penalty: weight of the share of positive evidence outside the lungs in the loss.
        mixed_precision: whether to compute in bfloat16 where the processor gains from it.
        pretrained: the weights file that training starts from; None starts from random weights.
        adopt: gives the built network the weights of the file that `pretrained` describes; ValueError where
            they do not fit.
    """

    id: str
    name: str
    input: InputSpec
    build: Callable[[InputSpec, int], keras.Model]
    parameters: int
    source: str
    batch: int
    epochs: int
    trainable: int | None = None
    optimiser: Optimiser = field(default_factory=Optimiser)
    schedule: Schedule = field(default_factory=Schedule)
    stopping: Stopping = field(default_factory=Stopping)
    augmentation: Augmentation = field(default_factory=Augmentation)
    augment_validation: bool = False
    least_side: int = 32
    balance: Literal["none", "class weights", "oversampling"] = "none"
    head: Head = "logit"
    label_smoothing: float = 0.0
    heat_penalty: float = 0.0
    mixed_precision: bool = False
    pretrained: Pretrained | None = None
    adopt: Callable[[keras.Model, Path], None] | None = None
    published: Published | None = None

    def __post_init__(self) -> None:
        if (self.pretrained is None) != (self.adopt is None):
            raise ValueError(f"{self.id}: a weights file and the way to adopt it come together")

    def outputs(self, labels: int) -> int:
        """How many outputs the network has for so many classes."""
        match self.head:
            case "logit":
                return 1 if labels == 2 else labels
            case "softmax of ten":
                return max(labels, 10)
            case "sigmoids":
                return labels
