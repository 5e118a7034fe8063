"""`audit` prints what is amiss, writes it as JSON, and writes a list without it to train on."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.training.film_sources import find_films
from tests.cli.conftest import Answer
from tests.training.audit.pictures import drawn_films, picture, write

Run = Callable[..., Answer]


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Two classes with a copy, a near copy, a film of two classes and a file that is none."""
    folder = tmp_path / "films"
    drawn_films(folder, {"NORMAL": 12, "PNEUMONIA": 12})
    write(folder, "copy.png", picture(3), "NORMAL")
    write(folder, "coarse.jpg", picture(5), "NORMAL")
    write(folder, "also ill.png", picture(7), "PNEUMONIA")
    (folder / "NORMAL" / "empty.png").touch()
    return folder


def test_what_is_amiss_is_told_and_the_exit_code_says_that_it_must_be_put_right(
    run: Run, films: Path
) -> None:
    answer = run("audit", films, "--no-checks")
    assert answer.code == 5
    for words in (
        "NORMAL",
        "stop copy-of-two-classes",
        "1 file cannot be read",
        "1 film is there more than once",
        "1 near copy is there more than once",
        "the width",
        "has to be put right",
    ):
        assert words in answer.out


def test_the_list_without_what_is_amiss_can_be_trained_on(run: Run, films: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    answer = run("audit", films, "--no-checks", "--leave-out", file)
    assert "24 films; 4 left out" in answer.err  # the copy, the unreadable one and both of the two classes
    assert Counter(film.label for film in find_films(file)) == {"NORMAL": 12, "PNEUMONIA": 12}
    again = run("audit", file, "--no-checks")
    assert again.code == 0 and "These films can be trained on." in again.out


def test_only_chosen_kinds_are_left_out(run: Run, films: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    run("audit", films, "--no-checks", "--leave-out", file, "--kind", "near-copy", "--kind", "unreadable")
    names = {film.path.name for film in find_films(file)}
    assert "copy.png" in names and "empty.png" not in names
    assert len({"coarse.jpg", "NORMAL 5.png"} & names) == 1
    assert "--leave-out" in run("audit", films, "--kind", "near-copy").err


def test_the_pattern_for_patients_goes_into_the_list(run: Run, films: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    run("audit", films, "--no-checks", "--leave-out", file, "--patient-pattern", r"NORMAL (\d+)")
    patients = {film.path.name: film.patient for film in find_films(file)}
    assert patients["NORMAL 4.png"] == "4" and patients["PNEUMONIA 4.png"] == ""
    assert run("audit", films, "--patient-pattern", "(").code == 2


def test_findings_are_written_as_json_with_every_film(run: Run, films: Path, tmp_path: Path) -> None:
    (films / "NORMAL" / os.fsdecode(b"M\xfcller.png")).touch()
    answer = run("audit", films, "--no-checks", "--json", tmp_path / "audit.json")
    assert answer.code == 5
    found = json.loads((tmp_path / "audit.json").read_text())
    assert found["counts"] == {"no side": {"NORMAL": 16, "PNEUMONIA": 13}}
    assert found["can_be_trained_on"] is False
    assert found["classes"]["NORMAL"]["width"]["median"] == 140
    assert {each["name"] for each in found["shortcuts"]} > {"the width", "the border"}
    problems = {each["kind"]: each for each in found["problems"]}
    assert problems["copy-of-two-classes"]["severity"] == "stop"
    assert len(problems["copy-of-two-classes"]["leave_out"]) == 2
    names = [Path(each["films"][0]).name for each in problems["unreadable"]["cases"]]
    assert sorted(names) == ["M\\udcfcller.png", "empty.png"]
    assert json.loads(run("audit", films, "--no-checks", "--json").out) == found


def test_a_class_in_letters_of_another_system_is_reported_and_listed(
    run: Run, films: Path, tmp_path: Path
) -> None:
    (films / "PNEUMONIA").rename(films / os.fsdecode(b"Lungenentz\xfcndung"))
    assert "Lungenentz" in run("audit", films, "--no-checks").out
    answer = run("audit", films, "--no-checks", "--json", "--leave-out", tmp_path / "list.csv")
    assert json.loads(answer.out)["counts"]["no side"]["Lungenentz\\udcfcndung"] == 13
    assert {film.label for film in find_films(tmp_path / "list.csv")} == {
        "NORMAL",
        os.fsdecode(b"Lungenentz\xfcndung"),
    }


def test_the_image_checks_follow_unless_they_are_not_wanted(
    run: Run, data_folder: Path, pydicom_films: Path, tmp_path: Path
) -> None:
    for label in ("NORMAL", "PNEUMONIA"):
        (tmp_path / label).mkdir()
        for film in sorted((data_folder / "kermany224" / "test" / label).iterdir())[::20]:
            (tmp_path / label / film.name).write_bytes(film.read_bytes())
    (tmp_path / "NORMAL" / "hand.dcm").write_bytes((pydicom_films / "RG3_UNCR.dcm").read_bytes())
    answer = run("audit", tmp_path)
    assert answer.code == 0
    assert "out-of-scope" in answer.out and "hand.dcm" in answer.out
    answer = run("audit", tmp_path, "--no-checks")
    assert "out-of-scope" not in answer.out and "not asked" in answer.out


@pytest.mark.parametrize(("given", "words"), [("gone", "no such folder"), ("words.txt", "no column file")])
def test_a_place_without_labelled_films_is_refused(run: Run, tmp_path: Path, given: str, words: str) -> None:
    (tmp_path / "words.txt").write_text("some words")
    answer = run("audit", tmp_path / given)
    assert answer.code == 2 and words in answer.err


def test_folders_of_a_class_each_are_looked_at_together(run: Run, films: Path) -> None:
    answer = run("audit", films / "NORMAL", films / "PNEUMONIA", "--no-checks", "--json")
    assert json.loads(answer.out)["counts"] == {"no side": {"NORMAL": 15, "PNEUMONIA": 13}}
