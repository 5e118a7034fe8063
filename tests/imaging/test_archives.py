"""Films inside ZIP archives, honest ones and others."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging import archive
from cxr_desktop.imaging.intake import Candidate, Ignored, Rejected, find_films
from cxr_desktop.imaging.read import read_radiograph
from tests.imaging.films import stored_pixels
from tests.imaging.finds import rows, said, zipped


def test_an_archive_gives_its_films_and_they_can_be_read(tmp_path: Path, film: bytes, chest: Dataset) -> None:
    path = zipped(
        tmp_path / "study.zip",
        {"b/IM10": film, "b/IM2": film, "a.dcm": film, "notes.txt": b"hello", "__MACOSX/._a.dcm": b"x"},
    )
    finds = list(find_films([path]))
    assert [(found.source.member, said(found)) for found in finds] == [
        ("__MACOSX/._a.dcm", "ignored"),
        ("a.dcm", "found"),
        ("b/IM2", "found"),
        ("b/IM10", "found"),
        ("notes.txt", "ignored"),
    ]
    assert finds[2].source.name == "study.zip/b/IM2"
    np.testing.assert_array_equal(read_radiograph(finds[2].source).values, stored_pixels(chest))


def test_the_table_of_contents_is_read_once_and_no_file_stays_open(
    tmp_path: Path, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "many.zip", {f"{number}.dcm": film for number in range(20)})
    made: list[object] = []
    original = zipfile.ZipFile

    class Counted(original):  # type: ignore[misc, valid-type]
        def __init__(self, *args: object, **options: object) -> None:
            made.append(self)
            super().__init__(*args, **options)

    monkeypatch.setattr(archive.zipfile, "ZipFile", Counted)
    for found in find_films([path]):
        read_radiograph(found.source)
    assert len(made) == 1
    links = Path("/proc/self/fd")
    if links.is_dir():
        assert str(path) not in {str(link.readlink()) for link in links.iterdir() if link.is_symlink()}


def test_an_archive_that_was_replaced_is_read_anew(tmp_path: Path, film: bytes) -> None:
    path = zipped(tmp_path / "study.zip", {"a.dcm": film})
    assert rows([path]) == {"study.zip/a.dcm": "found"}
    zipped(path, {"b.dcm": film, "c.dcm": film})
    assert rows([path]) == {"study.zip/b.dcm": "found", "study.zip/c.dcm": "found"}


@pytest.mark.parametrize("name", ["../a.dcm", "x/../../a.dcm", "/etc/a.dcm", "C:/a.dcm", "..\\a.dcm"])
def test_a_member_that_points_outside_is_rejected(tmp_path: Path, film: bytes, name: str) -> None:
    told = rows([zipped(tmp_path / "z.zip", {name: film, "good.dcm": film})])
    assert told["z.zip/good.dcm"] == "found"
    assert any("outside the archive" in reason for reason in told.values())


def test_archives_inside_archives_are_rejected(tmp_path: Path, film: bytes) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.dcm": film}).read_bytes()
    path = zipped(tmp_path / "outer.zip", {"inner.zip": inner, "disguised": inner, "letter.docx": inner})
    told = rows([path])
    assert "inside an archive" in told["outer.zip/inner.zip"]
    assert "inside an archive" in told["outer.zip/disguised"]
    assert told["outer.zip/letter.docx"] == "ignored"


def test_absurd_expansion_is_rejected_by_the_entry(tmp_path: Path) -> None:
    told = rows([zipped(tmp_path / "bomb.zip", {"bomb.dcm": bytes(5_000_000)})])
    assert "100 times" in told["bomb.zip/bomb.dcm"]


def test_absurd_expansion_is_noticed_while_reading_when_the_entry_lies(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"bomb.dcm": bytes(5_000_000)})
    data = bytearray(path.read_bytes())
    # The central directory claims a packed size that would make the ratio harmless.
    entry = data.index(b"PK\x01\x02")
    data[entry + 20 : entry + 24] = struct.pack("<I", 4_000_000)
    path.write_bytes(data)
    source = FilmSource(path, "bomb.dcm")
    assert rows([path]) == {"bomb.zip/bomb.dcm": "found"}
    with pytest.raises(UnreadableImage, match="100 times"):
        read_radiograph(source)


def test_an_archive_of_more_than_twenty_gigabytes_is_rejected_whole(tmp_path: Path, film: bytes) -> None:
    path = zipped(tmp_path / "huge.zip", {f"{number}.dcm": film for number in range(6)})
    data = path.read_bytes()
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data = data[: at + 24] + struct.pack("<I", 0xFFFF_FFF0) + data[at + 28 :]
    path.write_bytes(data)
    told = rows([path])
    assert list(told) == ["huge.zip"]
    assert "20 GB" in told["huge.zip"]


def test_an_encrypted_member_is_rejected_with_the_remedy(tmp_path: Path, film: bytes) -> None:
    path = zipped(tmp_path / "z.zip", {"a.dcm": film})
    data = bytearray(path.read_bytes())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flag] |= 1
    path.write_bytes(data)
    assert "password" in rows([path])["z.zip/a.dcm"]


def test_a_damaged_archive_and_one_without_films_have_a_row(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "z.zip", {"a.txt": b"x" * 500}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:60])
    (tmp_path / "text.zip").write_text("no archive")
    assert "damaged" in rows([tmp_path / "cut.zip"])["cut.zip"]
    assert "damaged" in rows([tmp_path / "text.zip"])["text.zip"]
    assert "no films" in rows([tmp_path / "z.zip"])["z.zip"]


def test_an_empty_archive_is_not_called_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "empty.zip", {})
    assert "no films in here" in rows([path])["empty.zip"]


def test_names_are_read_as_utf_8_where_they_are_even_if_the_archive_does_not_say_so(
    tmp_path: Path, film: bytes
) -> None:
    path = zipped(tmp_path / "films.zip", {"M__ller.dcm": film, "H_ns.dcm": film})
    # As macOS writes the one and an old Windows program the other.
    raw = path.read_bytes().replace(b"M__ller", "Müller".encode()).replace(b"H_ns", b"H\xe4ns")
    path.write_bytes(raw)
    first, second = find_films([path])
    assert {first.source.member, second.source.member} == {"Müller.dcm", b"H\xe4ns.dcm".decode("cp437")}
    for found in (first, second):
        assert read_radiograph(found.source).shape == (128, 128)


def test_a_member_with_a_damaged_content_is_refused_by_the_reader(tmp_path: Path, film: bytes) -> None:
    path = zipped(tmp_path / "z.zip", {"a.dcm": film})
    data = bytearray(path.read_bytes())
    data[2000:2040] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(UnreadableImage, match="member of the archive is damaged"):
        read_radiograph(FilmSource(path, "a.dcm"))


def test_two_members_of_one_name_are_not_mixed_up(tmp_path: Path, film: bytes) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("a.dcm", film)
        file.writestr("a.dcm", film)
    reasons = [said(found) for found in find_films([path])]
    assert reasons[0] == "found"
    assert "this very name" in reasons[1]


def test_an_archive_that_vanishes_while_it_is_listed_gives_reasons(tmp_path: Path, film: bytes) -> None:
    path = zipped(tmp_path / "z.zip", {"a.dcm": film, "b": film})
    finds = find_films([path])
    assert said(next(finds)) == "found"
    path.unlink()
    assert "no such file" in said(next(finds))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
)
def test_no_damage_to_an_archive_escapes_as_an_error(
    tmp_path: Path, film: bytes, cut: float, flips: list[tuple[float, int]]
) -> None:
    whole = bytearray(zipped(tmp_path / "z.zip", {"a.dcm": film[:600], "b": film[:600]}).read_bytes())
    for place, value in flips:
        whole[int(place * len(whole))] = value
    path = tmp_path / "damaged.zip"
    path.write_bytes(whole[: int(len(whole) * cut)] if cut < 0.5 else whole)
    finds = list(find_films([path]))
    assert finds
    for found in finds:
        assert isinstance(found, Candidate | Rejected | Ignored)
