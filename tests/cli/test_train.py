"""`cxr-desktop train`: what is shown, and what is refused before anything is trained."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.cli import train as train_command
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.training.events import Event, Failed
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import CHECKPOINT_FILE
from tests.cli.conftest import Answer
from tests.conftest import BUNDLED

Run = Callable[..., Answer]
CNN = ("--architecture", "sharma-cnn-deep")


def test_one_class_is_refused_with_what_to_add(run: Run, data_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "films" / "NORMAL").mkdir(parents=True)
    for film in sorted((data_folder / "kermany224" / "val" / "NORMAL").iterdir()):
        shutil.copy(film, tmp_path / "films" / "NORMAL")
    answer = run("train", tmp_path / "films", *CNN, "--output", tmp_path / "model")
    assert answer.code == 2
    assert "one class only (NORMAL)" in answer.err
    assert not (tmp_path / "model").exists()


def test_an_unknown_architecture_is_refused_with_the_known_ones(run: Run, tmp_path: Path) -> None:
    answer = run("train", tmp_path, "--architecture", "no-such", "--output", tmp_path / "model")
    assert answer.code == 2
    assert "sharma-cnn-deep-aug" in answer.err


@pytest.mark.parametrize("start", [(), (*CNN, "--continue-from", "cnn")])
def test_a_training_needs_one_start_and_not_two(run: Run, tmp_path: Path, start: tuple[str, ...]) -> None:
    answer = run("train", tmp_path, *start, "--output", tmp_path / "model")
    assert answer.code == 2
    assert "either --architecture, for a new model, or --continue-from" in answer.err


def test_an_unknown_model_to_continue_from_is_refused_with_the_known_ones(run: Run, tmp_path: Path) -> None:
    answer = run("train", tmp_path, "--continue-from", "no-such", "--output", tmp_path / "model")
    assert answer.code == 2
    assert "There is no model “no-such”" in answer.err and "cnn" in answer.err


def test_a_model_that_is_continued_brings_its_architecture(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model.run").mkdir()
    TrainingRequest(tmp_path, "sharma-cnn", tmp_path / "model").save(tmp_path / "model.run")
    answer = run("train", tmp_path, "--continue-from", BUNDLED, "--output", tmp_path / "model", "--resume")
    assert answer.code == 2
    assert "the architecture, the model that it continues from" in answer.err


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--epochs", "0"), "Epochs: 0 is outside 1 to 1000"),
        (("--learning-rate", "3"), "Learning rate: 3 is outside"),
        (("--image-size", "2000"), "Image size: 2000 is outside 32 to 1024"),
        (("--variation", "wild"), "'wild' is not one of"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_them(
    run: Run, tmp_path: Path, option: tuple[str, str], words: str
) -> None:
    answer = run("train", tmp_path, *CNN, "--output", tmp_path / "model", *option)
    assert answer.code == 2
    assert words in answer.err
    assert not (tmp_path / "model.run").exists()


def test_nothing_to_resume_is_said_before_anything_starts(run: Run, tmp_path: Path) -> None:
    answer = run("train", tmp_path, *CNN, "--output", tmp_path / "model", "--resume")
    assert answer.code == 2
    assert "no interrupted run" in answer.err
    assert not (tmp_path / "model.run").exists()


def test_a_failure_that_a_run_can_go_on_from_names_the_option(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_the_disk(request: TrainingRequest, folder: Path, on_event: Callable[[Event], None]) -> None:
        folder.mkdir(exist_ok=True)
        request.save(folder)
        (folder / CHECKPOINT_FILE).touch()
        on_event(Failed("Make room."))
        raise TrainingError("Make room.")

    monkeypatch.setattr(train_command, "train_in_child", fill_the_disk)
    words = "Make room. The same command with --resume lets it go on."
    first = run("train", tmp_path, *CNN, "--output", tmp_path / "model")
    assert first.code == 2 and words in first.err
    again = run("train", tmp_path, *CNN, "--output", tmp_path / "model", "--resume")
    assert "Make room." in again.err and "same command" not in again.err  # it is known by now


def test_a_resume_asks_for_the_same_as_before(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model.run").mkdir()
    TrainingRequest(tmp_path, "sharma-cnn", tmp_path / "model").save(tmp_path / "model.run")
    answer = run(
        "train", tmp_path, *CNN, "--output", tmp_path / "model", "--resume", "--seed", 3, "--from-scratch",
        "--suspicious", "virus", "--suspicious", "bacteria", "--weights", tmp_path / "w.h5",
    )  # fmt: skip
    assert answer.code == 2
    for words in ("the architecture", "the seed", "the suspicious classes", "the weights file", "scratch"):
        assert words in answer.err


def test_a_few_films_become_a_model_that_scores(run: Run, data_folder: Path, tmp_path: Path) -> None:
    for label in ("NORMAL", "PNEUMONIA"):
        (tmp_path / "films" / label).mkdir(parents=True)
        for film in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:24]:
            shutil.copy(film, tmp_path / "films" / label)
    assert run("locked-test", "make", tmp_path / "films").code == 0
    answer = run(
        "train", tmp_path / "films", *CNN, "--output", tmp_path / "model", "--epochs", 1, "--by", "Dr Example"
    )
    assert answer.code == 0, answer.err
    assert "epoch 1" in answer.err
    assert "in the locked test set, which is never learned from" in answer.err
    card = open_classifier(tmp_path / "model").card
    assert card.provenance.created_by == "Dr Example"
    counts = card.provenance.counts
    locked = sum(counts["locked test"].values())
    assert locked >= 6 and locked + sum(counts["train"].values()) + sum(counts["validation"].values()) <= 48
    assert card.main_evaluation is not None and "locked test set" in card.main_evaluation.films
    assert card.provenance.recipe["locked_test_films"] == locked
    assert len(card.test_openings) == 1
    answer = run("compare", "cnn", tmp_path / "model", "--locked-test", "--no-shortcuts", "--json")
    assert answer.code == 0, answer.err
    compared = json.loads(answer.out)
    assert len(compared["films"]) + len(compared["not_compared"]) == locked
    assert compared["new"]["remarks"] == compared["now"]["remarks"] == []
    answer = run("triage", tmp_path / "films" / "NORMAL", "--model", tmp_path / "model")
    assert answer.code == 0
    assert "24 films" in answer.err
