"""The smaller edition has no Keras: what needs it says so in words, before anything else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.edition import check_can_train
from tests.cli.conftest import Answer

Run = Callable[..., Answer]


@pytest.fixture
def without_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras as it is where it was not installed."""
    monkeypatch.setitem(sys.modules, "keras", None)


def test_a_program_with_keras_can_train() -> None:
    check_can_train()


@pytest.mark.usefixtures("without_keras")
def test_without_keras_it_is_said_what_to_install() -> None:
    with pytest.raises(TrainingError, match=r"full edition.*in its place"):
        check_can_train()


@pytest.mark.usefixtures("without_keras")
def test_commands_that_train_are_refused_in_words(run: Run, tmp_path: Path) -> None:
    training = ("train", tmp_path / "films", "--output", tmp_path / "model", "--architecture", "xception")
    for words in (training, (*training, "--estimate"), ("benchmark", tmp_path)):
        answer = run(*words)
        assert answer.code == 2
        assert "Install the full edition" in answer.err
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("without_keras")
def test_what_was_measured_before_is_still_told(run: Run) -> None:
    assert "published" in run("benchmark", "--report").out
