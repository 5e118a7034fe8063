"""Study 002, third part: small heads on networks that were trained on ImageNet and stay frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.blocks import chain, dense, logits, probabilities
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.architectures.sharma_cnn import AUGMENTATION, AUGMENTED_BATCH, STOPPING
from cxr_desktop.training.architectures.sharma_dense import INPUT, STUDY
from cxr_desktop.training.architectures.start import adopt_base
from cxr_desktop.training.recipe import RESNET101_IMAGENET, XCEPTION_IMAGENET, Published

if TYPE_CHECKING:
    import keras


def _xception(input: InputSpec, outputs: int) -> keras.Model:
    return chain(input, _frozen("Xception", input), _pooled(), logits(outputs))


def _xception_deep(input: InputSpec, outputs: int) -> keras.Model:
    """The new layers stand on the probability that `_xception` ends with, as in the study."""
    return chain(
        input,
        _frozen("Xception", input),
        _pooled(),
        probabilities(outputs),
        dense(128, 64, dropout=0.4),
        logits(outputs),
    )


def _resnet101(input: InputSpec, outputs: int) -> keras.Model:
    return chain(input, _frozen("ResNet101", input), _pooled(), logits(outputs))


def _frozen(network: str, input: InputSpec) -> Iterable[Any]:
    """A network of Keras' own collection without its top, as one layer that does not learn."""
    import keras  # noqa: PLC0415 - seconds to import; the list of architectures must not cost them

    shape = (input.height, input.width, input.channels)
    base = getattr(keras.applications, network)(include_top=False, weights=None, input_shape=shape)
    base.trainable = False
    yield base


def _pooled() -> Iterable[Any]:
    import keras  # noqa: PLC0415

    yield keras.layers.GlobalAveragePooling2D()


_XCEPTION = Architecture(
    id="sharma-xception",
    name="Xception, frozen (Sharma)",
    input=INPUT,
    build=_xception,
    parameters=20_863_529,
    trainable=2_049,
    least_side=71,  # Keras builds no Xception for less
    batch=44,
    epochs=100,
    stopping=STOPPING,
    pretrained=XCEPTION_IMAGENET,
    adopt=adopt_base,
    source=f"{STUDY}; its films enter in [0, 1], although the ImageNet weights were made for [-1, 1]",
    published=Published(0.8702, 0.98, 0.69),
)

_XCEPTION_DEEP = replace(
    _XCEPTION,
    id="sharma-xception-deep",
    name="Xception, frozen, dense layers on its score (Sharma)",
    build=_xception_deep,
    parameters=20_872_106,
    trainable=10_626,
    published=Published(0.8558, 0.97, 0.66),
)

RECORDS = (
    _XCEPTION,
    _XCEPTION_DEEP,
    replace(
        _XCEPTION,
        id="sharma-resnet101",
        name="ResNet101, frozen (Sharma)",
        build=_resnet101,
        parameters=42_660_225,
        least_side=32,
        pretrained=RESNET101_IMAGENET,
        source=f"{STUDY}; its films enter in [0, 1]",
        published=Published(0.8333, 0.98, 0.59),
    ),
    replace(
        _XCEPTION,
        id="sharma-xception-aug",
        name="Xception, frozen, augmented (Sharma)",
        batch=AUGMENTED_BATCH,
        augmentation=AUGMENTATION,
        published=Published(0.8622, 0.96, 0.71),
    ),
    replace(
        _XCEPTION_DEEP,
        id="sharma-xception-deep-aug",
        name="Xception, frozen, dense layers on its score, augmented (Sharma)",
        batch=AUGMENTED_BATCH,
        augmentation=AUGMENTATION,
        published=Published(0.9022, 0.96, 0.81, remark="the study's second best"),
    ),
)
