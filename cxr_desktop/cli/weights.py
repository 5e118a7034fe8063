"""Weights files that networks start from: chosen once, remembered by their place, checked on each use."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.storage.folders import UserFolders, write_whole
from cxr_desktop.training.architectures import Architecture, check_weights
from cxr_desktop.training.architectures.start import fits
from cxr_desktop.training.recipe import Pretrained

log = logging.getLogger(__name__)

# Not among the settings: an open window writes those when it closes, as it knows them.
_PLACES = "weights.json"


def weights_for(record: Architecture, given: Path | None) -> Path | None:
    """The weights file that a network starts from: the one given, which is remembered, or one remembered.

    Raises:
        TrainingError: the file given is another; says which.
    """
    if record.pretrained is None:
        return given
    if given is None:
        return next((file for file in remembered() if is_it(file, record.pretrained)), None)
    check_weights(record.pretrained, given)
    remember([given])
    return given.resolve()


def is_it(file: Path, wanted: Pretrained) -> bool:
    """Whether a remembered file is the one wanted; one that cannot be read any longer is not."""
    try:
        return fits(file, wanted)
    except TrainingError:
        return False


def remembered() -> tuple[Path, ...]:
    """The files that were chosen before and still are where they were."""
    try:
        places = msgspec.json.decode((UserFolders.of_this_user().data / _PLACES).read_bytes(), type=list[str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("the places of weights files cannot be read (%s)", type(error).__name__)
        return ()
    return tuple(path for path in map(Path, places) if path.is_file())


def remember(files: Sequence[Path]) -> None:
    """Keeps the places of weights files for later trainings."""
    places = dict.fromkeys((*remembered(), *(file.resolve() for file in files)))
    folder = UserFolders.of_this_user().data
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / _PLACES, msgspec.json.encode([str(place) for place in places]))
