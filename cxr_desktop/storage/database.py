"""Opening the catalogue's file safely, and wording what SQLite says."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from cxr_desktop.domain.errors import CatalogueError, DamagedCatalogue
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import DISK_FULL, NO_RIGHTS, create_private_file, disk_errors, secure
from cxr_desktop.storage.schema import APPLICATION_ID, SCHEMA_REVISION, metadata, schema_version

log = logging.getLogger(__name__)

# A writer holds the file for the milliseconds of one group of films; a virus scanner perhaps for longer.
BUSY_SECONDS = 15.0
_NEARLY_FULL_BYTES = 1_000_000
_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, 1.3.1

DAMAGED = tr(
    "The catalogue is damaged. Restore its newest backup: films that came in after it must be "
    "opened again, the films' own files are not touched."
)
GONE = tr(
    "The catalogue is gone, though backups of it are there. Restore the newest one, or start a new catalogue."
)
FOREIGN = tr(
    "This file is a database, but not a catalogue of this program. Choose another file; it was not changed."
)
_BUSY = tr(
    "The catalogue is in use by another program (a second window, a backup or a virus "
    "scanner). Try again in a moment."
)
_UNREACHABLE = tr(
    "The disk with the catalogue cannot be read or written: it is disconnected, failing or "
    "closed to you. Check it, then try again."
)


class Database:
    """An open catalogue file. Any thread may use it; a connection is never in the hands of two at once."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self._path = path
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    @classmethod
    def open(cls, path: Path, *, network: bool, migrate: Callable[[Path, str], None]) -> Database:
        """Opens a catalogue, creating it where there is none and bringing an older one up to date.

        Args:
            network: whether the file lies on a network share.
            migrate: brings a file up to date, given its revision; refuses one that it does not know.

        Raises:
            DamagedCatalogue: the file is damaged or no database at all; it was not changed.
            CatalogueError: another program's file, a newer schema, a full or read-only disk.
        """
        with disk_errors():
            if not path.exists():
                create_private_file(path)
        with sqlite_errors(path):
            revision = _revision(path, check=open_marker(path).exists())
        if revision is not None and revision != SCHEMA_REVISION:
            migrate(path, revision)
        with disk_errors():
            secure(path)  # SQLite gives the files beside it the same mode
            create_private_file(open_marker(path))
        database = cls(path, _engine(path, "DELETE" if network else "WAL"))
        try:
            # Connects in any case, so that what is wrong with the disk shows now and not at the first film.
            with database.reading() if revision else database.writing() as connection:
                if revision is None:
                    _create_tables(connection)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the catalogue, whatever other threads write meanwhile."""
        with sqlite_errors(self._path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is on the disk at the end, or nothing if anything was raised."""
        with sqlite_errors(self._path), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Folds the write-ahead log into the file and notes that nothing was left half done."""
        self._engine.dispose()
        with disk_errors():
            open_marker(self._path).unlink(missing_ok=True)


def open_marker(path: Path) -> Path:
    """The file that is there while the catalogue is open, and afterwards if the program was killed."""
    return path.with_name(path.name + "-open")


def is_missing(path: Path) -> bool:
    """Whether there is no catalogue at a path, or only the empty file of one that was never begun."""
    return not path.exists() or path.stat().st_size == 0


def quick_check(connection: sqlite3.Connection) -> None:
    """Looks through the whole file.

    Raises:
        DamagedCatalogue: it contradicts itself.
    """
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise DamagedCatalogue(DAMAGED)


def _revision(path: Path, check: bool) -> str | None:
    """The schema revision of a file; None if it is empty. Changes nothing in it.

    Raises:
        DamagedCatalogue: it is no database or, if `check`, contradicts itself.
        CatalogueError: it is another program's database.
    """
    with disk_errors(), path.open("r+b") as file:  # "+": a file that is read-only for us shows here
        start = file.read(len(_MAGIC))
    # SQLite itself would take a file of a few bytes for an empty one and write over it.
    if start and start != _MAGIC:
        raise DamagedCatalogue(DAMAGED)
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if not tables and application == 0:
            return None
        if application != APPLICATION_ID:
            raise CatalogueError(FOREIGN)
        if schema_version.name not in tables:
            raise DamagedCatalogue(DAMAGED)
        if check:
            log.warning("the catalogue was not closed the last time; checking it")
            quick_check(connection)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else ""


def _create_tables(connection: Connection) -> None:
    """Makes an empty file a catalogue."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    metadata.create_all(connection)
    schema_version.create(connection)
    connection.execute(insert(schema_version).values(version_num=SCHEMA_REVISION))


def _engine(path: Path, journal_mode: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS},
        max_overflow=-1,  # a thread never waits for another one's connection
        hide_parameters=True,  # they hold patients' names, and an error's text may reach the log
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver must not open transactions on its own: "begin" below does, and knows which kind.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA journal_mode = {journal_mode}")
        # FULL: a film that was shown as stored outlives a power cut too, for one wait on the disk a group.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for another writer (SQLITE_BUSY at
        # once), so a writer says so from the start.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Words what SQLite reports of the disk and the file; errors of the program itself pass.

    Raises:
        DamagedCatalogue: the file is damaged.
        CatalogueError: the disk is full, read-only, gone or busy.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        reported = error.orig if isinstance(error, DBAPIError) else error
        explained = explain(reported, path)
        if explained is None:
            raise
        raise explained from None


def explain(error: BaseException | None, path: Path) -> CatalogueError | None:
    """What an SQLite error means to the reader; None where it is the program's own mistake."""
    name: str = getattr(error, "sqlite_errorname", "")  # e.g. SQLITE_IOERR_WRITE
    match "_".join(name.split("_")[:2]):
        case "SQLITE_CORRUPT" | "SQLITE_NOTADB":
            return DamagedCatalogue(DAMAGED)
        case "SQLITE_FULL":
            return CatalogueError(DISK_FULL)
        case "SQLITE_READONLY" | "SQLITE_PERM" | "SQLITE_AUTH":
            return CatalogueError(NO_RIGHTS)
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return CatalogueError(_BUSY)
        case "SQLITE_CANTOPEN" | "SQLITE_IOERR":
            # On a full disk SQLite cannot enlarge its shared memory either, and calls that an I/O error.
            return CatalogueError(DISK_FULL if _is_full(path.parent) else _UNREACHABLE)
    return None


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NEARLY_FULL_BYTES
    except OSError:
        return False
