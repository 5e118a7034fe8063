"""`cxr-desktop doctor`, as somebody types it who was asked to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.app.check_up import models
from tests.cli.conftest import Answer

Run = Callable[..., Answer]


@pytest.fixture(autouse=True)
def few_films(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "FILMS", 2)


def test_on_a_sound_computer_it_prints_its_findings_and_ends_with_nought(run: Run) -> None:
    answer = run("doctor")
    assert answer.code == 0
    assert answer.out.startswith("CXR Desktop: check of this computer")
    assert "All is well." in answer.out
    assert "as it should" in answer.out


def test_what_is_amiss_ends_it_with_a_code_of_its_own_and_the_text_is_in_the_file(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "Secret.sqlite").write_bytes(b"this was a catalogue once" * 100)
    answer = run("doctor", "--catalogue", tmp_path / "Secret.sqlite", "--output", tmp_path / "check.txt")
    assert answer.code == 6
    assert answer.out == ""
    text = (tmp_path / "check.txt").read_text(encoding="utf-8")
    assert "! Catalogue  The catalogue is damaged." in text
    assert "Secret" not in text


def test_a_file_that_cannot_be_written_is_told_before_anything_is_looked_at(run: Run, tmp_path: Path) -> None:
    answer = run("doctor", "--output", tmp_path / "none" / "check.txt")
    assert answer.code == 2
    assert "could not be written" in answer.err
