"""A graphics card in an open window: used, unused, or failing in the middle of the films."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.app import devices_in_use
from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.prediction import Status
from cxr_desktop.imaging.phantom import phantom_file
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.graphics_cards import Maker
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.resources import resources_folder
from tests.app.conftest import OpenDesk, all_scored
from tests.inference.failing_card import CARD, FailingCard

COUNT = 6


@pytest.fixture
def drawn_films(tmp_path: Path) -> Path:
    folder = tmp_path / "drawn"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number}.jpg").write_bytes(phantom_file(number, (512, 420)))
    return folder


def words(desk: Desk) -> list[str]:
    return [label.text() for label in desk.status.findChildren(QLabel) if not label.isHidden()]


def probabilities(desk: Desk) -> dict[str, float | None]:
    films = [film for study in desk.worklist.studies for film in study.films]
    assert {film.status for film in films} == {Status.SCORED}
    return {film.source.name: film.prediction and film.prediction.probability for film in films}


@pytest.mark.parametrize(("loads", "runs"), [(1, None), (None, 3)], ids=["loading", "in the middle"])
def test_where_a_card_fails_it_is_said_once_and_every_film_has_its_score(
    qtbot: QtBot,
    open_desk: OpenDesk,
    drawn_films: Path,
    monkeypatch: pytest.MonkeyPatch,
    loads: int | None,
    runs: int | None,
) -> None:
    FailingCard(loads=loads, runs=runs).plug_in(monkeypatch)
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: [CARD, "CPUExecutionProvider"])
    desk = open_desk()
    desk.take_in([drawn_films])
    qtbot.waitUntil(all_scored(desk, COUNT), timeout=60_000)
    (said,) = desk.notices.sentences
    assert "NVIDIA GPU (CUDA) failed and is left" in said
    assert any(each.startswith("CPU, ") for each in words(desk))
    found = probabilities(desk)
    assert len(found) == COUNT

    folder = desk.model.folder
    assert folder is not None
    films = [desk.films.read(film) for study in desk.worklist.studies for film in study.films]
    scorer = load_scorer(folder, resources_folder() / "models" / "lung-finder", [cpu(1)])
    expected = sorted(each.prediction.probability or 0.0 for each in scorer.score(films))
    assert sorted(each or 0.0 for each in found.values()) == pytest.approx(expected, abs=1e-4)


def test_a_card_that_nothing_uses_is_marked_with_what_to_install(
    qtbot: QtBot, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices_in_use, "find_makers", lambda: (Maker.NVIDIA,))
    desk = open_desk()
    qtbot.waitUntil(lambda: "GPU not used" in words(desk))
    (mark,) = [label for label in desk.status.findChildren(QLabel) if label.text() == "GPU not used"]
    assert "onnxruntime-gpu[cuda,cudnn]" in mark.toolTip()
    assert desk.notices.sentences == ()


def test_without_a_card_nothing_is_said(
    qtbot: QtBot, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices_in_use, "find_makers", lambda: ())
    desk = open_desk()
    qtbot.waitUntil(lambda: any(each.startswith("CPU, ") for each in words(desk)), timeout=20_000)
    assert "GPU not used" not in words(desk)
    assert desk.notices.sentences == ()
