"""Discs with a DICOM directory (DICOMDIR)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from cxr_desktop.imaging.intake import find_films
from tests.imaging.finds import rows, said, zipped


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A copy of pydicom's sample disc; two listed files missing, one file beside that is not listed."""
    sample = Path(str(get_testdata_file("DICOMDIR"))).parent
    root = tmp_path / "disc"
    shutil.copytree(sample / "77654033", root / "77654033")
    shutil.copy(sample / "DICOMDIR", root / "DICOMDIR")
    (root / "77654033" / "CR3" / "6278").unlink()
    shutil.copy(sample / "77654033" / "CR1" / "6154", root / "unlisted")
    return root


@pytest.mark.parametrize("named", ["", "DICOMDIR"], ids=["the folder", "the DICOMDIR itself"])
def test_a_dicomdir_gives_what_it_lists_and_says_what_is_missing(disc: Path, named: str) -> None:
    told = [(found.source.name, said(found)) for found in find_films([disc / named])]
    assert ("6154", "found") in told
    assert told.count(("6154", "found")) == 1
    assert any(name == "6278" and "missing" in reason for name, reason in told)
    assert (("unlisted", "found") in told) == (named == "")
    assert "DICOMDIR" not in dict(told)


def test_a_dicomdir_finds_its_files_in_small_letters_too(disc: Path) -> None:
    (disc / "77654033" / "CR1").rename(disc / "77654033" / "cr1")
    assert ("6154", "found") in [
        (found.source.name, said(found)) for found in find_films([disc / "DICOMDIR"])
    ]


def test_a_damaged_dicomdir_has_a_row_and_the_folder_is_searched(disc: Path) -> None:
    whole = (disc / "DICOMDIR").read_bytes()
    (disc / "DICOMDIR").write_bytes(whole[:360])
    told = rows([disc])
    assert "damaged" in told["DICOMDIR"]
    assert told["6154"] == "found"


def test_a_dicomdir_cannot_lead_out_of_its_folder(disc: Path) -> None:
    whole = (disc / "DICOMDIR").read_bytes()
    (disc / "DICOMDIR").write_bytes(whole.replace(b"77654033\\CR1\\6154", b"..\\..\\..\\etc\\pass"))
    reasons = [said(found) for found in find_films([disc / "DICOMDIR"])]
    assert any("outside its folder" in reason for reason in reasons)


def test_a_dicomdir_inside_an_archive_says_which_of_its_files_are_missing(disc: Path) -> None:
    files = [path for path in disc.rglob("*") if path.is_file()]
    path = zipped(disc.parent / "disc.zip", {str(p.relative_to(disc)): p.read_bytes() for p in files})
    told = rows([path])
    assert told["disc.zip/77654033/CR1/6154"] == "found"
    assert "missing" in told["disc.zip/77654033/CR3/6278"]
    assert told["disc.zip/DICOMDIR"] == "ignored"
