"""The catalogue: which films there are, what models said of them, and which studies have been read."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from cxr_desktop.domain.errors import CatalogueError, DamagedCatalogue
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.domain.prediction import Heatmap, Judgement
from cxr_desktop.domain.worklist import AddedFilm, Film, FilmSource, NewFilm, Study
from cxr_desktop.language import tr
from cxr_desktop.storage import disks, rows
from cxr_desktop.storage.admission import Admission
from cxr_desktop.storage.backups import back_up, backups_of
from cxr_desktop.storage.contradictions import RemovedStudy, remove_study
from cxr_desktop.storage.database import GONE, Database, is_missing
from cxr_desktop.storage.folders import disk_errors
from cxr_desktop.storage.marks import Mark
from cxr_desktop.storage.schema import film, film_mark, heatmap, location, own_reading, prediction, study
from cxr_desktop.storage.snapshots import ModelKey, by_model, load_films, load_studies, portions

log = logging.getLogger(__name__)

Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Catalogue:
    """An open catalogue. Its methods may be called from any thread; each is one transaction.

    Every method raises `CatalogueError` where the disk is full, read-only or gone, and `DamagedCatalogue`
    where the file turns out to be damaged; then nothing of the call was stored.

    Attributes:
        path: the SQLite file.
        backup_problem: why today's backup failed, to be shown; "" where it did not.
    """

    def __init__(self, path: Path, database: Database, now: Now) -> None:
        self.path = path
        self.backup_problem = ""
        self._database = database
        self._now = now
        self._backed_up_on: date | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        start_anew: bool = False,
        on_network: Callable[[Path], bool] = disks.on_network,
        now: Now = utc_now,
    ) -> Catalogue:
        """Opens the catalogue at a path, creating it where there is none.

        Args:
            path: the SQLite file; its folder is created.
            start_anew: create an empty one even though backups of a former one are there.
            on_network: whether a path lies on a network share, where WAL must not be used.
            now: the time in UTC.

        Raises:
            DamagedCatalogue: the file is damaged, or gone while its backups are there.
            CatalogueError: another program's file, a newer schema, a full or read-only disk. The file was
                not changed.
        """
        path = path.absolute()
        with disk_errors():
            missing = is_missing(path)
        if missing and not start_anew and backups_of(path):
            raise DamagedCatalogue(GONE)

        def migrate(older: Path, revision: str) -> None:
            # Alembic takes 0.4 s to import, for a file that is nearly always up to date.
            from cxr_desktop.storage.migrations.upgrade import check_known, upgrade  # noqa: PLC0415

            check_known(revision)
            back_up(older, now().astimezone().date())
            upgrade(older)

        return cls(path, Database.open(path, network=on_network(path), migrate=migrate), now)

    def close(self) -> None:
        """Puts everything into the one file. No other method may be called afterwards."""
        self._database.close()

    # Films come in

    def add_films(self, new: Sequence[NewFilm], now: datetime | None = None) -> list[AddedFilm]:
        """Stores films, all of them or none. What it returns is on the disk.

        The rules (same pixels, same UIDs, other patients) are in `storage.admission`.

        Args:
            now: when they came in, with a time zone; None: just now.

        Returns:
            One answer for each of `new`, in the same order.
        """
        self._back_up_first()
        with self._database.writing() as connection:
            admission = Admission(connection, now or self._now(), _is_there)
            admitted = []
            for each in new:
                film_id, outcome = admission.admit(each)
                admitted.append((film_id, outcome, frozenset(admission.changed)))
                admission.changed.clear()
            ids = [admission.merged.get(film_id, film_id) for film_id, _, _ in admitted]
            films = {
                f.id: f for some in portions(film.c.id, set(ids)) for f in load_films(connection, None, some)
            }
        return [
            AddedFilm(films[film_id], outcome, changed)
            for film_id, (_, outcome, changed) in zip(ids, admitted, strict=True)
        ]

    def relocate(self, film_id: int, source: FilmSource, fingerprint: str) -> Film:
        """Notes where a film's file is now.

        Args:
            fingerprint: digest of the pixels found there.

        Raises:
            CatalogueError: the pixels there are another film's, or there is no such film.
        """
        with self._database.writing() as connection:
            known = connection.scalar(select(film.c.fingerprint).where(film.c.id == film_id))
            if known is None:
                raise CatalogueError(tr("This film is no longer in the catalogue. Open its file instead."))
            if known != fingerprint:
                raise CatalogueError(
                    tr(
                        "The chosen file shows another picture than the film that is missing. "
                        "Choose the original file, or open this one as a new film."
                    )
                )
            place = rows.place_values(source)
            here = (location.c.path == place["path"]) & (location.c.member == place["member"])
            connection.execute(delete(location).where(here))
            connection.execute(update(film).where(film.c.id == film_id).values(**place, problem=""))
            replaced = film_mark.c.mark == Mark.FILE_REPLACED.value
            connection.execute(delete(film_mark).where(film_mark.c.film_id == film_id, replaced))
            return load_films(connection, None, film.c.id == film_id)[0]

    def note_unreadable(self, film_id: int, problem: str) -> None:
        """A film that was taken in cannot be read again (its file is gone, say).

        It counts as unreadable until it is opened again, located or scored after all.
        """
        with self._database.writing() as connection:
            connection.execute(update(film).where(film.c.id == film_id).values(problem=problem))

    # Films are scored

    def save_judgements(self, model: ModelKey, judgements: Iterable[tuple[int, Judgement]]) -> list[int]:
        """Stores what a model said of films, in the place of what the same version said before.

        Args:
            judgements: (film id, judgement by this very model).

        Returns:
            The ids of the films judged; those that are no longer in the catalogue are left out.
        """
        judged = dict(judgements)
        for judgement in judged.values():
            said_by = (judgement.prediction.model_id, judgement.prediction.model_version)
            if said_by != model:
                raise ValueError(f"a judgement by {said_by} was handed over as one by {model}")
        self._back_up_first()
        with self._database.writing() as connection:
            there = [
                film_id
                for some in portions(film.c.id, judged.keys())
                for film_id in connection.scalars(select(film.c.id).where(some).order_by(film.c.id))
            ]
            for film_id in there:
                judgement = judged[film_id]
                key = {"film_id": film_id, "model_id": model[0], "model_version": model[1]}
                # Its heatmap goes with it.
                connection.execute(
                    delete(prediction).where(prediction.c.film_id == film_id, by_model(model, prediction))
                )
                connection.execute(insert(prediction), key | rows.prediction_values(judgement, self._now()))
                if judgement.heatmap is not None:
                    connection.execute(insert(heatmap), key | rows.heatmap_values(judgement.heatmap))
                connection.execute(update(film).where(film.c.id == film_id).values(problem=""))
        return there

    # The reader looks

    def studies(self, model: ModelKey | None, only: Collection[int] | None = None) -> list[Study]:
        """Studies by id, with one model's predictions and with thumbnails.

        Args:
            model: whose predictions; None: without.
            only: ids of the studies wanted; one that is gone is left out. None: all.
        """
        with self._database.reading() as connection:
            return load_studies(connection, model, only)

    def study(self, study_id: int, model: ModelKey | None = None) -> Study | None:
        """One study; None if it is gone."""
        return next(iter(self.studies(model, [study_id])), None)

    def film(self, film_id: int, model: ModelKey | None = None) -> Film | None:
        """One film; None if it is gone."""
        with self._database.reading() as connection:
            return next(iter(load_films(connection, model, film.c.id == film_id)), None)

    def places(self, film_id: int) -> list[FilmSource]:
        """Where a film can be read from, the likeliest first: its copy, its file, other files like it."""
        with self._database.reading() as connection:
            known = load_films(connection, None, film.c.id == film_id)
            others = select(location).where(location.c.film_id == film_id)
            elsewhere = [rows.place_of(row) for row in connection.execute(others)]
        return list(dict.fromkeys([place for f in known for place in (f.file, f.source)] + elsewhere))

    def heatmap(self, film_id: int, model: ModelKey) -> Heatmap | None:
        """The heatmap that a model gave for a film; None where it gave none.

        Equal to the one that was saved but for rounding to half precision, relative to its peak.
        """
        given = select(heatmap).where(heatmap.c.film_id == film_id, by_model(model, heatmap))
        with self._database.reading() as connection:
            row = connection.execute(given).one_or_none()
        return rows.heatmap_of(row) if row else None

    def lung_regions(self, film_id: int, model: ModelKey) -> tuple[Box, ...]:
        """The lung fields seen when a model judged a film, the two lungs first, in the film's coordinates."""
        judged = select(prediction).where(prediction.c.film_id == film_id, by_model(model, prediction))
        with self._database.reading() as connection:
            row = connection.execute(judged).one_or_none()
        return rows.lung_regions_of(row) if row else ()

    def mark_read(self, study_id: int, at: datetime | None) -> None:
        """Notes when a study was read, with a time zone; None: it is to be read again."""
        with self._database.writing() as connection:
            connection.execute(update(study).where(study.c.id == study_id).values(read_at=at))

    def note_own_reading(self, film_id: int, reading: OwnReading | None) -> None:
        """Keeps what the reader says of a film, in the place of what was said before; None takes it back.

        Of a film that is no longer in the catalogue nothing is kept.
        """
        of_film = own_reading.c.film_id == film_id
        with self._database.writing() as connection:
            connection.execute(delete(own_reading).where(of_film))
            if reading is not None and connection.scalar(select(film.c.id).where(film.c.id == film_id)):
                values = {"film_id": film_id, "label": reading.label, "given_at": reading.at}
                connection.execute(insert(own_reading), values)

    def films_with_own_reading(self) -> list[Film]:
        """The films of which the reader has said something, by id, without predictions."""
        with self._database.reading() as connection:
            return load_films(connection, None, film.c.id.in_(select(own_reading.c.film_id)))

    def remove_study(self, study_id: int) -> RemovedStudy:
        """Takes a study out of the catalogue. No file is touched: what to do with the copies is the caller's.

        Earlier backups still have it until they are thinned out.
        """
        with self._database.writing() as connection:
            return remove_study(connection, study_id)

    # Nothing is lost

    def back_up_if_due(self) -> None:
        """Makes today's backup if there is none yet. May take a moment: not for the window's thread.

        Films and judgements that come in see to it themselves, before the first of the day is stored.

        Raises:
            CatalogueError: it failed; earlier backups are as they were.
        """
        today = self._now().astimezone().date()
        if self._backed_up_on != today:
            if all(backup.day != today for backup in backups_of(self.path)):
                back_up(self.path, today)
            self._backed_up_on = today
        self.backup_problem = ""

    def _back_up_first(self) -> None:
        try:
            self.back_up_if_due()
        except CatalogueError as reason:
            # A film must come in even where there is no room for a backup; the window shows the problem.
            self.backup_problem = str(reason)
            log.warning("no backup of the catalogue today: %s", reason)


def _is_there(source: FilmSource) -> bool:
    return os.path.isfile(source.path)  # noqa: PTH113 - unlike Path.is_file it never raises
