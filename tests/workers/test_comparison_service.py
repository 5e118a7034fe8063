"""Comparing on a thread: told, stopped, replaced, and refused with a reason."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.comparison import ModelComparison, ModelsToCompare
from cxr_desktop.domain.errors import FilmsNotFound, TrainingError
from cxr_desktop.workers.comparison_service import ComparisonService, OnStep
from tests.domain.two_models import comparison

ONE, OTHER = (ModelsToCompare("xception", new, Path("films.csv")) for new in ("mine", "other"))


class Work:
    """Compares as fast as the test lets it."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.at_work = threading.Event()
        self.problem = ""
        self.missing: FilmsNotFound | None = None

    def __call__(self, models: ModelsToCompare, on_step: OnStep) -> ModelComparison:
        self.at_work.set()
        for done in range(1, 4):
            on_step(models.new, done, 3)
            self.go_on.wait(5)
        if self.missing:
            raise self.missing
        if self.problem:
            raise TrainingError(self.problem)
        return comparison()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def service(work: Work) -> Iterator[ComparisonService]:
    service = ComparisonService(work)
    yield service
    work.go_on.set()
    service.close()


def test_progress_and_then_the_result_of_what_was_asked_are_told(
    qtbot: QtBot, service: ComparisonService, work: Work
) -> None:
    told: list[tuple[str, int, int | None]] = []
    service.progress_changed.connect(
        lambda what, progress: told.append((what, progress.done, progress.total))
    )
    work.go_on.set()
    with qtbot.waitSignal(service.compared) as compared:
        service.request(ONE)
    assert compared.args == [ONE, comparison()]
    assert told[0] == ("mine", 1, 3) and told[-1] == ("mine", 3, 3)


def test_what_is_stopped_gives_no_result(qtbot: QtBot, service: ComparisonService, work: Work) -> None:
    results: list[object] = []
    service.compared.connect(lambda *_: results.append(_))
    service.request(ONE)
    assert work.at_work.wait(5)
    with qtbot.waitSignal(service.stopped):
        service.cancel()
        work.go_on.set()
    assert results == []


def test_another_request_takes_the_place_of_the_one_before(
    qtbot: QtBot, service: ComparisonService, work: Work
) -> None:
    stopped: list[None] = []
    service.stopped.connect(lambda: stopped.append(None))
    service.request(ONE)
    assert work.at_work.wait(5)
    with qtbot.waitSignal(service.compared) as compared:
        service.request(OTHER)
        work.go_on.set()
    assert compared.args is not None and compared.args[0] == OTHER
    assert stopped == []  # the reader stopped nothing


def test_a_reason_is_told_and_the_next_comparison_runs(
    qtbot: QtBot, service: ComparisonService, work: Work
) -> None:
    work.go_on.set()
    work.problem = "There is no locked test set yet."
    with qtbot.waitSignal(service.failed) as failed:
        service.request(ONE)
    assert failed.args == [work.problem]
    work.problem = ""
    with qtbot.waitSignal(service.compared):
        service.request(ONE)


def test_films_that_are_missing_are_told_with_how_many_are_not(
    qtbot: QtBot, service: ComparisonService, work: Work
) -> None:
    failures: list[str] = []
    service.failed.connect(failures.append)
    work.go_on.set()
    work.missing = FilmsNotFound("2 of the 9 films cannot be found.", 7)
    with qtbot.waitSignal(service.films_missing) as missing:
        service.request(ONE)
    assert missing.args == ["2 of the 9 films cannot be found.", 7] and not failures
