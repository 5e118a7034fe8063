"""A look at catalogue and folders that changes nothing: how many of what, never which."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cxr_desktop.domain.errors import CatalogueError, DamagedCatalogue
from cxr_desktop.language import tr
from cxr_desktop.storage.backups import backups_of
from cxr_desktop.storage.database import (
    BUSY_SECONDS,
    DAMAGED,
    FOREIGN,
    open_marker,
    quick_check,
    sqlite_errors,
)
from cxr_desktop.storage.disks import on_network
from cxr_desktop.storage.folders import private_draft
from cxr_desktop.storage.schema import APPLICATION_ID, SCHEMA_REVISION

# What is counted, and of which rows. All of it is there since the first schema.
_COUNTS = {
    "studies": "study",
    "read": "study WHERE read_at IS NOT NULL",
    "films": "film",
    "unreadable": "film WHERE problem <> ''",
    "judgements": "prediction",
}


@dataclass(frozen=True)
class CatalogueFacts:
    """A sound catalogue, in numbers.

    Attributes:
        revision: of its schema.
        counts: rows by what they are: studies, read (studies), films, unreadable (films), judgements.
        size: in bytes, with what was written and not yet folded in.
        backups: how many there are.
        newest_backup: its day; None where there is none.
    """

    revision: str
    counts: dict[str, int]
    size: int
    backups: int
    newest_backup: date | None

    @property
    def is_older(self) -> bool:
        """Whether the next start will bring it up to date."""
        return self.revision != SCHEMA_REVISION


@dataclass(frozen=True)
class FolderFacts:
    """One of the program's own folders.

    Attributes:
        free: bytes on its disk.
        problem: why nothing can be written there; "" where it can.
        private: whether it is closed to other users; None where modes mean little (Windows).
        on_network: whether it lies on a network share.
    """

    free: int
    problem: str
    private: bool | None
    on_network: bool


def examine_catalogue(path: Path) -> CatalogueFacts | None:
    """Looks a catalogue through, open in a window or not; None where there is none yet.

    Raises:
        DamagedCatalogue: it is damaged, or gone while backups of it are there.
        CatalogueError: it is another program's file, or a newer program's; the disk cannot be read.
    """
    backups = backups_of(path)
    if not path.exists() or path.stat().st_size == 0:
        if backups:
            raise DamagedCatalogue(DAMAGED)
        return None
    log, journal = (path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))
    in_use = any(each.exists() for each in (log, journal, open_marker(path)))
    # Of one that nobody has open, a plain read-only connection would leave files beside it.
    uri = f"{path.absolute().as_uri()}?{'mode=ro' if in_use else 'immutable=1'}"
    with sqlite_errors(path), closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as connection:
        revision = _revision(connection)
        quick_check(connection)
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise DamagedCatalogue(DAMAGED)
        counts = {
            what: int(connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])
            for what, rows in _COUNTS.items()
        }
    size = sum(each.stat().st_size for each in (path, log) if each.exists())
    return CatalogueFacts(revision, counts, size, len(backups), backups[0].day if backups else None)


def _revision(connection: sqlite3.Connection) -> str:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise CatalogueError(FOREIGN)
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = row[0] if row else ""
    if revision != SCHEMA_REVISION:
        from cxr_desktop.storage.migrations.upgrade import check_known  # noqa: PLC0415 - Alembic, 0.4 s

        check_known(revision)
    return str(revision)


def examine_folder(folder: Path) -> FolderFacts | None:
    """Looks at one of the program's folders, and writes and removes a file there; None where it is not there.

    Raises:
        OSError: nothing can be told of it.
    """
    if not folder.is_dir():
        return None
    try:
        with private_draft(folder) as draft:
            draft.write_bytes(bytes(4096))
        problem = ""
    except OSError as error:
        problem = error.strerror or tr("unknown reason")
    private = None if sys.platform == "win32" else not stat.S_IMODE(folder.stat().st_mode) & 0o077
    return FolderFacts(shutil.disk_usage(folder).free, problem, private, on_network(folder))
