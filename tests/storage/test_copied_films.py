"""Copies of films that came in an archive or on a stick."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.storage.copied_films import CopiedFilms


def files_in(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_a_copy_has_the_films_content_and_a_name_without_the_patients(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    copy = CopiedFilms(tmp_path / "films").keep(content, "Müller^Anna.DCM")
    digest = hashlib.sha256(content).hexdigest()
    assert copy == tmp_path / "films" / digest[:2] / f"{digest}.dcm"
    assert copy.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access control lists instead of modes")
def test_copies_are_the_owners_alone(tmp_path: Path) -> None:
    copy = CopiedFilms(tmp_path / "films").keep(b"film", "a.dcm")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in list(copy.parents)[:2]} == {0o700}


def test_the_same_film_is_kept_once(tmp_path: Path) -> None:
    films = CopiedFilms(tmp_path)
    first = films.keep(b"film", "a.dcm")
    written = first.stat().st_mtime_ns
    assert films.keep(b"film", "b.dcm") == first
    assert first.stat().st_mtime_ns == written
    assert files_in(tmp_path) == [first]


def test_a_copy_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    films = CopiedFilms(tmp_path)
    films.keep(b"film", "a.dcm").write_bytes(b"fi")
    assert films.keep(b"film", "a.dcm").read_bytes() == b"film"


@pytest.mark.parametrize("name", ["IM0001", "a.", ".dcm", "a.Anna Müller", "a.../../x", "a.verylongending"])
def test_only_a_plain_ending_is_taken_over(tmp_path: Path, name: str) -> None:
    copy = CopiedFilms(tmp_path).keep(b"film", name)
    assert copy.name == hashlib.sha256(b"film").hexdigest()


def test_on_a_full_disk_nothing_half_written_stays(tiny_disk: Path) -> None:
    films = CopiedFilms(tiny_disk)
    small = films.keep(b"film", "a.dcm")
    with pytest.raises(CatalogueError, match="is full"):
        films.keep(os.urandom(2_000_000), "b.dcm")
    assert files_in(tiny_disk) == [small]


def test_what_a_killed_program_left_is_removed_later(tmp_path: Path) -> None:
    films = CopiedFilms(tmp_path)
    copy = films.keep(b"film", "a.dcm")
    old, young = copy.with_name(".draft-old"), copy.with_name(".draft-young")
    for draft in (old, young):
        draft.touch()
    os.utime(old, (time.time() - 200_000,) * 2)
    films.remove_drafts()
    assert {each.name for each in files_in(tmp_path)} == {copy.name, young.name}
