"""A weights file is named once, checked, and found again afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.cli.weights import remember, remembered, weights_for
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.architectures import architecture


@pytest.fixture
def imagenet(data_folder: Path) -> Path:
    file = data_folder.parent / "weights" / "xception_imagenet_notop.h5"
    if not file.is_file():
        pytest.skip(f"there is no {file.name} beside the films")
    return file


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_file_named_once_is_found_again(imagenet: Path) -> None:
    record = architecture("sharma-xception")
    assert weights_for(record, None) is None
    assert weights_for(record, imagenet) == imagenet.resolve()
    assert weights_for(record, None) == imagenet.resolve()
    assert weights_for(architecture("xception"), None) == imagenet.resolve()
    # ResNet101 starts from another file, and most networks from none.
    assert weights_for(architecture("sharma-resnet101"), None) is None
    assert weights_for(architecture("sharma-cnn"), None) is None


def test_a_wrong_file_is_refused_and_not_remembered(tmp_path: Path) -> None:
    wrong = tmp_path / "weights.h5"
    wrong.write_bytes(b"no weights")
    with pytest.raises(TrainingError, match=r"weights\.h5"):
        weights_for(architecture("sharma-xception"), wrong)
    assert remembered() == ()


def test_a_file_that_has_gone_or_changed_is_passed_over(tmp_path: Path) -> None:
    gone, changed = tmp_path / "gone.h5", tmp_path / "changed.h5"
    for file in (gone, changed):
        file.write_bytes(b"once")
    remember([gone, changed])
    gone.unlink()
    assert remembered() == (changed.resolve(),)
    assert weights_for(architecture("sharma-xception"), None) is None


def test_a_damaged_note_of_places_costs_nothing_but_the_places(tmp_path: Path) -> None:
    remember([tmp_path])
    (note,) = (tmp_path / "data").rglob("weights.json")
    note.write_bytes(b"{")
    assert remembered() == ()
