"""`cxr-desktop triage` on real films and on all that goes wrong."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_desktop.resources import resources_folder
from tests.cli.conftest import Answer
from tests.conftest import BUNDLED, default_card

Run = Callable[..., Answer]


@pytest.fixture
def films(data_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    for label in ("NORMAL", "PNEUMONIA"):
        for film in sorted((data_folder / "kermany224" / "test" / label).iterdir())[:3]:
            shutil.copy(film, folder / f"{label}-{film.name}")
    return folder


def table(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def test_a_folder_becomes_a_table_the_most_suspicious_first(run: Run, films: Path, tmp_path: Path) -> None:
    answer = run("triage", films, "--csv", tmp_path / "queue.csv")
    assert answer.code == 0
    rows = table(tmp_path / "queue.csv")
    assert len(rows) == 6
    probabilities = [float(row["probability"]) for row in rows]
    assert probabilities == sorted(probabilities, reverse=True)
    assert {row["status"] for row in rows} <= {"scored", "check"}
    for row in rows:
        expected = float(row["probability"]) >= float(row["operating_point"])
        assert row["suspected"] == str(expected).lower()
        assert row["model"].startswith(f"{default_card().id} ")
    printed = [line for line in answer.out.splitlines() if ".jpeg" in line]
    assert [Path(row["file"]).name in line for row, line in zip(rows, printed, strict=True)] == [True] * 6
    card = default_card()
    assert f"Model: {card.name} {card.version}, operating point balanced" in answer.err
    assert "Not a diagnosis" in answer.err


def test_unreadable_files_get_a_row_and_the_exit_code_says_so(run: Run, films: Path, tmp_path: Path) -> None:
    (films / "empty.jpg").touch()
    (films / "notes.csv").write_text("a,b\n1,2\n")
    (films / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
    answer = run("triage", films, "--csv", tmp_path / "queue.csv")
    assert answer.code == 3
    rows = table(tmp_path / "queue.csv")
    assert len(rows) == 7
    assert rows[-1]["status"] == "unreadable"
    assert rows[-1]["probability"] == rows[-1]["suspected"] == ""
    assert "empty" in rows[-1]["note"]
    assert "2 other files left out" in answer.err


def test_a_file_named_on_the_command_line_always_gets_a_row(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    answer = run("triage", tmp_path / "notes.csv", tmp_path / "nowhere.dcm", "--csv", tmp_path / "queue.csv")
    assert answer.code == 3
    assert [row["status"] for row in table(tmp_path / "queue.csv")] == ["unreadable", "unreadable"]


def test_members_of_archives_are_named_by_archive_and_place(run: Run, films: Path, tmp_path: Path) -> None:
    archive = tmp_path / "films.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for film in films.iterdir():
            file.write(film, f"inner/{film.name}")
    assert run("triage", archive, "--csv", tmp_path / "queue.csv").code == 0
    assert all(row["file"].startswith(f"{archive}/inner/") for row in table(tmp_path / "queue.csv"))


def test_a_film_out_of_scope_is_never_called_unsuspicious(
    run: Run, pydicom_films: Path, tmp_path: Path
) -> None:
    answer = run("triage", pydicom_films / "RG3_UNCR.dcm", "--csv", tmp_path / "queue.csv")
    assert answer.code == 0
    (row,) = table(tmp_path / "queue.csv")
    assert (row["status"], row["probability"], row["suspected"]) == ("check", "", "")
    assert "not judged" in answer.out


def test_heatmaps_are_one_picture_a_film(run: Run, films: Path, tmp_path: Path, pydicom_films: Path) -> None:
    (films / "again").mkdir()
    first = min(films.glob("*.jpeg"))
    Image.open(first).rotate(2).save(films / "again" / first.name)
    shutil.copy(pydicom_films / "RG3_UNCR.dcm", films / "hand.dcm")
    assert run("triage", films, "--heatmaps", tmp_path / "heat").code == 0
    pictures = sorted((tmp_path / "heat").iterdir())
    assert len(pictures) == 8
    assert f"{first.name}.png" in {picture.name for picture in pictures}
    with Image.open(tmp_path / "heat" / f"{max(films.glob('PNEUMONIA*')).name}.png") as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert (pixels.max(axis=2) - pixels.min(axis=2) > 40).any()


@pytest.mark.parametrize(
    "arguments",
    [
        ["triage"],
        ["triage", "--jobs", "-1", "x.dcm"],
        ["triage", "--colour", "x.dcm"],
        ["triage", "x.dcm", "--model", "no-such-model"],
        ["evaluate", "/no/such/folder"],
    ],
)
def test_wrong_usage_ends_with_two_and_words(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert answer.err


def test_a_table_that_cannot_be_written_is_wrong_usage(run: Run, films: Path, tmp_path: Path) -> None:
    answer = run("triage", films, "--csv", tmp_path / "no" / "queue.csv")
    assert answer.code == 2
    assert "could not be written" in answer.err


def test_a_damaged_model_is_said_before_any_film_is_read(run: Run, films: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(resources_folder() / "models" / BUNDLED, tmp_path / "model")
    graph = bundle / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:-1])
    answer = run("triage", films, "--model", bundle)
    assert answer.code == 2
    assert "SHA-256" in answer.err


def test_one_and_several_reading_threads_give_the_same_table(run: Run, films: Path, tmp_path: Path) -> None:
    run("triage", films, "--jobs", 1, "--csv", tmp_path / "one.csv")
    run("triage", films, "--jobs", 4, "--csv", tmp_path / "four.csv")
    one, four = table(tmp_path / "one.csv"), table(tmp_path / "four.csv")
    assert [row["file"] for row in one] == [row["file"] for row in four]
    assert [float(r["probability"]) for r in one] == pytest.approx(
        [float(r["probability"]) for r in four], abs=1e-5
    )


def test_triage_never_touches_the_catalogue(
    run: Run, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    run("triage", films)
    assert not (tmp_path / "share").exists()
    assert not (tmp_path / "state").exists()


def test_names_that_are_no_text_or_too_long_cost_nothing(
    run: Run, films: Path, tmp_path: Path, pydicom_films: Path
) -> None:
    film = min(films.iterdir())
    odd = tmp_path / "odd"
    odd.mkdir()
    for name in (b"M\xfcller.jpg", b"new\nline.jpg", b"esc\x1b[31m.jpg", b"\xe6\x97\xa5" * 80 + b".jpg"):
        shutil.copy(film, odd / os.fsdecode(name))
    with zipfile.ZipFile(odd / "long.zip", "w") as archive:
        archive.write(film, "folder/" * 60 + "film.jpg")
    answer = run("triage", odd, "--csv", tmp_path / "queue.csv", "--heatmaps", tmp_path / "heat")
    assert answer.code == 0
    assert "\x1b" not in answer.out
    with (tmp_path / "queue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    assert any(row["file"].endswith("M\\udcfcller.jpg") for row in rows)
    pictures = [picture.name for picture in (tmp_path / "heat").iterdir()]
    assert len(pictures) == 5
    assert all(name.isprintable() and len(name.encode()) <= 255 for name in pictures)


def test_heatmaps_beside_the_films_are_not_taken_for_films(run: Run, films: Path, tmp_path: Path) -> None:
    assert run("triage", films, "--heatmaps", films / "heat", "--csv", tmp_path / "queue.csv").code == 0
    assert len(table(tmp_path / "queue.csv")) == 6
    assert len(list((films / "heat").iterdir())) == 6


def test_heatmaps_that_cannot_be_written_do_not_cost_the_queue(run: Run, films: Path, tmp_path: Path) -> None:
    first = min(films.iterdir())
    (tmp_path / "heat" / f"{first.name}.png").mkdir(parents=True)
    answer = run("triage", films, "--heatmaps", tmp_path / "heat", "--csv", tmp_path / "queue.csv")
    assert answer.code == 2
    assert "1 heatmap could not be written" in answer.err
    assert len(table(tmp_path / "queue.csv")) == 6
    assert first.name in answer.out
    assert len(list((tmp_path / "heat").iterdir())) == 6


def test_a_table_that_cannot_be_written_is_said_before_any_film_is_read(run: Run, tmp_path: Path) -> None:
    answer = run("triage", tmp_path / "none.dcm", "--csv", tmp_path / "no" / "queue.csv")
    assert answer.code == 2
    assert answer.out == ""


def test_files_without_a_verdict_stand_beneath_the_reason_that_they_share(run: Run, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.txt.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"text " * 20 if "txt" in name else b"")
    answer = run("triage", tmp_path)
    assert answer.code == 3
    assert answer.out.count("The file is empty") == 1
    lines = [line.split() for line in answer.out.splitlines() if line.endswith(".jpg")]
    assert lines == [["1", "a.jpg"], ["2", "c.jpg"], ["3", "b.txt.jpg"]]


def test_another_operating_point_and_the_hospitals_share_leave_the_models_own_figures(
    run: Run, films: Path, tmp_path: Path
) -> None:
    run("triage", films, "--csv", tmp_path / "plain.csv")
    answer = run(
        "triage",
        films,
        "--operating-point",
        "high sensitivity",
        "--share",
        10,
        "--csv",
        tmp_path / "here.csv",
    )
    assert answer.code == 0
    plain, here = table(tmp_path / "plain.csv"), table(tmp_path / "here.csv")
    assert [row["file"] for row in here] == [row["file"] for row in plain]
    assert [row["probability"] for row in here] == [row["probability"] for row in plain]
    sensitive = default_card().point_named("high sensitivity")
    assert sensitive is not None
    for row in here:
        assert float(row["operating_point"]) == pytest.approx(sensitive.threshold, abs=1e-6)
        assert row["suspected"] == str(float(row["probability"]) >= sensitive.threshold).lower()
        assert float(row["probability_at_share"]) <= float(row["probability"])
        assert row["share"] == "0.100000"
    assert "with your hospital’s share of 10\u00a0%" in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--share", "0"], "between 0 and 100"),
        (["--share", "100"], "between 0 and 100"),
        (["--operating-point", "youden"], "“balanced”, “high sensitivity”"),
    ],
)
def test_a_share_or_operating_point_that_cannot_be_is_refused_in_words(
    run: Run, arguments: list[str], said: str
) -> None:
    answer = run("triage", "x.dcm", *arguments)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_behind_standard_output_is_said_in_words(films: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cxr_desktop", "triage", films, "--csv", tmp_path / "queue.csv"]
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert answer.returncode == 2
    assert "could not be written: No space left" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(table(tmp_path / "queue.csv")) == 6
