"""The program's folders and its catalogue: numbers only, no name of anything in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cxr_desktop.app.check_up.computer import gigabytes
from cxr_desktop.domain.check_up import Finding, Outcome
from cxr_desktop.domain.wording import date_text
from cxr_desktop.language import grouped, tr
from cxr_desktop.storage.examination import FolderFacts, examine_catalogue, examine_folder
from cxr_desktop.storage.folders import UserFolders

# A day's films copied from discs, and a training's store.
_LITTLE_ROOM = 1e9


def of_folders(folders: UserFolders) -> Iterator[Finding]:
    """Where the program keeps things, and whether it can."""
    for about, folder in ((tr("Data"), folders.data), (tr("Log"), folders.log)):
        try:
            facts = examine_folder(folder)
        except OSError as error:
            yield Finding(
                about,
                tr("{folder}: {reason}. Check the drive.", folder=folder, reason=error.strerror),
                Outcome.AMISS,
            )
            continue
        if facts is None:
            yield Finding(
                about,
                tr("{folder}: not there yet, it is made at the first start", folder=folder),
                Outcome.REMARK,
            )
        else:
            yield _of_folder(about, folder, facts)


def _of_folder(about: str, folder: Path, facts: FolderFacts) -> Finding:
    free = tr("{size} free", size=gigabytes(facts.free))
    if facts.problem:
        return Finding(
            about,
            tr(
                "{folder}: {free}; nothing can be written there: {problem}. Free some space, or ask for "
                "the right to write there.",
                folder=folder,
                free=free,
                problem=facts.problem,
            ),
            Outcome.AMISS,
        )
    known = [free, tr("can be written to")]
    if facts.on_network:
        known.append(tr("on a network share"))
    if facts.private:
        known.append(tr("closed to other users"))
    words = f"{folder}: {', '.join(known)}"
    if facts.private is False:
        return Finding(
            about,
            tr("{state}; open to other users, which the next start puts right", state=words),
            Outcome.REMARK,
        )
    if facts.free < _LITTLE_ROOM:
        return Finding(
            about, tr("{state}. The disk is nearly full: free some space.", state=words), Outcome.AMISS
        )
    return Finding(about, words)


def of_catalogue(file: Path) -> Iterator[Finding]:
    """Whether it is sound, and how much is in it."""
    facts = examine_catalogue(file)
    if facts is None:
        yield Finding(tr("Catalogue"), tr("none yet"), Outcome.REMARK)
        return
    schema = (
        tr("schema {revision}", revision=facts.revision)
        if facts.revision
        else tr("schema from before the first")
    )
    if facts.is_older:
        schema = tr("{schema}, brought up to date at the next start; a backup is made before", schema=schema)
    yield Finding(tr("Catalogue"), tr("sound, {size:.1f} MB, {schema}", size=facts.size / 1e6, schema=schema))
    counts = facts.counts
    yield Finding(
        tr("Studies"),
        tr("{studies:,}, {read:,} of them read", studies=counts["studies"], read=counts["read"]),
    )
    yield Finding(
        tr("Films"),
        tr(
            "{films:,}, {unreadable:,} of them with a problem",
            films=counts["films"],
            unreadable=counts["unreadable"],
        ),
    )
    yield Finding(tr("Judgements"), grouped(counts["judgements"]))
    if facts.newest_backup is None:
        yield Finding(
            tr("Backups"), tr("none yet; one is made each day on which films come in"), Outcome.REMARK
        )
    else:
        yield Finding(
            tr("Backups"),
            tr(
                "{backups:,}, the newest of {date}",
                backups=facts.backups,
                date=date_text(facts.newest_backup),
            ),
        )
