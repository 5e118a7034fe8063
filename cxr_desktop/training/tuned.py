"""An architecture's record as somebody wants it: other epochs, rate, batch, size, variation, balance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.augment import GENTLE, STRONG, Augmentation

_VARIATIONS = {"none": Augmentation(), "gentle": GENTLE, "strong": STRONG}


def tuned(record: Architecture, tuning: Tuning) -> Architecture:
    """The record with what `tuning` changes of it.

    Raises:
        TrainingError: the network cannot be built for so small an image.
    """
    changes: dict[str, Any] = {}
    if tuning.epochs is not None:
        changes["epochs"] = tuning.epochs
    if tuning.learning_rate is not None:
        changes["optimiser"] = replace(record.optimiser, learning_rate=tuning.learning_rate)
    if tuning.batch is not None:
        changes["batch"] = tuning.batch
    if tuning.patience is not None:
        changes["stopping"] = replace(record.stopping, patience=tuning.patience or None)
    if tuning.balance is not None:
        changes["balance"] = tuning.balance
    changes["augmentation"] = _augmentation(record, tuning)
    changed = replace(record, **changes)
    return changed if tuning.image_size is None else of_size(changed, tuning.image_size, tuning.image_size)


def recipe_of(record: Architecture) -> Tuning:
    """What a record's recipe has for each field; its variation is its own, which none of the choices names.

    Raises:
        TrainingError: the recipe has a value that is out of a field's bounds.
    """
    return Tuning(
        epochs=record.epochs,
        learning_rate=record.optimiser.learning_rate,
        batch=record.batch,
        patience=record.stopping.patience or 0,
        image_size=record.input.height,
        mirror=record.augmentation.flip_columns,
        balance=record.balance,
    )


def of_size(record: Architecture, height: int, width: int) -> Architecture:
    """The record for another input.

    Raises:
        TrainingError: the network cannot be built for so small an image.
    """
    own = record.input
    if min(height, width) < record.least_side:
        raise TrainingError(
            tr(
                "{network} needs images of at least {least}×{least} pixels; {height}×{width} were "
                "chosen. Choose a larger image size, or another architecture.",
                network=record.name,
                least=record.least_side,
                height=height,
                width=width,
            )
        )
    larger = max(1.0, height * width / (own.height * own.width))
    # A dense layer on all pixels grows with them, a convolution does not: at most so many.
    return replace(
        record,
        input=replace(own, height=height, width=width),
        parameters=round(record.parameters * larger),
    )


def _augmentation(record: Architecture, tuning: Tuning) -> Augmentation:
    own = record.augmentation
    if tuning.variation is not None:
        # What stands outside the lungs is replaced to keep the network to them, not for variety.
        own = replace(
            _VARIATIONS[tuning.variation],
            flip_columns=own.flip_columns and tuning.variation != "none",
            outside_lungs=own.outside_lungs,
        )
    return own if tuning.mirror is None else replace(own, flip_columns=tuning.mirror)
