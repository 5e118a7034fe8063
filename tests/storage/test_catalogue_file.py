"""The catalogue's file under bad conditions: kills, full disks, damage, strangers, network shares."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from cxr_desktop.domain.errors import CatalogueError, DamagedCatalogue
from cxr_desktop.storage.backups import backups_of
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.database import open_marker
from cxr_desktop.storage.migrations.upgrade import alembic_config
from cxr_desktop.storage.schema import APPLICATION_ID, SCHEMA_REVISION, metadata
from tests.conftest import PROJECT
from tests.storage.builders import MODEL, header, judgement, new_film, unscored


def ask(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows: list[tuple[object, ...]] = connection.execute(statement).fetchall()
        connection.commit()
        return rows


# Killed programs


def test_after_a_kill_at_any_moment_every_film_shown_as_stored_is_there(path: Path) -> None:
    moments = random.Random(20250310)
    shown: set[str] = set()
    for run in range(4):
        command = [sys.executable, "-m", "tests.storage.adding_films", str(path), str(run)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            shown.update(child.stdout.readline().split())  # it has begun
            time.sleep(moments.uniform(0, 0.3))
            child.kill()
            rest = child.stdout.read()
        # The last line may be cut: what it does not end with a line break was not shown.
        shown.update(rest[: rest.rfind("\n") + 1].split())
        assert ask(path, "PRAGMA integrity_check") == [("ok",)]
        catalogue = Catalogue.open(path)
        stored = {film.fingerprint for study in catalogue.studies(MODEL) for film in study.films}
        assert shown <= stored
        assert len(stored) % 6 == 0, "a group is stored whole or not at all"
        catalogue.close()
    assert len(shown) >= 24


def test_a_catalogue_that_was_not_closed_is_checked_and_one_that_was_is_not(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = Catalogue.open(path)
    assert open_marker(path).exists()
    Catalogue.open(path).close()
    assert "checking it" in caplog.text
    catalogue.close()
    assert not open_marker(path).exists()
    caplog.clear()
    Catalogue.open(path).close()
    assert "checking it" not in caplog.text


# Threads


def test_many_threads_may_use_one_catalogue(catalogue: Catalogue) -> None:
    failures: list[BaseException] = []
    done = threading.Event()

    def write(name: str) -> None:
        try:
            for group in range(6):
                films = [
                    new_film(f"/{name}/{group}/{i}", f"{name}-{group}-{i}", header(name)) for i in range(4)
                ]
                added = catalogue.add_films(films)
                catalogue.save_judgements(MODEL, [(a.film.id, judgement()) for a in added])
        except BaseException as failure:
            failures.append(failure)

    def read() -> None:
        try:
            while not done.is_set():
                for study in catalogue.studies(MODEL):
                    assert study.films
                time.sleep(0.005)
        except BaseException as failure:
            failures.append(failure)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert not failures
    assert len(catalogue.studies(MODEL)) == 72
    assert unscored(catalogue, MODEL) == []


def test_a_reader_is_not_held_up_by_a_writer(catalogue: Catalogue) -> None:
    catalogue.add_films([new_film("/a", "aa")])
    with closing(sqlite3.connect(catalogue.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM thumbnail")
        (study,) = catalogue.studies(None)
        assert study.films[0].thumbnail
        writer.execute("ROLLBACK")


# Rights


@contextmanager
def umask(mask: int) -> Iterator[None]:
    former = os.umask(mask)
    try:
        yield
    finally:
        os.umask(former)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access control lists instead of modes")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_catalogue_and_backups_are_the_owners_alone_whatever_the_umask(path: Path, mask: int) -> None:
    with umask(mask):
        catalogue = Catalogue.open(path)
        catalogue.add_films([new_film("/a", "aa")])
        files = [each for each in path.parent.rglob("*") if each.is_file()]
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in files}
        catalogue.close()
    assert {"catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"} <= modes.keys()
    assert len(backups_of(path)) == 1
    assert set(modes.values()) == {0o600}, modes
    for folder in (path.parent, backups_of(path)[0].path.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access control lists instead of modes")
def test_a_catalogue_that_others_could_read_is_closed_to_them_and_a_shared_folder_left_alone(
    path: Path,
) -> None:
    path.parent.mkdir(mode=0o755)
    path.parent.chmod(0o755)
    Catalogue.open(path).close()
    path.chmod(0o644)
    Catalogue.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


def test_a_read_only_disk_is_named_and_what_to_do(tiny_disk: Path) -> None:
    path = tiny_disk / "catalogue.sqlite"
    Catalogue.open(path).close()
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True, capture_output=True)
    with pytest.raises(CatalogueError, match="read-only"):
        Catalogue.open(path)


# Full disks


def test_on_a_full_disk_nothing_is_lost_and_the_reader_is_told(tiny_disk: Path) -> None:
    path = tiny_disk / "catalogue.sqlite"
    catalogue = Catalogue.open(path)
    stored: list[int] = []
    picture = b"\xff\xd8" + os.urandom(50_000)
    with pytest.raises(CatalogueError, match="is full"):
        for i in range(100):
            film = new_film(f"/{i}", f"f{i}")
            stored += [
                a.film.id for a in catalogue.add_films([type(film)(**{**vars(film), "thumbnail": picture})])
            ]
    assert stored
    assert [s.films[0].id for s in catalogue.studies(None)] == stored
    catalogue.close()
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


def test_opening_on_a_full_disk_says_so(tiny_disk: Path) -> None:
    (tiny_disk / "ballast").write_bytes(b"")
    with (tiny_disk / "ballast").open("wb", buffering=0) as ballast, pytest.raises(OSError, match="space"):
        while True:
            ballast.write(bytes(4096))
    with pytest.raises(CatalogueError, match="is full"):
        Catalogue.open(tiny_disk / "catalogue.sqlite")


# Damage and strangers


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be one" * 100, b"x"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(DamagedCatalogue, match="damaged"):
        Catalogue.open(path)
    assert path.read_bytes() == content


def test_damage_within_is_found_after_an_unclean_end(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.add_films([new_film(f"/{i}", f"f{i}" * 30) for i in range(200)])
    catalogue.close()
    content = bytearray(path.read_bytes())
    content[8 * 4096 : 20 * 4096] = os.urandom(12 * 4096)
    path.write_bytes(content)
    open_marker(path).touch()
    with pytest.raises(DamagedCatalogue, match="Restore its newest backup"):
        Catalogue.open(path)
    assert path.read_bytes() == content


def test_damage_that_shows_while_reading_is_worded(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.add_films([new_film(f"/{i}", f"f{i}" * 30) for i in range(200)])
    catalogue.close()
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)  # the first page holds the tables' definitions
    path.write_bytes(content)
    with pytest.raises(DamagedCatalogue):
        Catalogue.open(path).studies(None)


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    ask(path, "CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="not a catalogue"):
        Catalogue.open(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_catalogue(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    catalogue = Catalogue.open(path)
    assert catalogue.studies(None) == []
    catalogue.close()


def test_an_errors_text_never_holds_a_patients_name(path: Path) -> None:
    catalogue = Catalogue.open(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE thumbnail")
    with pytest.raises(Exception, match="thumbnail") as caught:
        catalogue.add_films([new_film("/Secret^Name.dcm", "aa", header("Secret^Name"))])
    assert "Secret" not in str(caught.value)
    catalogue.close()


# Schema


def test_the_stamp_is_alembics_head() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [SCHEMA_REVISION]


def make_unstamped(path: Path) -> None:
    """A catalogue from before the first revision: stamped with none."""
    path.parent.mkdir(exist_ok=True)
    ask(path, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    ask(path, f"PRAGMA application_id = {APPLICATION_ID}")


def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    migrated, created = tmp_path / "migrated.sqlite", tmp_path / "created.sqlite"
    make_unstamped(migrated)
    Catalogue.open(migrated).close()
    Catalogue.open(created).close()

    def tables(path: Path) -> dict[object, object]:
        found = ask(path, "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%'")
        # A column that was added later stands in the same line as another.
        parts = {name: [part.strip() for part in re.split("[,\n]", str(sql))] for name, sql in found}
        return {name: sorted(filter(None, of_table)) for name, of_table in parts.items()}

    assert tables(migrated) == tables(created)
    assert ask(migrated, "SELECT version_num FROM alembic_version") == [(SCHEMA_REVISION,)]
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_an_older_catalogue_is_backed_up_before_it_is_brought_up_to_date(path: Path) -> None:
    make_unstamped(path)
    catalogue = Catalogue.open(path)
    catalogue.add_films([new_film("/a", "aa")])
    catalogue.close()
    (backup,) = backups_of(path)
    assert ask(backup.path, "SELECT * FROM alembic_version") == []


def test_a_catalogue_of_a_newer_program_is_refused_and_left_alone(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.close()
    ask(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match="newer version of this program"):
        Catalogue.open(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_opening_an_up_to_date_catalogue_does_not_import_alembic(path: Path) -> None:
    Catalogue.open(path).close()
    program = (
        "import sys; from pathlib import Path; from cxr_desktop.storage.catalogue import Catalogue\n"
        "catalogue = Catalogue.open(Path(sys.argv[1])); catalogue.studies(None); catalogue.close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", program, str(path)], cwd=PROJECT, check=False).returncode == 0
    )


# Network shares


def test_a_local_disk_gets_a_write_ahead_log_and_a_network_share_does_not(path: Path) -> None:
    Catalogue.open(path, on_network=lambda _: False).close()
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]
    catalogue = Catalogue.open(path, on_network=lambda _: True)
    assert ask(path, "PRAGMA journal_mode") == [("delete",)]
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    assert catalogue.film(added.film.id) is not None
    assert not path.with_name(path.name + "-wal").exists()
    catalogue.close()


def test_every_connection_minds_foreign_keys(catalogue: Catalogue) -> None:
    def foreign_keys() -> int:
        with catalogue._database.reading() as connection:
            return int(connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one())

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(foreign_keys())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1]
