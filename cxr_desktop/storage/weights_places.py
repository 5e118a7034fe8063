"""Where the weights files lie that networks start from: each chosen once, and remembered by its place."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cxr_desktop.storage.folders import disk_errors, write_whole

log = logging.getLogger(__name__)


def remembered(note: Path) -> tuple[Path, ...]:
    """The files that were chosen before and still are where they were.

    Args:
        note: the file that keeps their places; need not exist.
    """
    try:
        places = msgspec.json.decode(note.read_bytes(), type=list[str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        if not isinstance(error, FileNotFoundError):
            log.warning("the places of weights files cannot be read (%s)", type(error).__name__)
        return ()
    return tuple(path for path in map(Path, places) if path.is_file())


def remember(note: Path, files: Sequence[Path]) -> None:
    """Keeps the places of weights files for later trainings.

    Raises:
        CatalogueError: the note cannot be written.
    """
    places = dict.fromkeys((*remembered(note), *(file.resolve() for file in files)))
    with disk_errors():
        write_whole(note, msgspec.json.encode([str(place) for place in places]))
