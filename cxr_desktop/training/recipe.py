"""The words in which a training recipe is written down: optimiser, schedule, stopping, balance, figures.

Plain values without Keras, so that the list of architectures opens at once; `fit` gives them their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cxr_desktop.language import tr

# By these words the reason why learning ended tells that it was cut.
TIME_IS_OVER = "minutes allowed are over"


@dataclass(frozen=True)
class Optimiser:
    """How weights follow gradients.

    Attributes:
        learning_rate: where the schedule starts, or its peak behind a warm-up.
        weight_decay: of "adamw", decoupled (Loshchilov and Hutter, 1711.05101).
        clip_norm: the longest gradient over all weights; None clips nothing.
        average: momentum of the moving average of the weights that is judged and kept; None judges the
            weights themselves.
    """

    kind: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    clip_norm: float | None = None
    average: float | None = None


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes.

    Attributes:
        kind: "constant"; "halving": halved every `every` epochs, in the first epoch already; "cosine": down
            to `floor` over all epochs; "plateau": halved after `every` epochs without a lower
            validation loss.
        every: epochs.
        warm_up: epochs (or a part of one) in which the rate rises from zero; for "cosine".
        floor: the lowest rate, as a share of the peak.
    """

    kind: Literal["constant", "halving", "cosine", "plateau"] = "constant"
    every: int = 10
    warm_up: float = 0.0
    floor: float = 0.0


@dataclass(frozen=True)
class Stopping:
    """When to end before all epochs are done, and which weights to keep.

    Attributes:
        monitor: the figure of the validation films that tells a better epoch.
        patience: epochs without a better one before training ends; None: never.
        keep: the weights of the "best" epoch, or of the "last".
    """

    monitor: Literal["val_loss", "val_accuracy"] = "val_loss"
    patience: int | None = None
    keep: Literal["best", "last"] = "best"


@dataclass(frozen=True)
class Published:
    """What a study reports on the 624 official test films, each in [0, 1]; None where it does not say.

    Attributes:
        remark: what must be known to read them.
        loss: mean cross-entropy, at least 0 and without an upper end.
    """

    accuracy: float | None = None
    sensitivity: float | None = None
    specificity: float | None = None
    remark: str = ""
    loss: float | None = None


@dataclass(frozen=True)
class Pretrained:
    """A weights file that a network starts from. The program does not bring it; the user chooses it once.

    Attributes:
        file: its usual name.
        sha256: of the file, in hexadecimal; "" where none is known, so that any file that fits is taken.
        what: in words, with source and licence.
        network: which of `keras.applications` it belongs to, by which a wrong file is told apart; "" checks
            the SHA-256 alone.
    """

    file: str
    sha256: str
    what: str
    network: str = ""

    @property
    def in_words(self) -> str:
        """`what`, as the reader says it; cards hold it in English."""
        return _WEIGHTS.get(self.what, self.what)


_WEIGHTS = {
    "Xception's ImageNet weights without the top, from keras.applications (MIT)": tr(
        "Xception's ImageNet weights without the top, from keras.applications (MIT)"
    ),
    "ResNet101's ImageNet weights without the top, from keras.applications (MIT)": tr(
        "ResNet101's ImageNet weights without the top, from keras.applications (MIT)"
    ),
}

XCEPTION_IMAGENET = Pretrained(
    "xception_imagenet_notop.h5",
    "b8742fd329245cf27aafac0e0fd8de99305ccadb5b59382f3277c485ab11cf8a",
    "Xception's ImageNet weights without the top, from keras.applications (MIT)",
    "Xception",
)
RESNET101_IMAGENET = Pretrained(
    "resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "",
    "ResNet101's ImageNet weights without the top, from keras.applications (MIT)",
    "ResNet101",
)
