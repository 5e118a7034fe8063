"""Every network that can be trained: one record and one small build function each, a file a study."""

from __future__ import annotations

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import (
    hussan,
    lung_cnn,
    lung_xception,
    mukerjee,
    mukherjee,
    sharma_cnn,
    sharma_dense,
    tutorial,
)
from cxr_desktop.training.architectures import sharma_imagenet as imagenet
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.architectures.start import check_weights, network_for, weights_wanted

__all__ = [
    "ARCHITECTURES",
    "Architecture",
    "architecture",
    "check_weights",
    "network_for",
    "weights_wanted",
]

# A record's file imports Keras only inside its build function, so that this list opens at once.
_RECORDS: tuple[Architecture, ...] = (
    *lung_xception.RECORDS,
    *lung_cnn.RECORDS,
    *hussan.RECORDS,
    *mukerjee.RECORDS,
    *sharma_dense.RECORDS,
    *sharma_cnn.RECORDS,
    *imagenet.RECORDS,
    *tutorial.RECORDS,
    *mukherjee.RECORDS,
)

ARCHITECTURES = {record.id: record for record in _RECORDS}


def architecture(id: str) -> Architecture:
    """The record of an id; TrainingError with the known ids for any other."""
    if id not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise TrainingError(
            tr("There is no architecture “{id}”. Choose one of: {known}.", id=id, known=known)
        )
    return ARCHITECTURES[id]
