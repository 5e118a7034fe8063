"""A model of three labels on the command line."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tests.training.tiny_bundle import write_bundle_of_three

Run = Callable[..., Answer]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_bundle_of_three(tmp_path / "three", "three")
    return tmp_path / "three"


@pytest.fixture
def labelled(data_folder: Path, tmp_path: Path) -> Path:
    """Four real films a class."""
    test = data_folder / "kermany224" / "test"
    films = {
        "NORMAL": sorted((test / "NORMAL").iterdir()),
        "Bacteria": sorted((test / "PNEUMONIA").glob("*bacteria*")),
        "VIRUS": sorted((test / "PNEUMONIA").glob("*virus*")),
    }
    for label, of_label in films.items():
        (tmp_path / "labelled" / label).mkdir(parents=True)
        for film in of_label[:4]:
            shutil.copy(film, tmp_path / "labelled" / label)
    return tmp_path / "labelled"


def test_evaluate_counts_every_label_beside_suspicion(
    run: Run, model: Path, labelled: Path, tmp_path: Path
) -> None:
    answer = run("evaluate", labelled, "--model", model, "--json", tmp_path / "figures.json")
    assert answer.code == 0
    for word in ("sensitivity", "labelled as suspicious", "greatest score", "precision", "support"):
        assert word in answer.out
    figures = json.loads((tmp_path / "figures.json").read_text())
    compared = figures["labels"]
    assert [each["label"] for each in compared["classes"]] == ["VIRUS", "NORMAL", "BACTERIA"]
    judged = figures["evaluation"]["count"]
    assert judged == 12 - len(figures["not_judged"])
    assert sum(map(sum, compared["confusion"])) == judged
    for index, each in enumerate(compared["classes"]):
        row = compared["confusion"][index]
        assert each["support"] == sum(row)
        assert each["recall"] == pytest.approx(row[index] / sum(row))
    right = sum(compared["confusion"][index][index] for index in range(3))
    assert compared["accuracy"]["value"] == pytest.approx(right / judged)


def test_triage_gives_each_label_a_column(run: Run, model: Path, labelled: Path, tmp_path: Path) -> None:
    answer = run("triage", labelled / "VIRUS", "--model", model, "--csv", tmp_path / "queue.csv")
    assert answer.code == 0
    rows = list(csv.DictReader((tmp_path / "queue.csv").read_text(encoding="utf-8").splitlines()))
    columns = [f"score_{label}" for label in ("VIRUS", "NORMAL", "BACTERIA")]
    assert list(rows[0])[-3:] == columns
    judged = [row for row in rows if row["probability"]]
    assert judged
    for row in judged:
        scores = [float(row[column]) for column in columns]
        assert sum(scores) == pytest.approx(1, abs=1e-5)
        assert scores[0] + scores[2] == pytest.approx(float(row["score"]), abs=1e-5)
    (heading,) = (line for line in answer.out.splitlines() if "probability" in line)
    assert heading.split() == ["#", "probability", "verdict", "virus", "normal", "bacteria", "film"]
    assert "uncalibrated" in answer.err


def test_triage_with_two_labels_is_as_it_was(run: Run, pydicom_films: Path, tmp_path: Path) -> None:
    answer = run("triage", pydicom_films / "RG1_UNCR.dcm", "--csv", tmp_path / "queue.csv")
    assert "uncalibrated" not in answer.err
    assert "score_" not in (tmp_path / "queue.csv").read_text(encoding="utf-8")
