"""Marking films whose files contradict one another, and taking marks back once the contradiction is gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, delete, literal, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.storage import rows
from cxr_desktop.storage.identity import contradicts
from cxr_desktop.storage.marks import Mark
from cxr_desktop.storage.schema import film, film_mark, study
from cxr_desktop.storage.snapshots import portions


def headers_of(connection: Connection, which: ColumnElement[bool]) -> list[tuple[int, FilmHeader]]:
    """The ids and headers of the films that a condition on the table `film` selects."""
    found = connection.execute(select(film).where(which).order_by(film.c.id))
    return [(row.id, rows.header_of(row)) for row in found]


def mark_contradictions(
    connection: Connection, film_id: int, header: FilmHeader, fingerprint: str
) -> set[int]:
    """Marks a film and those that it contradicts. Gives the studies of the films newly marked."""
    changed: set[int] = set()
    same_pixels = headers_of(connection, film.c.fingerprint == fingerprint) if fingerprint else []
    twins = [twin for twin, other in same_pixels if contradicts(header, other)]
    if twins:
        changed |= _mark_with(connection, film_id, film.c.id.in_(twins), Mark.SAME_PIXELS_OTHER_PATIENT)
    if fingerprint and header.sop_instance_uid:
        same_uid = film.c.sop_instance_uid == header.sop_instance_uid
        other_pixels = film.c.fingerprint.not_in(("", fingerprint))
        changed |= _mark_with(connection, film_id, same_uid & other_pixels, Mark.SAME_UID_OTHER_PIXELS)
    if header.study_instance_uid:
        same_study = film.c.study_instance_uid == header.study_instance_uid
        own = select(film.c.study_id).where(film.c.id == film_id).scalar_subquery()
        kept_apart = film.c.study_id != own
        changed |= _mark_with(connection, film_id, same_study & kept_apart, Mark.SAME_STUDY_OTHER_PATIENT)
    return changed


def _mark_with(connection: Connection, film_id: int, others: ColumnElement[bool], mark: Mark) -> set[int]:
    """Marks a film and the others that contradict it, if there are any."""
    if connection.scalar(select(film.c.id).where(others).limit(1)) is None:
        return set()
    return mark_films(connection, others, mark) | mark_films(connection, film.c.id == film_id, mark)


def mark_films(connection: Connection, which: ColumnElement[bool], mark: Mark) -> set[int]:
    """Marks all those films at once. Gives the studies of those that were not marked so before."""
    selected = select(film.c.id, literal(mark.value)).where(which)
    new = upsert(film_mark).from_select(["film_id", "mark"], selected).on_conflict_do_nothing()
    marked = connection.scalars(new.returning(film_mark.c.film_id)).all()
    # Hardly ever are there many, unless a device gives all its studies one UID.
    return {
        study_id
        for some in portions(film.c.id, marked)
        for study_id in connection.scalars(select(film.c.study_id).where(some))
    }


@dataclass(frozen=True)
class RemovedStudy:
    """What is left to do after a study was taken out of the catalogue.

    Attributes:
        copies: files in the data folder that belong to no film any more.
        changed_study_ids: studies that lost a mark, because what contradicted them is gone.
    """

    copies: tuple[Path, ...] = ()
    changed_study_ids: frozenset[int] = frozenset()


def remove_study(connection: Connection, study_id: int) -> RemovedStudy:
    """Removes a study with its films and what was said of them, and the marks that they caused."""
    gone = connection.execute(select(film).where(film.c.study_id == study_id)).all()
    connection.execute(delete(film).where(film.c.study_id == study_id))
    connection.execute(delete(study).where(study.c.id == study_id))
    changed: set[int] = set()
    for row in gone:
        changed |= _mark_anew(connection, row.fingerprint, rows.header_of(row))
    copies = {row.copy for row in gone if row.copy}
    return RemovedStudy(
        tuple(Path(copy) for copy in sorted(copies - _in_use(connection, copies))), frozenset(changed)
    )


def _mark_anew(connection: Connection, fingerprint: str, header: FilmHeader) -> set[int]:
    """Judges the films anew that a removed one may have contradicted."""
    related = or_(
        (film.c.fingerprint == fingerprint) & (film.c.fingerprint != ""),
        (film.c.sop_instance_uid == header.sop_instance_uid) & (film.c.sop_instance_uid != ""),
        (film.c.study_instance_uid == header.study_instance_uid) & (film.c.study_instance_uid != ""),
    )
    marked = (
        select(film).join(film_mark).where(related, film_mark.c.mark != Mark.FILE_REPLACED.value).distinct()
    )
    films = connection.execute(marked).all()
    for row in films:
        connection.execute(
            delete(film_mark).where(
                film_mark.c.film_id == row.id, film_mark.c.mark != Mark.FILE_REPLACED.value
            )
        )
    for row in films:
        mark_contradictions(connection, row.id, rows.header_of(row), row.fingerprint)
    return {row.study_id for row in films}


def _in_use(connection: Connection, copies: Collection[str]) -> set[str]:
    """Which of these copies another film still has: of the same file under two patients, say."""
    return {
        copy
        for each in copies
        for copy in connection.scalars(select(film.c.copy).where(film.c.copy == each).limit(1))
    }
