"""The page *Training*: whatever state a run is in, it is told, and what can be done is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.start_choices import TrainingOrder, TrainingStart
from cxr_desktop.domain.training_state import SampleJudgement, TrainingState
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.ui.retraining_wizard.training_page import TrainingPage
from cxr_desktop.workers.latest_answer import LatestAnswer
from cxr_desktop.workers.training_service import TrainingService

FIGURES = tuple(
    {
        "loss": 0.7 / epoch, "val_loss": 0.8 / epoch,
        "accuracy": 1 - 0.4 / epoch, "val_accuracy": 1 - 0.5 / epoch,
        "auc": 1 - 0.3 / epoch, "val_auc": 1 - 0.35 / epoch,
        "recall of PNEUMONIA": 1 - 0.2 / epoch, "val_recall of PNEUMONIA": 1 - 0.25 / epoch,
    }
    for epoch in (1, 2, 3)
)  # fmt: skip
SAMPLES = (SampleJudgement("a.png", "NORMAL", 0.12), SampleJudgement("b.png", "PNEUMONIA", 0.93))
LEARNING = TrainingState(
    network="Small", phase="learning", epoch=4, epochs=10, done=3, of=12, device="CPU", loss=0.2,
    figures=FIGURES, best_epoch=2, samples=SAMPLES, seconds_left=600, memory=1_300_000_000,
    log=("The disk is nearly full.", "Left out: x.png: It is no film."),
    counts={"train": {"NORMAL": 90}, "validation": {"NORMAL": 10}},
)  # fmt: skip
ORDER = TrainingOrder(Path("films.csv"), TrainingStart("cnn"), Tuning(epochs=6))
OTHER_ORDER = replace(ORDER, tuning=Tuning(epochs=9))


class Runs:
    """Runs as they are told to be; wishes are kept."""

    def __init__(self) -> None:
        self.told: dict[str, TrainingState] = {}
        self.asked: list[tuple[str, str]] = []

    def names(self) -> tuple[str, ...]:
        return tuple(self.told)

    def state(self, name: str) -> TrainingState | None:
        return self.told.get(name)

    def resume(self, name: str) -> None:
        self.asked.append((name, "resume"))

    def ask(self, name: str, wish: str) -> None:
        self.asked.append((name, wish))

    def note_seen(self, name: str) -> None:
        self.told[name] = replace(self.told[name], seen=True)

    def forget(self, name: str) -> None:
        if self.told[name].alive:
            raise TrainingError("A trainer is still at work.")
        del self.told[name]


def jpegs(films: tuple[Path, ...], _: Callable[[], bool]) -> Mapping[Path, bytes]:
    """Of all films but the first, which cannot be read."""
    return {film: cv2.imencode(".jpg", np.full((40, 60), 99, np.uint8))[1].tobytes() for film in films[1:]}


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def page(qtbot: QtBot, runs: Runs) -> Iterator[TrainingPage]:
    service, thumbnails = TrainingService(runs), LatestAnswer("films", jpegs)
    page = TrainingPage(service, thumbnails)
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.show()
    service.begin()
    yield page
    service.close()
    thumbnails.close()


@pytest.fixture
def show(qtbot: QtBot, runs: Runs, page: TrainingPage) -> Callable[..., None]:
    """Lets a run stand so, and waits until the page has heard of it."""

    def stands(state: TrainingState, name: str = "one") -> None:
        runs.told[name] = state
        told = (state, replace(state, seen=True))  # the page may have noted it by then
        qtbot.waitUntil(lambda: page._service.states.get(name) in told, timeout=10_000)

    return stands


def offered(page: TrainingPage) -> list[str]:
    return [button.text() for button in page.findChildren(QPushButton) if button.isVisible()]


def words(page: TrainingPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def enter(page: TrainingPage, order: TrainingOrder) -> None:
    """Comes from the page before with an order."""
    page.offer(order, f"Small, {order.tuning.epochs} epochs")
    page.enter()


def started(qtbot: QtBot, page: TrainingPage, runs: Runs, name: str) -> None:
    """Presses Start; a run of that name comes of it."""

    def start() -> str:
        runs.told[name] = LEARNING
        return name

    with qtbot.waitSignal(page.start_requested) as asked:
        page.start.click()
    assert asked.args == [page._order] and not page.start.isEnabled()
    page._service.start(start)
    qtbot.waitUntil(lambda: page.run == name and name in page._service.states, timeout=10_000)


def test_before_the_first_training_there_is_only_what_was_ordered(
    qtbot: QtBot, page: TrainingPage, runs: Runs
) -> None:
    assert "Nothing has been trained yet" in words(page) and offered(page) == []
    enter(page, ORDER)
    assert "To be trained" in words(page) and "Small, 6 epochs" in words(page)
    assert offered(page) == ["Start training"] and page.start.isDefault()
    started(qtbot, page, runs, "one")
    assert "Learning" in words(page) and not page.start.isVisible()


def test_what_was_started_is_not_offered_again_and_nothing_beside_it(
    qtbot: QtBot, page: TrainingPage, runs: Runs, show: Callable[..., None]
) -> None:
    enter(page, ORDER)
    started(qtbot, page, runs, "one")
    enter(page, ORDER)  # back and next again
    assert page.run == "one" and not page.start.isVisible()
    enter(page, OTHER_ORDER)
    assert page.run == "" and page.start.isVisible() and not page.start.isEnabled()
    assert "Another training is at work" in words(page)
    show(replace(LEARNING, phase="finished", alive=False), "one")
    qtbot.waitUntil(page.start.isEnabled)
    assert "Another training" not in words(page)
    enter(page, ORDER)
    assert page.run == "one" and page.is_ready and not page.start.isVisible()


def test_a_new_order_beside_a_finished_run_is_what_the_page_shows(
    qtbot: QtBot, page: TrainingPage, show: Callable[..., None]
) -> None:
    began = datetime(2026, 11, 21, 21, 48)
    show(TrainingState("Dense", began, phase="finished", alive=False, figures=FIGURES, best_epoch=2), "old")
    assert page.is_ready and not page.runs.isVisible()
    enter(page, ORDER)
    assert not page.is_ready and "To be trained" in words(page) and page.start.isDefault()
    assert not any(picture.plot.listDataItems() for picture in page.curves.pictures.values())
    choices = [page.runs.itemText(row) for row in range(page.runs.count())]
    assert choices == ["To be trained", "21\u00a0Nov\u00a02026 21:48 · Dense"]
    page.runs.setFocus()
    qtbot.keyClick(page.runs, Qt.Key.Key_Down)
    assert page.run == "old" and page.is_ready and not page.start.isVisible()
    qtbot.keyClick(page.runs, Qt.Key.Key_Up)
    assert page.run == "" and page.start.isVisible() and not page.is_ready


def test_what_came_to_nothing_says_why_and_can_be_started_again(
    qtbot: QtBot, page: TrainingPage, runs: Runs, show: Callable[..., None]
) -> None:
    enter(page, ORDER)
    started(qtbot, page, runs, "one")
    show(replace(LEARNING, phase="failed", alive=False, resumable=True, ended="Make room."), "one")
    assert offered(page) == ["Go on after the last whole epoch", "Remove…"]
    show(replace(LEARNING, phase="failed", alive=False, ended="Two films are too few."), "one")
    assert offered(page) == ["Start training", "Remove…"]
    enter(page, ORDER)
    assert "Two films are too few." in words(page)
    started(qtbot, page, runs, "two")
    assert page.run == "two" and not page.start.isVisible()


def test_why_a_start_was_refused_stays_on_the_page_until_it_is_tried_again(
    qtbot: QtBot, page: TrainingPage, runs: Runs, show: Callable[..., None]
) -> None:
    def refuse() -> str:
        raise TrainingError("The disk is full.")

    page._service.failed.connect(page.show_problem)
    enter(page, ORDER)
    page.start.click()
    page._service.start(refuse)
    qtbot.waitUntil(lambda: "The disk is full." in words(page))
    assert page.start.isEnabled()
    show(replace(LEARNING, phase="finished", alive=False), "old")  # news of another run
    assert "The disk is full." in words(page) and page.run == ""
    started(qtbot, page, runs, "one")
    assert "The disk is full." not in words(page)


def test_an_interrupted_run_waits_while_another_is_at_work(
    qtbot: QtBot, page: TrainingPage, show: Callable[..., None]
) -> None:
    show(replace(LEARNING, alive=False, resumable=True), "early")
    assert page.run == "early" and page.resume.isEnabled() and "loss" not in words(page)
    show(LEARNING, "late")
    assert page.resume.isVisible() and not page.resume.isEnabled()
    assert "Another training is at work" in words(page)


def test_an_end_counts_as_seen_only_where_it_was_in_view(
    qtbot: QtBot, page: TrainingPage, runs: Runs, show: Callable[..., None]
) -> None:
    page.hide()
    show(replace(LEARNING, phase="finished", alive=False))
    qtbot.wait(50)
    assert not runs.told["one"].seen
    page.show()
    page.enter()
    qtbot.waitUntil(lambda: runs.told["one"].seen)


def test_a_run_that_learns_is_told_whole(qtbot: QtBot, page: TrainingPage, show: Callable[..., None]) -> None:
    show(LEARNING)
    said = words(page)
    for part in (
        "Learning", "Small · 90 films to learn from", "epoch 4 of at most 10, step 3 of 12",
        "at most 10 min left",
        "10 held out", "best so far: epoch 2", "1.3 GB of memory", "PNEUMONIA", "93\u00a0%\u00a0suspicious",
    ):  # fmt: skip
        assert part in said, part
    assert "32 %" in said and page.bar.value() == 325
    assert page.log.toPlainText() == "The disk is nearly full.\nLeft out: x.png: It is no film."
    assert offered(page) == ["Pause", "Stop and keep the best", "Cancel…"]
    for title, picture in page.curves.pictures.items():
        curves = picture.plot.listDataItems()
        assert [curve.name() for curve in curves] == ["training", "held out"], title
        assert list(curves[0].getData()[0]) == [1, 2, 3]
    pictures = page.samples.findChildren(QLabel)
    qtbot.waitUntil(lambda: [label.pixmap().isNull() for label in pictures].count(False) == 1)


def test_each_wish_reaches_the_run_that_is_shown(
    qtbot: QtBot, page: TrainingPage, runs: Runs, show: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    show(replace(LEARNING, phase="finished", alive=False), "early")
    show(LEARNING, "late")
    page.show_run("late")
    page.pause.click()
    show(replace(LEARNING, paused=True), "late")
    assert offered(page) == ["Continue", "Stop and keep the best", "Cancel…"]
    page.go_on.click()
    page.stop.click()
    answers = iter([QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes])
    monkeypatch.setattr(QMessageBox, "question", lambda *_: next(answers))
    page.cancel.click()
    page.cancel.click()
    show(replace(LEARNING, alive=False, resumable=True), "late")
    assert offered(page) == ["Go on after the last whole epoch", "Remove…"]
    assert "It can go on after its last whole epoch." in words(page)
    page.resume.click()
    wanted = [("late", wish) for wish in ("pause", "go on", "stop", "cancel", "resume")]
    qtbot.waitUntil(lambda: runs.asked == wanted)


def test_stopping_is_offered_once_there_is_something_to_keep(
    page: TrainingPage, show: Callable[..., None]
) -> None:
    show(TrainingState(phase="reading", done=5, of=100))
    assert "5 % · 5 of 100 films" in words(page)
    assert offered(page) == ["Pause", "Cancel…"]
    show(replace(LEARNING, figures=(), best_epoch=0, samples=()))
    assert page.stop.isVisible() and not page.stop.isEnabled()
    show(replace(LEARNING, phase="writing"))
    assert offered(page) == []


def test_an_end_is_told_with_its_reason_and_a_model_makes_the_page_ready(
    qtbot: QtBot, page: TrainingPage, show: Callable[..., None]
) -> None:
    show(replace(LEARNING, phase="failed", alive=False, ended="The disk is full."))
    assert "Training failed" in words(page) and "The disk is full." in words(page)
    assert not page.bar.isVisible() and not page.is_ready
    with qtbot.waitSignal(page.ready_changed) as ready:
        show(replace(LEARNING, phase="finished", alive=False, ended="It was stopped on request."))
    assert ready.args == [True] and page.is_ready and offered(page) == ["Remove…"]


def test_a_removed_run_gives_way_to_the_newest_of_the_others(
    qtbot: QtBot, page: TrainingPage, show: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    done = replace(LEARNING, phase="finished", alive=False)
    show(done, "2026-1")
    show(done, "2026-2")
    page.show_run("2026-2")
    assert [page.runs.itemData(n) for n in range(page.runs.count())] == ["2026-2", "2026-1"]
    page.remove.click()
    qtbot.waitUntil(lambda: page.run == "2026-1", timeout=10_000)
    page.remove.click()
    qtbot.waitUntil(lambda: page.run == "", timeout=10_000)
    assert "Nothing has been trained yet" in words(page)
