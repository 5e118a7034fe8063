"""Study 002, second part: convolutions at 128×128."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.blocks import chain, convolutions, dense, flatten, logits
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.architectures.sharma_dense import INPUT, STUDY
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.recipe import Published, Stopping

if TYPE_CHECKING:
    import keras

# 4,708 training films are 22 such steps.
AUGMENTED_BATCH = 214
AUGMENTATION = Augmentation(rotation_deg=40, row_shift=0.2, column_shift=0.2, shear_deg=0.3, zoom=0.1)
STOPPING = Stopping(patience=10, keep="best")


def _small(input: InputSpec, outputs: int) -> keras.Model:
    return chain(input, convolutions(8), flatten(), dense(8), logits(outputs))


def _deep(input: InputSpec, outputs: int) -> keras.Model:
    return chain(input, convolutions(32, 64, 128), flatten(), dense(128, 64), logits(outputs))


def _deep_dropout(input: InputSpec, outputs: int) -> keras.Model:
    return chain(
        input,
        convolutions(32, 64, 128, dropouts=(0.3, 0.3, 0.3)),
        flatten(),
        dense(128, 64, dropout=0.1),
        logits(outputs),
    )


_SMALL = Architecture(
    id="sharma-cnn",
    name="One convolution (Sharma)",
    input=INPUT,
    build=_small,
    parameters=254_257,
    batch=44,
    epochs=100,
    stopping=STOPPING,
    source=STUDY,
    published=Published(0.6250, 1.00, 0.00),
)

_DEEP = replace(
    _SMALL,
    id="sharma-cnn-deep",
    name="Three convolutions (Sharma)",
    build=_deep,
    parameters=3_312_961,
    published=Published(0.8446, 0.99, 0.60),
)

RECORDS = (
    _SMALL,
    _DEEP,
    replace(
        _DEEP,
        id="sharma-cnn-dropout",
        name="Three convolutions, dropout (Sharma)",
        build=_deep_dropout,
        published=Published(0.8413, 0.99, 0.59),
    ),
    replace(
        _DEEP,
        id="sharma-cnn-deep-aug",
        name="Three convolutions, augmented (Sharma)",
        batch=AUGMENTED_BATCH,
        augmentation=AUGMENTATION,
        published=Published(0.9071, 0.99, 0.76, remark="the study's best"),
    ),
)
