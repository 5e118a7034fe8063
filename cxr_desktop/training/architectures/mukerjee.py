"""Study 001: three convolutions at 255×255 with dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.blocks import chain, convolutions, dense, flatten, logits
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.recipe import Optimiser, Published, Schedule, Stopping

if TYPE_CHECKING:
    import keras


def _cnn(input: InputSpec, outputs: int) -> keras.Model:
    return chain(
        input,
        convolutions(32, 32, 32, dropouts=(0.0, 0.2, 0.2)),
        flatten(dropout=0.2),
        dense(128),
        logits(outputs),
    )


RECORDS = (
    Architecture(
        id="mukerjee-cnn",
        name="Three convolutions at 255×255 (Mukerjee)",
        input=InputSpec(255, 255, 3),
        build=_cnn,
        parameters=3_706_049,
        batch=100,
        epochs=50,
        optimiser=Optimiser(learning_rate=1e-3),
        # Halved in the very first epoch already, so that it starts at 5e-4.
        schedule=Schedule("halving", every=10),
        stopping=Stopping(monitor="val_accuracy", patience=5),
        augmentation=Augmentation(zoom=0.2, flip_rows=True),
        augment_validation=True,
        source="Mukerjee, study 001; it does not give the number of epochs: at most 50 were chosen",
        published=Published(accuracy=0.63, loss=0.69),
    ),
)
