"""Study 000: two convolutions at 64×64, ending in ten outputs of which two are used."""

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
    return chain(input, convolutions(32, 64), flatten(), dense(64), logits(outputs))


RECORDS = (
    Architecture(
        id="hussan-cnn",
        name="Two convolutions (Hussan)",
        input=InputSpec(64, 64, 3),
        build=_cnn,
        parameters=822_922,
        head="softmax of ten",
        batch=32,
        epochs=25,
        stopping=Stopping(keep="last"),
        augmentation=Augmentation(shear_deg=0.2, zoom=0.2, flip_columns=True),
        source="Hussan, study 000: ten outputs, of which as many are used as there are classes",
        published=Published(accuracy=0.9263, loss=0.2158, remark="its text also says 89.11 %"),
    ),
)
