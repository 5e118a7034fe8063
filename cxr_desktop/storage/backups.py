"""Dated copies of the catalogue: readings, scores and what was taken in from where.

A copy is made by SQLite's online backup, which gives one consistent state while others write, and is looked
through before it takes its name, so that a damaged catalogue never displaces a good copy.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.language import tr
from cxr_desktop.storage.database import is_missing, open_marker, quick_check, sqlite_errors
from cxr_desktop.storage.folders import create_private_file, disk_errors, private_draft, remove_old_drafts

log = logging.getLogger(__name__)

DAILY = 7
WEEKLY = 4

# What belongs to an SQLite file while it is open or was left so, the file itself last.
_PARTS = ("-shm", "-wal", "-journal", "")


@dataclass(frozen=True)
class Backup:
    """One copy of a catalogue as it was on a day."""

    day: date
    path: Path


def backup_folder(catalogue: Path) -> Path:
    """Where a catalogue's backups are: beside it."""
    return catalogue.with_name(f"{catalogue.stem}-backups")


def backups_of(catalogue: Path) -> list[Backup]:
    """A catalogue's backups, newest first.

    Raises:
        CatalogueError: their folder cannot be read.
    """
    pattern = re.compile(re.escape(catalogue.stem) + r"-(\d{4}-\d{2}-\d{2})\.sqlite")
    folder = backup_folder(catalogue)
    found = []
    with disk_errors():
        for path in folder.iterdir() if folder.is_dir() else ():
            named = pattern.fullmatch(path.name)
            try:
                if named:
                    found.append(Backup(date.fromisoformat(named[1]), path))
            except ValueError:
                continue  # no such day: not ours
    return sorted(found, key=lambda backup: backup.day, reverse=True)


def back_up(catalogue: Path, today: date) -> Backup:
    """Copies the catalogue, replacing today's copy if there is one, and removes copies that are too old.

    Raises:
        DamagedCatalogue: the catalogue is damaged; the earlier backups are as they were.
        CatalogueError: the disk is full or cannot be written to; likewise.
    """
    folder = backup_folder(catalogue)
    backup = Backup(today, folder / f"{catalogue.stem}-{today.isoformat()}.sqlite")
    with disk_errors(), private_draft(folder) as draft:
        with sqlite_errors(draft):
            _copy(catalogue, draft)
        draft.replace(backup.path)
        remove_old_drafts(folder)
        there = backups_of(catalogue)
        kept = days_to_keep([each.day for each in there]) | {today}  # also where the clock runs behind
        for old in there:
            if old.day not in kept:
                old.path.unlink()
    log.info("the catalogue was backed up")
    return backup


def days_to_keep(days: Collection[date]) -> set[date]:
    """Of the days with a backup: the newest seven, and the newest of each of the four weeks before those."""
    newest_first = sorted(days, reverse=True)
    kept = set(newest_first[:DAILY])
    weeks: dict[tuple[int, int], date] = {}
    for day in newest_first[DAILY:]:
        year, week, _ = day.isocalendar()
        weeks.setdefault((year, week), day)
    return kept | set(list(weeks.values())[:WEEKLY])


def restore_newest_backup(catalogue: Path, now: datetime) -> Backup:
    """Puts the newest sound backup in the place of a damaged or lost catalogue, which is set aside.

    Only with the reader's consent, and only while the catalogue is closed.

    Raises:
        CatalogueError: there is no sound backup, or no room for it; nothing was changed.
    """
    for backup in backups_of(catalogue):
        with disk_errors(), private_draft(catalogue.parent) as draft:
            try:
                with sqlite_errors(draft):
                    _copy(backup.path, draft)
            except CatalogueError as reason:
                log.warning("the backup of %s cannot be used: %s", backup.day, reason)
                continue
            set_aside(catalogue, now)
            draft.replace(catalogue)
            return backup
    raise CatalogueError(
        tr("There is no backup of the catalogue that could be restored. Start a new catalogue.")
    )


def set_aside(catalogue: Path, now: datetime) -> Path | None:
    """Keeps a damaged catalogue under another name, so that a new one can take its place.

    Only with the reader's consent, and only while the catalogue is closed.

    Returns:
        Where it is now; None if there was nothing to set aside.

    Raises:
        CatalogueError: the disk is full or cannot be written to; the catalogue is where it was.
    """
    name = f"{catalogue.stem}-damaged-{now:%Y-%m-%d-%H%M%S}{catalogue.suffix}"
    with disk_errors():
        aside = None if is_missing(catalogue) else catalogue.with_name(name)
        # Copied first and removed last: a crash in between leaves a damaged catalogue in its place, never an
        # empty one that looks like a fresh start.
        for part in _PARTS:
            original = catalogue.with_name(catalogue.name + part)
            if aside is not None and original.is_file():
                copy = aside.with_name(aside.name + part)
                create_private_file(copy)
                shutil.copyfile(original, copy)
        for part in _PARTS:
            catalogue.with_name(catalogue.name + part).unlink(missing_ok=True)
        open_marker(catalogue).unlink(missing_ok=True)
    return aside


def _copy(source: Path, target: Path) -> None:
    """One consistent, checked copy in a single file (without a write-ahead log beside it)."""
    source_uri = f"{source.absolute().as_uri()}?mode=rw"  # without it a missing source would be created
    with closing(sqlite3.connect(source_uri, uri=True)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        quick_check(copy)
