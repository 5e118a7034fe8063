"""Which model was in use from when: what stands behind a way back."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from cxr_desktop.domain.library_entry import ModelUse
from cxr_desktop.storage.folders import disk_errors, write_whole

log = logging.getLogger(__name__)


def uses(path: Path) -> tuple[ModelUse, ...]:
    """All that is known, the latest last; none where there is no file, or it cannot be read as one.

    Raises:
        CatalogueError: the disk cannot be read.
    """
    with disk_errors():
        if not path.exists():
            return ()
        data = path.read_bytes()
    try:
        return msgspec.json.decode(data, type=tuple[ModelUse, ...])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        log.warning("the history of models is damaged")
        return ()


def note_use(path: Path, use: ModelUse) -> None:
    """Adds a use, unless this very model is the one in use; the file is replaced whole or not at all.

    A damaged file is kept under another name.

    Raises:
        CatalogueError: the disk is full or cannot be written to; the old file is still there.
    """
    before = uses(path)
    if before and (before[-1].id, before[-1].version) == (use.id, use.version):
        return
    with disk_errors():
        if path.exists() and not before:
            path.replace(path.with_name(f"{path.stem}-damaged-{use.since:%Y-%m-%d-%H%M%S}{path.suffix}"))
        write_whole(path, msgspec.json.format(msgspec.json.encode((*before, use)), indent=2) + b"\n")
