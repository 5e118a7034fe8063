"""This project's own network: an Xception that is shown the lungs' rectangle and kept to the lungs in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.augment import STRONG
from cxr_desktop.training.recipe import XCEPTION_IMAGENET, Optimiser, Schedule, Stopping

if TYPE_CHECKING:
    import keras


def _lung_xception(input: InputSpec, outputs: int) -> keras.Model:
    """Logit and map come from one 1×1 convolution before the average pooling, so that the map is the logit's
    own account. With more than two classes there is no one map, and a dense layer behind the pooling.
    """
    import keras  # noqa: PLC0415 - seconds to import; the list of architectures must not cost them

    from cxr_desktop.training.xception import xception_features  # noqa: PLC0415

    layers = keras.layers
    image = keras.Input((input.height, input.width, input.channels), name="image")
    # Contrast and brightness differ from machine to machine; what lungs look like does not. Halved,
    # it spreads about as far as the pictures that the ImageNet weights have seen.
    x = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False, epsilon=1e-3)(image)
    x = xception_features(layers.Rescaling(0.5)(x))
    x = layers.Dropout(0.2)(x)
    if outputs > 1:
        x = layers.GlobalAveragePooling2D()(x)
        return keras.Model(image, layers.Dense(outputs, dtype="float32", name="logits")(x))
    evidence = layers.Conv2D(1, 1, dtype="float32", name="evidence")(x)  # (B, rows, columns, 1)
    rows, columns = evidence.shape[1:3]
    return keras.Model(
        image,
        {
            "logits": layers.GlobalAveragePooling2D(dtype="float32", name="logits")(evidence),
            "map": layers.Reshape((rows, columns), dtype="float32", name="map")(evidence),
        },
    )


def _adopt(network: keras.Model, weights: Path) -> None:
    import keras  # noqa: PLC0415

    from cxr_desktop.training.architectures.start import adopt_base  # noqa: PLC0415
    from cxr_desktop.training.xception import adopt_imagenet_weights  # noqa: PLC0415

    base = keras.applications.Xception(include_top=False, weights=None, input_shape=(96, 96, 3))
    adopt_base(keras.Sequential([base]), weights)
    adopt_imagenet_weights(network, base)


RECORDS = (
    Architecture(
        id="xception",
        name="Xception, kept to the lungs",
        input=InputSpec(128, 128, 1, low=-1.0, high=1.0, crop="lungs", margin=0.05),
        build=_lung_xception,
        parameters=20_781_161,
        batch=32,
        epochs=16,
        optimiser=Optimiser("adamw", learning_rate=2e-4, weight_decay=1e-3, clip_norm=2.0, average=0.995),
        schedule=Schedule("cosine", warm_up=0.7, floor=0.02),
        stopping=Stopping(keep="last"),
        augmentation=replace(STRONG, flip_columns=True, outside_lungs=0.6),
        balance="class weights",
        label_smoothing=0.02,
        heat_penalty=0.25,
        mixed_precision=True,
        pretrained=XCEPTION_IMAGENET,
        adopt=_adopt,
        source=(
            "This project: Chollet's Xception (1610.02357), all layers fine-tuned, BatchNorm frozen; what "
            "lies outside the lungs is replaced at random, and evidence found there held against it"
        ),
    ),
)
