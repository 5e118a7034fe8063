"""How new films find their place among those that are there.

The same pixels are one film, wherever their files lie; a Study Instance UID is one study. Unless the headers
name different patients: then films are kept apart and marked, because a film under a wrong name is a danger
and a row too many is not. A file that could not be read has a row of its own, which gives way once it can.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Table,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.worklist import FilmSource, NewFilm, Outcome
from cxr_desktop.storage import rows
from cxr_desktop.storage.contradictions import headers_of, mark_contradictions, mark_films
from cxr_desktop.storage.identity import best_match, is_anonymous, other_patient
from cxr_desktop.storage.marks import Mark
from cxr_desktop.storage.schema import film, film_mark, location, study, thumbnail

FileIsThere = Callable[[FilmSource], bool]


class Admission:
    """Takes films in within one transaction.

    Attributes:
        changed: the studies that look different now; the caller may empty it between films.
        merged: films that gave way to another one: their id -> the other's.
    """

    def __init__(self, connection: Connection, now: datetime, is_there: FileIsThere) -> None:
        self._connection = connection
        self._now = now
        self._is_there = is_there
        self.changed: set[int] = set()
        self.merged: dict[int, int] = {}

    def admit(self, new: NewFilm) -> tuple[int, Outcome]:
        """Adds a film, or finds the one that it is. Gives the film's id and what became of it."""
        unreadable = self._unreadable_like(new)
        if new.problem:
            if unreadable is None:
                return self._insert(new), Outcome.ADDED
            self._rewrite(unreadable, new, is_news=False)
            return unreadable, Outcome.KNOWN
        same_pixels = headers_of(self._connection, film.c.fingerprint == new.fingerprint)
        match = best_match(new.header, same_pixels)
        if match is not None:
            self._merge(match, new)
            if unreadable is not None:
                self._give_way(unreadable, match)
            film_id, outcome = match, Outcome.KNOWN
        elif unreadable is not None:
            self._rewrite(unreadable, new, is_news=True)
            film_id, outcome = unreadable, Outcome.RECOVERED
        else:
            film_id, outcome = self._insert(new), Outcome.ADDED
        self._evict(new.source, new.fingerprint)
        return film_id, outcome

    def _unreadable_like(self, new: NewFilm) -> int | None:
        """The row of this file from when it could not be read, unless it named another patient.

        On sticks and discs many patients' files are called IM0001.
        """
        here = (film.c.fingerprint == "") & _at(film, new.source)
        return best_match(new.header, headers_of(self._connection, here))

    def _insert(self, new: NewFilm) -> int:
        study_id = self._study_like(new.header) or self._new_study()
        values = rows.film_values(new) | {"study_id": study_id, "added_at": self._now}
        film_id = _key(self._connection.execute(insert(film), values))
        self._keep_thumbnail(film_id, new.thumbnail)
        self._to_be_read(study_id)
        self.changed |= mark_contradictions(self._connection, film_id, new.header, new.fingerprint)
        return film_id

    def _rewrite(self, film_id: int, new: NewFilm, is_news: bool) -> None:
        """What is known of a file that could not be read before; its id and its waiting time stay."""
        self._connection.execute(update(film).where(film.c.id == film_id), rows.film_values(new))
        self._keep_thumbnail(film_id, new.thumbnail)
        self._settle(film_id, new.header, new.fingerprint, is_news)

    def _keep_thumbnail(self, film_id: int, jpeg: bytes) -> None:
        if jpeg:
            new = upsert(thumbnail).values(film_id=film_id, jpeg=jpeg)
            self._connection.execute(new.on_conflict_do_update(set_={"jpeg": jpeg}))

    def _merge(self, film_id: int, new: NewFilm) -> None:
        """The film is there already; perhaps its file lies in one more place, or says more about it."""
        known = self._connection.execute(select(film).where(film.c.id == film_id)).one()
        self.changed.add(known.study_id)
        source = rows.place_of(known)
        here = FilmSource(new.source.path.absolute(), new.source.member)
        replaced = self._has_mark(film_id, Mark.FILE_REPLACED)
        found: rows.Values = {"problem": ""}  # it has just been read
        if replaced or (here != source and not known.copy and not self._is_there(source)):
            found |= rows.place_values(here)
            self._connection.execute(delete(location).where(_at(location, here)))
            if not replaced:
                self._note_place(film_id, source)  # its drive may come back
        elif here != source:
            self._note_place(film_id, here)
        if new.copy and not known.copy:
            found["copy"] = str(new.copy)
        self._connection.execute(update(film).where(film.c.id == film_id), found)
        self._connection.execute(delete(film_mark).where(_marked(film_id, Mark.FILE_REPLACED)))
        if is_anonymous(rows.header_of(known)) and not is_anonymous(new.header):
            self._connection.execute(update(film).where(film.c.id == film_id), rows.header_values(new.header))
            self._settle(film_id, new.header, new.fingerprint, is_news=False)

    def _give_way(self, unreadable: int, film_id: int) -> None:
        """The file could not be read before; now it turns out to be a film that is there already."""
        left = self._study_of(unreadable)
        self._connection.execute(delete(film).where(film.c.id == unreadable))
        self._drop_if_empty(left)
        self.merged[unreadable] = film_id

    def _note_place(self, film_id: int, place: FilmSource) -> None:
        new = upsert(location).values(film_id=film_id, **rows.place_values(place))
        self._connection.execute(new.on_conflict_do_update(set_={"film_id": film_id}))

    def _evict(self, place: FilmSource, fingerprint: str) -> None:
        """No other film's pixels are in this place any more: it has been overwritten."""
        others = select(film.c.id).where(film.c.fingerprint != fingerprint)
        self._connection.execute(delete(location).where(_at(location, place), location.c.film_id.in_(others)))
        overwritten = select(film.c.id, film.c.study_id).where(
            _at(film, place), film.c.fingerprint.not_in(("", fingerprint)), film.c.copy.is_(None)
        )
        for film_id, study_id in self._connection.execute(overwritten).all():
            self.changed.add(study_id)
            elsewhere = self._connection.execute(
                select(location).where(location.c.film_id == film_id).limit(1)
            ).one_or_none()
            if elsewhere is None:
                mark_films(self._connection, film.c.id == film_id, Mark.FILE_REPLACED)
                continue
            moved = rows.place_of(elsewhere)
            self._connection.execute(delete(location).where(_at(location, moved)))
            self._connection.execute(
                update(film).where(film.c.id == film_id).values(**rows.place_values(moved))
            )

    def _settle(self, film_id: int, header: FilmHeader, fingerprint: str, is_news: bool) -> None:
        """Moves a film to the study that its new header names, and marks what contradicts it.

        Args:
            is_news: whether the reader has not seen this film yet; its study is then to be read again.
        """
        left = self._study_of(film_id)
        read_at = self._connection.execute(select(study.c.read_at).where(study.c.id == left)).scalar_one()
        others = select(exists().where(film.c.study_id == left, film.c.id != film_id))
        study_id = self._study_like(header, film_id)
        if study_id is None:
            study_id = self._new_study(read_at) if self._connection.scalar(others) else left
        self._connection.execute(update(film).where(film.c.id == film_id).values(study_id=study_id))
        self.changed.add(study_id)
        self._drop_if_empty(left)
        if is_news or read_at is None:
            self._to_be_read(study_id)
        self.changed |= mark_contradictions(self._connection, film_id, header, fingerprint)

    def _study_of(self, film_id: int) -> int:
        found = self._connection.execute(select(film.c.study_id).where(film.c.id == film_id))
        return int(found.scalar_one())

    def _new_study(self, read_at: datetime | None = None) -> int:
        return _key(self._connection.execute(insert(study), {"read_at": read_at}))

    def _to_be_read(self, study_id: int) -> None:
        self._connection.execute(update(study).where(study.c.id == study_id).values(read_at=None))
        self.changed.add(study_id)

    def _study_like(self, header: FilmHeader, film_id: int = 0) -> int | None:
        """The study of other films with the same Study Instance UID, as far as the patient is the same."""
        fitting, same_id = self._studies_like(header, film_id)
        if same_id:
            return min(same_id)
        # Without a patient's ID two studies may fit; then none does, rather than the wrong one.
        return min(fitting) if len(fitting) == 1 else None

    def _studies_like(self, header: FilmHeader, film_id: int) -> tuple[set[int], set[int]]:
        """The studies with the header's UID: whose patient may be the same, and whose ID is the same."""
        if not header.study_instance_uid:
            return set(), set()
        patients = select(
            film.c.study_id,
            film.c.patient_id,
            film.c.patient_name,
            film.c.patient_name_ideographic,
            film.c.patient_name_phonetic,
        ).distinct()
        same_uid = (film.c.study_instance_uid == header.study_instance_uid) & (film.c.id != film_id)
        fitting: set[int] = set()
        unfitting: set[int] = set()
        same_id: set[int] = set()
        for study_id, patient_id, *name in self._connection.execute(patients.where(same_uid)):
            patient = FilmHeader(patient_id=patient_id, patient_name=PersonName(*name))
            (unfitting if other_patient(header, patient) else fitting).add(study_id)
            if header.patient_id and patient_id == header.patient_id:
                same_id.add(study_id)
        return fitting - unfitting, same_id - unfitting

    def _drop_if_empty(self, study_id: int) -> None:
        self.changed.add(study_id)
        empty = ~exists().where(film.c.study_id == study.c.id)
        self._connection.execute(delete(study).where(study.c.id == study_id, empty))

    def _has_mark(self, film_id: int, mark: Mark) -> bool:
        return bool(self._connection.scalar(select(exists().where(_marked(film_id, mark)))))


def _at(table: Table, place: FilmSource) -> ColumnElement[bool]:
    values = rows.place_values(place)
    return and_(table.c.path == values["path"], table.c.member == values["member"])


def _marked(film_id: int, mark: Mark) -> ColumnElement[bool]:
    return and_(film_mark.c.film_id == film_id, film_mark.c.mark == mark.value)


def _key(inserted: CursorResult[Any]) -> int:
    key = inserted.inserted_primary_key
    assert key is not None
    return int(key[0])
