"""Films are scored in the background, the film in view first, and none is lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import BundleError, EngineError, UnreadableImage
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.workers.scoring_service import BATCH, ScoringService
from tests.workers.rows import film_row, judgement, radiograph


class Ledger:
    """Keeps judgements in memory, in the order in which they were made."""

    def __init__(self) -> None:
        self.judged: list[int] = []
        self.failed: dict[int, str] = {}

    def save(self, judgements: Sequence[tuple[Film, Judgement]]) -> None:
        self.judged += [film.id for film, _ in judgements]

    def fail(self, film: Film, problem: str) -> None:
        self.failed[film.id] = problem


class GatedScorer:
    """Scores when the gate is open; the device is its name."""

    def __init__(self, device_name: str = "CPU, 1 thread") -> None:
        self.device_name = device_name
        self.entered, self.gate = threading.Event(), threading.Event()
        self.gate.set()
        self.break_after: int | None = None

    def score(self, films: Sequence[Radiograph]) -> list[Judgement]:
        self.entered.set()
        assert self.gate.wait(5)
        if self.break_after is not None:
            self.break_after -= 1
            if self.break_after < 0:
                raise EngineError("The model could not be run on this machine.")
        return [judgement() for _ in films]


def read(film: Film) -> Radiograph:
    if film.id == 13:
        raise UnreadableImage("The file is gone.")
    return radiograph(film.id)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def test_all_films_are_scored_and_announced(qtbot: QtBot, ledger: Ledger) -> None:
    service = ScoringService(GatedScorer, read, ledger)
    studies: list[int] = []
    service.studies_changed.connect(studies.extend)
    with qtbot.waitSignal(service.model_ready) as ready, qtbot.waitSignal(service.finished):
        service.request(film_row(n) for n in range(20, 50))
    service.close()
    assert ready.args == ["CPU, 1 thread"]
    assert sorted(ledger.judged) == list(range(20, 50)) == sorted(studies)


def test_the_film_in_view_jumps_the_queue(qtbot: QtBot, ledger: Ledger) -> None:
    scorer = GatedScorer()
    scorer.gate.clear()
    service = ScoringService(lambda: scorer, read, ledger)
    with qtbot.waitSignal(service.finished):
        service.request(film_row(n) for n in range(20, 60))
        assert scorer.entered.wait(5)
        service.put_first(25)
        scorer.gate.set()
    service.close()
    assert ledger.judged[BATCH] == 25  # right behind the batch that was under way


def test_a_film_that_vanished_is_noted_and_the_others_are_scored(qtbot: QtBot, ledger: Ledger) -> None:
    service = ScoringService(GatedScorer, read, ledger)
    with qtbot.waitSignal(service.finished):
        service.request(film_row(n) for n in range(10, 16))
    service.close()
    assert ledger.failed == {13: "The file is gone."}
    assert sorted(ledger.judged) == [10, 11, 12, 14, 15]


def test_asking_twice_scores_once(qtbot: QtBot, ledger: Ledger) -> None:
    scorer = GatedScorer()
    scorer.gate.clear()
    service = ScoringService(lambda: scorer, read, ledger)
    service.start()
    with qtbot.waitSignal(service.finished):
        service.request([film_row(20)])
        assert scorer.entered.wait(5)
        service.request([film_row(21)])
        service.request([film_row(21)])
        scorer.gate.set()
    service.close()
    assert ledger.judged == [20, 21]


def test_without_a_model_it_is_said_once_and_no_film_is_marked_bad(qtbot: QtBot, ledger: Ledger) -> None:
    def no_model() -> GatedScorer:
        raise BundleError("The model's file model.onnx is damaged. Install the model again.")

    service = ScoringService(no_model, read, ledger)
    said: list[str] = []
    service.failed.connect(said.append)
    with qtbot.waitSignal(service.failed):
        service.request(film_row(n) for n in range(20, 60))
    service.close()
    assert said == ["The model's file model.onnx is damaged. Install the model again."]
    assert not ledger.judged
    assert not ledger.failed


def test_a_broken_engine_stops_scoring_and_the_films_can_be_asked_for_again(
    qtbot: QtBot, ledger: Ledger
) -> None:
    scorer = GatedScorer()
    scorer.break_after = 1
    service = ScoringService(lambda: scorer, read, ledger)
    with qtbot.waitSignal(service.failed):
        service.request(film_row(n) for n in range(20, 60))
    scorer.break_after = None
    missing = [film_row(n) for n in range(20, 60) if n not in ledger.judged]
    with qtbot.waitSignal(service.finished):
        service.request(missing)
    service.close()
    assert sorted(ledger.judged) == list(range(20, 60))


def test_stopping_leaves_the_rest_unscored(qtbot: QtBot, ledger: Ledger) -> None:
    scorer = GatedScorer()
    scorer.gate.clear()
    service = ScoringService(lambda: scorer, read, ledger)
    with qtbot.waitSignal(service.finished):
        service.request(film_row(n) for n in range(20, 60))
        assert scorer.entered.wait(5)
        service.cancel()
        scorer.gate.set()
    service.close()
    assert len(ledger.judged) == BATCH


def test_a_change_of_device_in_the_middle_is_told(qtbot: QtBot, ledger: Ledger) -> None:
    class Failing(GatedScorer):
        def score(self, films: Sequence[Radiograph]) -> list[Judgement]:
            self.device_name = "CPU, 1 thread"
            return super().score(films)

    service = ScoringService(lambda: Failing("NVIDIA T400 (CUDA)"), read, ledger)
    names: list[str] = []
    service.model_ready.connect(names.append)
    with qtbot.waitSignal(service.finished):
        service.request([film_row(20)])
    service.close()
    assert names == ["NVIDIA T400 (CUDA)", "CPU, 1 thread"]


def test_a_model_that_cannot_be_loaded_is_tried_once_and_again_when_films_are_asked_for(
    qtbot: QtBot, ledger: Ledger
) -> None:
    tries: list[int] = []

    def no_model() -> GatedScorer:
        tries.append(len(tries))
        if len(tries) == 1:
            raise BundleError("The model's file model.onnx is damaged. Install the model again.")
        return GatedScorer()

    service = ScoringService(no_model, read, ledger)
    with qtbot.waitSignal(service.failed):
        service.start()
    qtbot.wait(100)  # time enough for a lane that goes round and round
    assert tries == [0]
    with qtbot.waitSignal(service.finished):
        service.request([film_row(20)])
    service.close()
    assert ledger.judged == [20]


def test_after_a_change_of_model_only_the_new_one_judges_what_is_asked_for(
    qtbot: QtBot, ledger: Ledger
) -> None:
    old, new = GatedScorer("the old one"), GatedScorer("the new one")
    scorers = [old]
    old.gate.clear()
    new.gate.clear()
    service = ScoringService(lambda: scorers[0], read, ledger)
    service.request(film_row(n) for n in range(20, 60))
    assert old.entered.wait(5)
    scorers[0] = new
    service.change_model()
    service.request([film_row(n) for n in range(70, 75)])
    names: list[str] = []
    service.model_ready.connect(names.append)
    old.gate.set()
    assert new.entered.wait(5)
    assert len(ledger.judged) == BATCH  # what was under way is kept, what waited is forgotten
    with qtbot.waitSignal(service.finished):
        new.gate.set()
    service.close()
    assert sorted(ledger.judged[BATCH:]) == list(range(70, 75))
    qtbot.waitUntil(lambda: "the new one" in names)


def test_a_failure_of_the_model_before_does_not_stop_the_new_one(qtbot: QtBot, ledger: Ledger) -> None:
    old, new = GatedScorer(), GatedScorer()
    old.gate.clear()
    old.break_after = 0
    scorers = [old]
    service = ScoringService(lambda: scorers[0], read, ledger)
    service.request([film_row(20)])
    assert old.entered.wait(5)
    scorers[0] = new
    service.change_model()
    service.request([film_row(70)])
    old.gate.set()
    qtbot.waitUntil(lambda: ledger.judged == [70])
    service.close()
    assert not service.is_stopped
