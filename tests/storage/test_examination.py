"""A look at catalogue and folders that changes nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import CatalogueError, DamagedCatalogue
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.examination import examine_catalogue, examine_folder
from tests.storage.builders import MODEL, NOON, header, judgement, new_film, unreadable


def test_where_there_is_no_catalogue_there_is_none_afterwards(path: Path) -> None:
    assert examine_catalogue(path) is None
    assert not path.parent.exists()


def test_an_open_catalogue_is_counted_with_what_was_just_written(catalogue: Catalogue) -> None:
    films = [new_film(f"/{name}", name, header(name)) for name in ("a", "b", "c")]
    added = catalogue.add_films([*films, unreadable("/x")])
    catalogue.save_judgements(MODEL, [(each.film.id, judgement()) for each in added[:2]])
    catalogue.mark_read(added[0].film.study_id, NOON)
    facts = examine_catalogue(catalogue.path)
    assert facts is not None
    assert facts.counts == {"studies": 4, "read": 1, "films": 4, "unreadable": 1, "judgements": 2}
    assert (facts.backups, facts.newest_backup, facts.is_older) == (1, NOON.date(), False)
    assert facts.size >= 4096


def test_damage_within_is_told(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.add_films([new_film(f"/{i}", f"f{i}" * 30) for i in range(200)])
    catalogue.close()
    content = bytearray(path.read_bytes())
    content[8 * 4096 : 20 * 4096] = os.urandom(12 * 4096)
    path.write_bytes(content)
    with pytest.raises(DamagedCatalogue):
        examine_catalogue(path)
    assert path.read_bytes() == content


def test_a_catalogue_that_is_gone_while_its_backups_are_there_is_amiss(path: Path) -> None:
    catalogue = Catalogue.open(path)
    catalogue.add_films([new_film("/a", "aa")])
    catalogue.close()
    path.unlink()
    with pytest.raises(DamagedCatalogue):
        examine_catalogue(path)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer version of this program"),
        ("PRAGMA application_id = 7", "not a catalogue of this program"),
    ],
)
def test_what_is_newer_or_not_ours_is_told_and_left_alone(path: Path, statement: str, said: str) -> None:
    Catalogue.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(CatalogueError, match=said):
        examine_catalogue(path)
    assert path.read_bytes() == before


def test_a_folder_is_told_with_its_room_and_rights(tmp_path: Path) -> None:
    assert examine_folder(tmp_path / "none") is None
    tmp_path.chmod(0o700)
    facts = examine_folder(tmp_path)
    assert facts is not None
    assert facts.free > 0
    assert facts.problem == ""
    assert list(tmp_path.iterdir()) == []
    if sys.platform != "win32":
        assert facts.private
        tmp_path.chmod(0o755)
        opened = examine_folder(tmp_path)
        assert opened is not None and opened.private is False


def test_a_folder_that_cannot_be_written_to_is_told_with_the_reason(tiny_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True, capture_output=True)
    facts = examine_folder(tiny_disk)
    assert facts is not None
    assert "Read-only" in facts.problem
