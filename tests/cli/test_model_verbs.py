"""`cxr-desktop models use|remove|export|import|history`."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxr_desktop.cli.common import model_library
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.settings_file import load_settings
from cxr_desktop.workers.single_instance import SingleInstance
from tests.cli.conftest import Answer
from tests.training.tiny_bundle import write_tiny_bundle

Run = Callable[..., Answer]


@pytest.fixture
def mine(run: Run) -> Path:
    """One model of this user's own."""
    folder = UserFolders.of_this_user().models / "mine"
    write_tiny_bundle(folder, "mine")
    return folder


def chosen() -> str:
    return load_settings(UserFolders.of_this_user().settings, datetime.now(UTC)).settings.model


def test_a_model_is_used_and_the_way_back_is_known(run: Run, mine: Path) -> None:
    for id in ("mine", "cnn"):
        answer = run("models", "use", id)
        assert answer.code == 0, answer.err
        assert chosen() == id
    history = run("models", "history")
    lines = [line for line in history.out.splitlines() if "models use" in line]
    assert [line.split("models use ")[1].strip() for line in lines] == ["cnn", "mine"]


def test_a_model_that_cannot_judge_is_not_taken_into_use(run: Run, mine: Path) -> None:
    (mine / "model.onnx").write_bytes(b"no network")
    answer = run("models", "use", "mine")
    assert answer.code == 2 and "damaged or was changed" in answer.err
    assert chosen() == ""


def test_an_open_window_keeps_its_say(run: Run, mine: Path) -> None:
    folders = UserFolders.of_this_user()
    window = SingleInstance(folders.catalogue)
    assert window.acquire()
    try:
        answer = run("models", "use", "mine")
    finally:
        window.close()
    assert answer.code == 2 and "The window is open" in answer.err
    assert chosen() == ""


@pytest.mark.parametrize(("answered", "kept"), [("n\n", True), ("\n", True), ("", True), ("y\n", False)])
def test_ones_own_model_is_removed_after_asking(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch, answered: str, kept: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answered))
    assert (run("models", "remove", "mine").code != 0) == kept
    assert mine.exists() == kept


def test_nobody_is_asked_where_the_answer_is_given(run: Run, mine: Path) -> None:
    assert run("models", "remove", "mine", "--yes").code == 0
    assert list(mine.parent.iterdir()) == []


def test_a_damaged_model_can_be_removed_by_its_folders_name(run: Run, mine: Path) -> None:
    (mine / "card.json").write_bytes(b"{")
    assert run("models", "remove", "mine", "--yes").code == 0
    assert not mine.exists()


def test_neither_a_bundled_model_nor_the_one_in_use_nor_anybody_elses_is_removed(
    run: Run, mine: Path, tmp_path: Path
) -> None:
    for bundled in ("cnn", resources_folder() / "models" / "cnn"):
        answer = run("models", "remove", bundled, "--yes")
        assert answer.code == 2 and "came with the program" in answer.err
    run("models", "use", "mine")
    answer = run("models", "remove", "mine", "--yes")
    assert answer.code == 2 and "in use" in answer.err
    write_tiny_bundle(tmp_path / "elsewhere", "elsewhere")
    answer = run("models", "remove", tmp_path / "elsewhere", "--yes")
    assert answer.code == 2 and "delete the folder yourself" in answer.err
    assert mine.is_dir() and (tmp_path / "elsewhere").is_dir()
    assert (resources_folder() / "models" / "cnn" / "model.onnx").is_file()


def test_a_model_travels_in_one_file(run: Run, mine: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.cxrmodel"
    assert run("models", "export", "mine", file).code == 0
    refused = run("models", "export", "mine", file)
    assert refused.code == 2 and "already" in refused.err
    assert run("models", "import", file).code == 2  # it is there
    shutil.rmtree(mine)
    answer = run("models", "import", file)
    assert answer.code == 0 and "models use mine" in answer.err
    assert "mine" in run("models").out
    assert run("models", "use", "mine").code == 0
    assert model_library().find("mine").folder.parent == mine.parent


def test_a_model_whose_network_cannot_run_is_not_imported(run: Run, mine: Path, tmp_path: Path) -> None:
    write_tiny_bundle(tmp_path / "wide", "wide")
    card = (tmp_path / "wide" / "card.json").read_text()
    (tmp_path / "wide" / "card.json").write_text(card.replace('"height":16', '"height":32'))
    assert run("models", "export", tmp_path / "wide", tmp_path / "x").code == 0
    answer = run("models", "import", tmp_path / "x")
    assert answer.code == 2
    assert [path.name for path in mine.parent.iterdir()] == ["mine"]


def test_models_still_lists_and_prints_cards(run: Run, mine: Path) -> None:
    assert "mine" in run("models").out
    assert "Brightness" in run("models", "--card", "mine").out
    assert "to be trained" in run("models", "--architectures").out
