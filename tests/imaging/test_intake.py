"""What comes out of the files and folders that somebody opens."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.content import read_content
from cxr_desktop.imaging.intake import find_films, natural_key
from tests.imaging.finds import rows


def test_a_folder_gives_its_films_and_counts_the_rest(tmp_path: Path, film: bytes) -> None:
    (tmp_path / "a.dcm").write_bytes(film)
    (tmp_path / "IM0001").write_bytes(film)
    (tmp_path / "without_preamble").write_bytes(film[144 + int.from_bytes(film[140:144], "little") :])
    (tmp_path / "report.csv").write_text("file,score\n")
    (tmp_path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(500))
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1" + bytes(100))
    (tmp_path / "._a.dcm").write_bytes(b"\0\5\x16\7" + bytes(100))
    (tmp_path / "letter.jpg").write_text("not a picture")
    (tmp_path / "film_called.csv").write_bytes(film)
    assert rows([tmp_path]) == {
        "a.dcm": "found",
        "IM0001": "found",
        "without_preamble": "found",
        "report.csv": "ignored",
        "Thumbs.db": "ignored",
        ".DS_Store": "ignored",
        "._a.dcm": "ignored",
        "letter.jpg": "found",  # its row will say that it is text
        "film_called.csv": "found",
    }


def test_what_is_named_always_has_a_row(tmp_path: Path) -> None:
    table, nothing = tmp_path / "report.csv", tmp_path / "empty"
    table.write_text("file,score\n")
    nothing.mkdir()
    told = rows([table, nothing, tmp_path / "gone.dcm"])
    assert told["report.csv"] == "named"
    assert "no films" in told["empty"]
    assert "no such file" in told["gone.dcm"]


def test_films_come_in_natural_order_files_before_subfolders(tmp_path: Path, film: bytes) -> None:
    for name in ("IM10.dcm", "IM2.dcm", "im1.dcm", "A/z.dcm", "A/B/y.dcm", "b9/x.dcm", "b10/x.dcm"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(film)
    order = [str(found.source.path.relative_to(tmp_path)) for found in find_films([tmp_path])]
    assert order == ["im1.dcm", "IM2.dcm", "IM10.dcm", "A/z.dcm", "A/B/y.dcm", "b9/x.dcm", "b10/x.dcm"]


@given(names=st.lists(st.text(max_size=8)))
def test_any_names_can_be_put_in_natural_order(names: list[str]) -> None:
    ordered = sorted(names, key=natural_key)
    backwards = ordered[::-1]
    assert sorted(backwards, key=natural_key) == ordered


def test_a_file_opened_twice_or_with_its_folder_comes_once(tmp_path: Path, film: bytes) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(film)
    assert rows([path, tmp_path, path, tmp_path / "." / "a.dcm"]) == {"a.dcm": "named"}


def test_a_large_folder_starts_at_once_and_stops_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        (tmp_path / f"{number}").write_bytes(b"\xff\xd8\xff")
    opened: list[FilmSource] = []
    read = recording_read(opened)
    monkeypatch.setattr("cxr_desktop.imaging.intake.read_content", read)
    first = list(itertools.islice(find_films([tmp_path]), 3))
    assert [found.source.name for found in first] == ["0", "1", "2"]
    assert len(opened) == 3

    stop = iter([False] * 5 + [True])
    assert len(list(find_films([tmp_path], cancelled=lambda: next(stop)))) == 5


def recording_read(opened: list[FilmSource]) -> object:
    def read(source: FilmSource, most: int | None = None) -> bytes:
        opened.append(source)
        return read_content(source, most)

    return read


def test_a_link_loop_is_told_once_and_not_followed(tmp_path: Path, film: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.dcm").write_bytes(film)
    (tmp_path / "in" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "in" / "self.dcm").symlink_to(tmp_path / "in" / "self.dcm")
    (tmp_path / "in" / "broken.dcm").symlink_to(tmp_path / "nowhere.dcm")
    told = rows([tmp_path])
    assert told["a.dcm"] == "found"
    assert "leads back to itself" in told["up"]
    assert "leads back to itself" in told["self.dcm"]
    assert "no such file" in told["broken.dcm"]


def test_a_second_way_to_the_same_folder_lists_nothing_twice(tmp_path: Path, film: bytes) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "a.dcm").write_bytes(film)
    (tmp_path / "shortcut").symlink_to(tmp_path / "films", target_is_directory=True)
    assert rows([tmp_path]) == {"a.dcm": "found"}


def test_a_folder_without_rights_has_a_row_and_its_neighbours_are_read(
    tmp_path: Path, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.dcm").write_bytes(film)
    scandir = os.scandir

    def guarded(folder: Path) -> Iterator[os.DirEntry[str]]:
        if Path(folder).name == "locked":
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    # The superuser, as whom tests often run, may enter everything; so the refusal is played.
    monkeypatch.setattr("cxr_desktop.imaging.intake.os.scandir", guarded)
    told = rows([tmp_path])
    assert "no right" in told["locked"]
    assert told["a.dcm"] == "found"


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.dcm")
    os.mkfifo(tmp_path / "pipe")
    told = rows([tmp_path])
    assert "pipe" in told["pipe.dcm"]
    assert told["pipe"] == "ignored"
