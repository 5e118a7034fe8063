"""The locked test set in its one file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.locked_test import (
    LockedFilm,
    LockedTestSet,
    locked_test_from_json,
    locked_test_to_json,
)
from cxr_desktop.storage.folders import disk_errors, write_whole


def load_locked_test(path: Path) -> LockedTestSet | None:
    """The set; None where none was made.

    Raises:
        TrainingError: the file is damaged.
        CatalogueError: it cannot be read.
    """
    with disk_errors():
        if not path.exists():
            return None
        data = path.read_bytes()
    return locked_test_from_json(data)


def save_locked_test(path: Path, locked: LockedTestSet) -> None:
    """Replaces the file, whole or not at all; for the owner alone. Films may lie elsewhere than before.

    Raises:
        CatalogueError: the disk is full or cannot be written to; the old file is still there.
        ValueError: the set lacks films that the file has.
    """
    before = load_locked_test(path)
    if before is not None and not _wherever(before) <= _wherever(locked):
        raise ValueError("films may be added to the locked test set, never taken out")
    with disk_errors():
        write_whole(path, locked_test_to_json(locked))


def _wherever(locked: LockedTestSet) -> set[LockedFilm]:
    """Its films, wherever they lie."""
    return {replace(film, place="") for film in locked.films}
