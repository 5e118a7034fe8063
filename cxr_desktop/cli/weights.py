"""Weights files that networks start from: named once on the command line, or chosen once in the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.storage import weights_places
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.training.architectures import Architecture, check_weights
from cxr_desktop.training.architectures.start import first_that_fits


def weights_for(record: Architecture, given: Path | None) -> Path | None:
    """The weights file that a network starts from: the one given, which is remembered, or one remembered.

    Raises:
        CxrError: the file given is another, or it cannot be remembered; says which or why.
    """
    if record.pretrained is None:
        return given
    if given is None:
        return first_that_fits(remembered(), record.pretrained)
    check_weights(record.pretrained, given)
    remember([given])
    return given.resolve()


def remembered() -> tuple[Path, ...]:
    """This user's files that were chosen before and still are where they were."""
    return weights_places.remembered(UserFolders.of_this_user().weights_places)


def remember(files: Sequence[Path]) -> None:
    """Keeps the places of weights files for this user's later trainings."""
    weights_places.remember(UserFolders.of_this_user().weights_places, files)
