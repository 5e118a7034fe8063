"""Study 003: three convolutions at 224×224."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.blocks import chain, convolutions, dense, flatten, logits
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.recipe import Published, Stopping

if TYPE_CHECKING:
    import keras


def _cnn(input: InputSpec, outputs: int) -> keras.Model:
    return chain(input, convolutions(32, 64, 128), flatten(), dense(128), logits(outputs))


RECORDS = (
    Architecture(
        id="tutorial-cnn-224",
        name="Three convolutions at 224×224 (tutorial)",
        input=InputSpec(224, 224, 3),
        build=_cnn,
        parameters=11_169_089,
        batch=32,
        epochs=10,
        stopping=Stopping(keep="last"),
        augmentation=Augmentation(shear_deg=0.2, zoom=0.2, flip_columns=True),
        source="study 003, a tutorial",
        published=Published(accuracy=0.87, remark="0.75 on its 16 validation films"),
    ),
)
