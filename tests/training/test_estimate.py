"""Before a training starts it is measured what it will take."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.training.estimate import estimate_in_child
from tests.training.short_run import short_run


def test_a_few_steps_tell_time_and_room(drawn_folder: Path, tmp_path: Path) -> None:
    request = short_run(drawn_folder, tmp_path / "model", epochs=10, balance="oversampling", cores=1)
    found = estimate_in_child(request, tmp_path)
    assert (found.films, found.epochs, found.device) == (48, 10, "CPU")
    assert found.steps == 6  # 90 % of the films, eight a step
    assert 0 < found.epoch_seconds < found.start_seconds < found.seconds
    assert 0.2e9 < found.memory < 4e9
    assert found.disk > 50_000_000
    assert "On CPU: at most" in found.text and "10 epochs over 48 films" in found.text
    assert not (tmp_path / "model").exists()


def test_what_cannot_be_trained_is_said_instead(drawn_folder: Path, tmp_path: Path) -> None:
    request = short_run(drawn_folder, tmp_path / "model", weights=tmp_path / "gone.h5")
    with pytest.raises(TrainingError, match="no such weights file"):
        estimate_in_child(request, tmp_path)


def test_a_measurement_ends_when_nobody_wants_it_any_longer(drawn_folder: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(Cancelled):
        estimate_in_child(short_run(drawn_folder, tmp_path / "model"), tmp_path, lambda: True)
    assert time.monotonic() - began < 10
    assert not (tmp_path / "estimate.json").exists()


def test_a_trial_that_dies_is_explained(drawn_folder: Path, tmp_path: Path) -> None:
    request = short_run(drawn_folder, tmp_path / "model")
    (tmp_path / "estimate.json").mkdir()  # so that the answer cannot be written
    with pytest.raises(TrainingError, match=r"ended unexpectedly.*needs less"):
        estimate_in_child(request, tmp_path)
