"""Weights files that networks start from: chosen once, remembered by their place, checked on each use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.settings_file import load_settings, save_settings
from cxr_desktop.training.architectures import Architecture, check_weights
from cxr_desktop.training.architectures.start import fits


def weights_for(record: Architecture, given: Path | None) -> Path | None:
    """The weights file that a network starts from: the one given, which is remembered, or one remembered.

    Raises:
        TrainingError: the file given is another; says which.
    """
    if record.pretrained is None:
        return given
    if given is None:
        return next((file for file in remembered() if fits(file, record.pretrained)), None)
    check_weights(record.pretrained, given)
    remember([given])
    return given.resolve()


def remembered() -> tuple[Path, ...]:
    """The files that were chosen before and still are where they were."""
    settings = load_settings(UserFolders.of_this_user().settings, datetime.now(UTC)).settings
    return tuple(path for path in map(Path, settings.weights_files) if path.is_file())


def remember(files: Sequence[Path]) -> None:
    """Keeps the places of weights files for later trainings."""
    path = UserFolders.of_this_user().settings
    settings = load_settings(path, datetime.now(UTC)).settings
    places = dict.fromkeys((*settings.weights_files, *(str(file.resolve()) for file in files)))
    if tuple(places) != settings.weights_files:
        save_settings(path, replace(settings, weights_files=tuple(places)))
