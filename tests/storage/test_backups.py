"""Dated backups: made by themselves, thinned out, restored with consent."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.errors import CatalogueError, DamagedCatalogue
from cxr_desktop.storage.backups import (
    back_up,
    backup_folder,
    backups_of,
    days_to_keep,
    restore_newest_backup,
    set_aside,
)
from cxr_desktop.storage.catalogue import Catalogue
from tests.storage.builders import MODEL, NOON, judgement, new_film

TODAY = NOON.date()


class Clock:
    """Tells the time that the test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def film_count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM film").fetchone()[0])


def test_the_first_film_of_a_day_makes_that_days_backup(path: Path) -> None:
    clock = Clock()
    catalogue = Catalogue.open(path, now=clock)
    for day in range(3):
        clock.now = NOON + timedelta(days=day)
        catalogue.add_films([new_film(f"/{day}a", f"{day}a")])
        catalogue.add_films([new_film(f"/{day}b", f"{day}b")])
    catalogue.close()
    assert [(b.day, film_count(b.path)) for b in backups_of(path)] == [
        (TODAY + timedelta(days=2), 4),
        (TODAY + timedelta(days=1), 2),
        (TODAY, 0),
    ]


def test_a_backup_is_one_file_with_everything_that_was_stored(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    catalogue.save_judgements(MODEL, [(added.film.id, judgement())])
    catalogue.mark_read(added.film.study_id, NOON)
    backup = back_up(catalogue.path, TODAY)  # while the catalogue is open
    restored = Catalogue.open(backup.path)
    assert restored.studies(MODEL) == catalogue.studies(MODEL)
    restored.close()
    assert [each.name for each in backup_folder(catalogue.path).iterdir() if each.suffix == ".sqlite"] == [
        "catalogue-2025-03-10.sqlite"
    ]


@given(st.sets(st.integers(0, 120).map(lambda age: TODAY - timedelta(days=age))))
def test_seven_days_and_four_weeks_are_kept(days: set[date]) -> None:
    kept = days_to_keep(days)
    newest_first = sorted(days, reverse=True)
    assert kept <= days
    assert set(newest_first[:7]) <= kept
    assert len(kept) <= 11
    weeks = [day.isocalendar()[:2] for day in sorted(kept, reverse=True)[7:]]
    assert len(weeks) == len(set(weeks)), "one of each week"


def test_daily_backups_of_weeks_leave_seven_days_and_four_weeks(catalogue: Catalogue) -> None:
    for day in range(45):
        back_up(catalogue.path, TODAY + timedelta(days=day))
    days = [backup.day for backup in backups_of(catalogue.path)]
    assert days[:7] == [TODAY + timedelta(days=44 - day) for day in range(7)]
    assert len(days) == 11
    assert (days[0] - days[-1]).days > 21


def test_a_clock_that_runs_behind_does_not_lose_the_backup_just_made(catalogue: Catalogue) -> None:
    for day in range(12):
        back_up(catalogue.path, TODAY + timedelta(days=day))
    backup = back_up(catalogue.path, date(1970, 1, 1))
    assert backup in backups_of(catalogue.path)


def test_strange_files_among_the_backups_are_left_alone(catalogue: Catalogue) -> None:
    back_up(catalogue.path, TODAY)
    for name in ("catalogue-2025-13-45.sqlite", "notes.txt"):
        (backup_folder(catalogue.path) / name).touch()
    assert [backup.day for backup in backups_of(catalogue.path)] == [TODAY]


def damage(path: Path) -> bytes:
    content = b"\0" * 100 + os.urandom(5000)
    path.write_bytes(content)
    return content


def test_a_damaged_catalogue_is_set_aside_and_the_newest_backup_restored(path: Path) -> None:
    catalogue = Catalogue.open(path, now=lambda: NOON)
    catalogue.add_films([new_film("/a", "aa")])
    catalogue.close()
    back_up(path, TODAY)
    damaged = damage(path)
    with pytest.raises(DamagedCatalogue):
        Catalogue.open(path)
    assert restore_newest_backup(path, NOON).day == TODAY
    assert (path.parent / "catalogue-damaged-2025-03-10-120000.sqlite").read_bytes() == damaged
    restored = Catalogue.open(path)
    assert len(restored.studies(None)) == 1
    restored.close()


def test_a_damaged_backup_is_passed_over(path: Path) -> None:
    Catalogue.open(path).close()
    sound = back_up(path, TODAY)
    damage(back_up(path, TODAY + timedelta(days=1)).path)
    damage(path)
    assert restore_newest_backup(path, NOON) == sound


def test_without_a_sound_backup_nothing_is_changed(path: Path) -> None:
    Catalogue.open(path).close()
    damage(back_up(path, TODAY).path)
    damaged = damage(path)
    with pytest.raises(CatalogueError, match="no backup"):
        restore_newest_backup(path, NOON)
    assert path.read_bytes() == damaged


def test_a_damaged_catalogue_never_displaces_a_backup(path: Path) -> None:
    catalogue = Catalogue.open(path, now=lambda: NOON)
    catalogue.add_films([new_film(f"/{i}", f"f{i}" * 30) for i in range(200)])
    catalogue.close()
    backup = back_up(path, TODAY)
    sound = backup.path.read_bytes()
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    content[(pages - 3) * 4096 : (pages - 1) * 4096] = bytes(2 * 4096)  # films, not tables' definitions
    path.write_bytes(content)
    with pytest.raises(DamagedCatalogue):
        back_up(path, TODAY)
    assert backup.path.read_bytes() == sound
    assert [each.name for each in backup_folder(path).iterdir()] == [backup.path.name], "no draft is left"


def test_a_catalogue_that_vanished_is_not_silently_begun_anew(path: Path) -> None:
    catalogue = Catalogue.open(path, now=lambda: NOON)
    catalogue.add_films([new_film("/a", "aa")])
    catalogue.close()
    path.unlink()
    with pytest.raises(DamagedCatalogue, match="gone"):
        Catalogue.open(path)
    assert not path.exists()
    anew = Catalogue.open(path, start_anew=True)
    assert anew.studies(None) == []
    anew.close()


def test_a_damaged_catalogue_without_backups_can_be_set_aside(path: Path) -> None:
    path.parent.mkdir()
    damaged = damage(path)
    aside = set_aside(path, NOON)
    assert aside is not None and aside.read_bytes() == damaged
    assert not path.exists()
    assert set_aside(path, NOON) is None
    Catalogue.open(path).close()


def test_the_write_ahead_log_of_a_killed_program_is_set_aside_with_its_catalogue(path: Path) -> None:
    catalogue = Catalogue.open(path, now=lambda: NOON)
    catalogue.add_films([new_film("/a", "aa")])
    for part in ("", "-wal"):  # as they lie there when the program is killed now
        original = path.with_name(path.name + part)
        original.with_name("killed.sqlite" + part).write_bytes(original.read_bytes())
    catalogue.close()
    aside = set_aside(path.with_name("killed.sqlite"), NOON)
    assert aside is not None
    assert film_count(aside) == 1
    assert not list(path.parent.glob("killed.sqlite*"))


def test_a_film_comes_in_even_if_the_backup_fails_and_the_reader_is_told(path: Path) -> None:
    clock = Clock()
    catalogue = Catalogue.open(path, now=clock)
    backup_folder(path).write_bytes(b"in the way")
    catalogue.add_films([new_film("/a", "aa")])
    assert len(catalogue.studies(None)) == 1
    assert catalogue.backup_problem
    backup_folder(path).unlink()
    catalogue.add_films([new_film("/b", "bb")])
    assert catalogue.backup_problem == ""
    assert len(backups_of(path)) == 1
    catalogue.close()
