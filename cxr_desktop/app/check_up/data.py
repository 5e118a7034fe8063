"""The program's folders and its catalogue: numbers only, no name of anything in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cxr_desktop.app.check_up.computer import gigabytes
from cxr_desktop.domain.check_up import Finding, Outcome
from cxr_desktop.domain.wording import date_text
from cxr_desktop.storage.examination import FolderFacts, examine_catalogue, examine_folder
from cxr_desktop.storage.folders import UserFolders

# A day's films copied from discs, and a training's store.
_LITTLE_ROOM = 1e9


def of_folders(folders: UserFolders) -> Iterator[Finding]:
    """Where the program keeps things, and whether it can."""
    for about, folder in (("Data", folders.data), ("Log", folders.log)):
        try:
            facts = examine_folder(folder)
        except OSError as error:
            yield Finding(about, f"{folder}: {error.strerror}. Check the drive.", Outcome.AMISS)
            continue
        if facts is None:
            yield Finding(about, f"{folder}: not there yet, it is made at the first start", Outcome.REMARK)
        else:
            yield _of_folder(about, folder, facts)


def _of_folder(about: str, folder: Path, facts: FolderFacts) -> Finding:
    words = f"{folder}: {gigabytes(facts.free)} free"
    if facts.problem:
        return Finding(
            about,
            f"{words}; nothing can be written there: {facts.problem}. Free some space, or ask for the "
            "right to write there.",
            Outcome.AMISS,
        )
    words += ", can be written to"
    if facts.on_network:
        words += ", on a network share"
    if facts.private is False:
        return Finding(
            about, f"{words}; open to other users, which the next start puts right", Outcome.REMARK
        )
    if facts.private:
        words += ", closed to other users"
    if facts.free < _LITTLE_ROOM:
        return Finding(about, f"{words}. The disk is nearly full: free some space.", Outcome.AMISS)
    return Finding(about, words)


def of_catalogue(file: Path) -> Iterator[Finding]:
    """Whether it is sound, and how much is in it."""
    facts = examine_catalogue(file)
    if facts is None:
        yield Finding("Catalogue", "none yet", Outcome.REMARK)
        return
    schema = f"schema {facts.revision or 'from before the first'}"
    if facts.is_older:
        schema += ", brought up to date at the next start; a backup is made before"
    yield Finding("Catalogue", f"sound, {facts.size / 1e6:.1f} MB, {schema}")
    counts = facts.counts
    yield Finding("Studies", f"{counts['studies']:,}, {counts['read']:,} of them read")
    yield Finding("Films", f"{counts['films']:,}, {counts['unreadable']:,} of them with a problem")
    yield Finding("Judgements", f"{counts['judgements']:,}")
    if facts.newest_backup is None:
        yield Finding("Backups", "none yet; one is made each day on which films come in", Outcome.REMARK)
    else:
        yield Finding("Backups", f"{facts.backups:,}, the newest of {date_text(facts.newest_backup)}")
