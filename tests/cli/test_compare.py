"""`cxr-desktop compare` and `cxr-desktop locked-test`."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tests.training.conftest import draw_film
from tests.training.tiny_bundle import write_tiny_bundle

Run = Callable[..., Answer]


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """One that calls bright films suspicious, and one that calls dark films so."""
    for name, slope in (("bright", 20.0), ("dark", -20.0)):
        write_tiny_bundle(tmp_path / name, name, slope=slope, middle=0.48)
    return tmp_path / "bright", tmp_path / "dark"


@pytest.fixture
def labelled(data_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "labelled"
    for label in ("NORMAL", "PNEUMONIA"):
        (folder / label).mkdir(parents=True)
        for film in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:12]:
            shutil.copy(film, folder / label)
    return folder


def test_two_models_are_compared_with_verdict_rule_and_flips(
    run: Run, models: tuple[Path, Path], labelled: Path, tmp_path: Path
) -> None:
    (labelled / "NORMAL" / "empty.png").touch()
    (labelled / "OTHER").mkdir()
    answer = run(
        "compare", *models, labelled, "--no-shortcuts", "--csv", tmp_path / "films.csv", "--json",
        tmp_path / "comparison.json",
    )  # fmt: skip
    assert answer.code == 3  # a film could not be read
    assert "Verdict: no evidence of a difference" in answer.out
    assert "Only 12 suspicious and 12 other films were compared" in answer.out
    for words in (
        "recall at specificity",
        "heat inside the lungs",
        "precision",
        "support",
        "How the verdict is",
    ):
        assert words in answer.out
    assert "1 film that bright did not judge, not compared" in answer.out
    assert "1 folder of no label of the model (OTHER)" in answer.err
    figures = json.loads((tmp_path / "comparison.json").read_text())
    assert figures["verdict"] == "no evidence of a difference"
    assert len(figures["films"]) == 24
    with (tmp_path / "films.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 25
    flips = [row for row in rows if row["flips"] == "true"]
    assert flips and all(row["film"] in answer.out for row in flips)
    assert [row["not_judged_new"] != "" for row in rows] == [False] * 24 + [True]


def test_the_comparison_is_json_alone_where_that_is_asked_for(
    run: Run, models: tuple[Path, Path], labelled: Path
) -> None:
    for film in sorted(labelled.rglob("*.jpeg"))[2:-2]:
        film.unlink()
    answer = run("compare", *models, labelled, "--json")
    assert answer.code == 0
    figures = json.loads(answer.out)
    assert [len(figures[which]["shortcuts"]) for which in ("now", "new")] == [6, 6]
    refused = run("compare", *models, labelled, "--operating-point", "youden")
    assert refused.code == 2 and "“balanced”" in refused.err


def test_a_set_is_locked_once_and_models_are_compared_on_it(
    run: Run, models: tuple[Path, Path], labelled: Path, tmp_path: Path
) -> None:
    assert run("compare", *models, "--locked-test").code == 2
    answer = run("locked-test", "make", labelled, "--share", 0.5)
    assert answer.code == 0, answer.err
    assert "Locked " in answer.err
    again = run("locked-test", "make", labelled)
    assert again.code == 2 and "stays as it is" in again.err
    shown = run("locked-test", "show")
    assert "NORMAL" in shown.out and "PNEUMONIA" in shown.out

    moved = tmp_path / "moved"
    labelled.rename(moved)
    answer = run("compare", *models, moved, "--locked-test", "--no-shortcuts", "--json")
    assert answer.code == 0, answer.err
    figures = json.loads(answer.out)
    locked = len(figures["films"])
    assert 8 <= locked <= 16 and figures["not_compared"] == []
    assert "locked test set" in figures["films_in_words"]
    (remark,) = figures["new"]["remarks"]
    assert f"{locked} films of {locked} were locked after dark was trained" in remark

    gone = run("compare", *models, "--locked-test", "--no-shortcuts")
    assert gone.code == 2 and "No film was judged by both" in gone.err


def test_a_set_grows_by_films_of_new_patients_only(run: Run, labelled: Path, tmp_path: Path) -> None:
    assert run("locked-test", "add", labelled).code == 2
    assert run("locked-test", "show").code == 2
    run("locked-test", "make", labelled, "--share", 0.5)
    for index in range(12):
        draw_film(tmp_path / "new" / "NORMAL" / f"IM-9{index:03}-1.png", False, index)
        draw_film(tmp_path / "new" / "PNEUMONIA" / f"person9{index:03}_virus_1.png", True, 100 + index)
    added = run("locked-test", "add", tmp_path / "new", "--share", 0.25)
    assert added.code == 0 and "Locked 6 films" in added.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cnn", "cnn"), "Name a labelled folder"),
        (("cnn", "no-such", "."), "no model “no-such”"),
    ],
)
def test_what_is_missing_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = run("compare", *arguments)
    assert answer.code == 2
    assert said in answer.err
