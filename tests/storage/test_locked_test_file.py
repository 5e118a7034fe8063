"""The locked test set's one file."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.locked_test import LockedFilm, LockedTestSet
from cxr_desktop.storage.locked_test_file import load_locked_test, save_locked_test


def film(fingerprint: str) -> LockedFilm:
    return LockedFilm(fingerprint, "NORMAL", f"patient of {fingerprint}", "/films/x.png", "2026-11-21")


def test_a_set_that_grows_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "data" / "locked-test.json"
    assert load_locked_test(file) is None
    first = LockedTestSet((film("aa"), film("bb")), 7)
    save_locked_test(file, first)
    assert load_locked_test(file) == first
    more = first.with_more([film("cc")])
    save_locked_test(file, more)
    assert load_locked_test(file) == more
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_film_is_never_taken_out_or_relabelled(tmp_path: Path) -> None:
    file = tmp_path / "locked-test.json"
    both = LockedTestSet((film("aa"), film("bb")), 7)
    save_locked_test(file, both)
    relabelled = LockedFilm("bb", "PNEUMONIA", "", "", "2026-11-21")
    for smaller in (LockedTestSet((film("aa"),), 7), LockedTestSet((film("aa"), relabelled), 7)):
        with pytest.raises(ValueError, match="never taken out"):
            save_locked_test(file, smaller)
    assert load_locked_test(file) == both


def test_films_may_lie_elsewhere_than_before(tmp_path: Path) -> None:
    file = tmp_path / "locked-test.json"
    save_locked_test(file, LockedTestSet((film("aa"), film("bb")), 7))
    moved = LockedTestSet((film("aa"), film("bb")), 7).with_places({"bb": "/other/b.png"})
    save_locked_test(file, moved)
    assert load_locked_test(file) == moved
    assert [each.place for each in moved.films] == ["/films/x.png", "/other/b.png"]


def test_a_damaged_file_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "locked-test.json"
    file.write_bytes(b"half a fi")
    with pytest.raises(TrainingError, match="damaged"):
        save_locked_test(file, LockedTestSet((film("aa"),), 7))
    assert file.read_bytes() == b"half a fi"


def test_a_file_of_a_newer_program_is_said_to_be_one_and_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "locked-test.json"
    content = b'{"schema": 3, "sets": [{"name": "adults"}]}'
    file.write_bytes(content)
    with pytest.raises(TrainingError, match="Update the program"):
        save_locked_test(file, LockedTestSet((film("aa"),), 7))
    assert file.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="modes mean little there")
def test_nobody_else_reads_whose_films_they_are(tmp_path: Path) -> None:
    file = tmp_path / "locked-test.json"
    before = os.umask(0)
    try:
        save_locked_test(file, LockedTestSet((film("aa"),), 7))
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
