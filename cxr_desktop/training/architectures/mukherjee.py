"""Study 004: four convolutions at 256×256, ending in one sigmoid a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.blocks import chain, convolutions, dense, flatten, logits
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.recipe import Published, Stopping

if TYPE_CHECKING:
    import keras

_L2 = 0.01  # what Keras takes where only "l2" is said


def _cnn(input: InputSpec, outputs: int) -> keras.Model:
    return chain(
        input,
        convolutions(16, 32, 64, 128, pool_last=False, l2=_L2),
        flatten(),
        dense(64, l2=_L2),
        logits(outputs, l2=_L2),
    )


RECORDS = (
    Architecture(
        id="mukherjee-cnn-256",
        name="Four convolutions at 256×256 (Mukherjee)",
        input=InputSpec(256, 256, 3),
        least_side=38,
        build=_cnn,
        parameters=6_520_162,
        head="sigmoids",
        batch=32,
        epochs=20,
        stopping=Stopping(patience=5, keep="last"),
        source="Mukherjee, study 004; it does not give its L2 penalty: Keras' own 0.01 was chosen",
        published=Published(
            accuracy=0.59,
            remark="its predictions come from a shuffled generator, so that films and labels do not line up",
        ),
    ),
)
