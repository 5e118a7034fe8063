"""`cxr-desktop benchmark`: what is printed, and what is refused before hours are spent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cxr_desktop.resources import resources_folder
from cxr_desktop.training.architectures import ARCHITECTURES
from tests.cli.conftest import Answer
from tests.training.conftest import draw_film

Run = Callable[..., Answer]


def films(folder: Path) -> Path:
    for index in range(10):
        for side in ("train", "test"):
            draw_film(folder / side / "NORMAL" / f"{side}{index}.png", False, index)
            draw_film(folder / side / "PNEUMONIA" / f"{side}{index}.png", True, 50 + index)
    return folder


def is_study(id: str) -> bool:
    return id in ARCHITECTURES and ARCHITECTURES[id].published is not None


def test_the_report_has_a_line_for_every_architecture_with_a_reason_where_figures_are_missing(
    run: Run, tmp_path: Path
) -> None:
    answer = run("benchmark", "--report", "--json", tmp_path / "rows.json")
    assert answer.code == 0
    for id in ARCHITECTURES:
        assert id in answer.out
    assert "not trained yet" in answer.out
    assert not (tmp_path / "rows.json").exists()


def test_a_shipped_bundle_is_judged_without_training(run: Run, tmp_path: Path) -> None:
    cards = sorted((resources_folder() / "models").glob("*/card.json"))
    found = list(map(msgspec.json.decode, map(Path.read_bytes, cards)))
    ids = [card["id"] for card in found if card["kind"] == "classifier" and not is_study(card["id"])]
    if not ids:
        pytest.skip("every bundle bears the id of a study's system, which would be trained, too")
    shipped, rows = ids[0], tmp_path / "rows.json"
    arguments = ("--only", shipped, "--json", rows, "--work", tmp_path / "work")
    answer = run("benchmark", films(tmp_path / "films"), *arguments)
    assert answer.code == 0, answer.err
    assert f"{shipped}: accuracy" in answer.err
    (row,) = json.loads(rows.read_text())["rows"]
    assert (row["id"], row["kind"]) == (shipped, "ours")
    assert (tmp_path / "ROWS.md").exists()


def test_an_unknown_id_is_refused_with_those_that_can_be_taken(run: Run, tmp_path: Path) -> None:
    answer = run("benchmark", films(tmp_path / "films"), "--only", "resnet", "--json", tmp_path / "rows.json")
    assert answer.code == 2
    assert "“resnet” is unknown" in answer.err and "sharma-cnn-deep-aug" in answer.err


def test_a_model_without_its_weights_file_leaves_its_own_exit_code(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    answer = run("benchmark", films(tmp_path / "films"), "--only", "sharma-xception", "--json", rows)
    assert answer.code == 4
    assert "sharma-xception: needs the ImageNet weights file" in answer.err
    assert not rows.exists()


def test_a_file_must_be_named_for_the_rows(run: Run) -> None:
    answer = run("benchmark", "--json", "--report")
    assert answer.code == 2
    assert "needs the name of a file" in answer.err


def test_a_missing_folder_is_told(run: Run, tmp_path: Path) -> None:
    answer = run("benchmark", tmp_path / "gone", "--json", tmp_path / "rows.json")
    assert answer.code == 2
    assert "There is no such folder" in answer.err
