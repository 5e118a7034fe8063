"""Another model is asked about all films, beside the window."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import BundleError, UnreadableImage
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.workers.second_opinion import SecondOpinionService
from tests.workers.rows import film_row, judgement, radiograph

PROBABILITY = {"first": 0.1, "second": 0.9}


class NamedScorer:
    """Always says the same, when the gate is open."""

    device_name = "CPU"

    def __init__(self, name: str, gate: threading.Event, scored: list[int]) -> None:
        self._probability = PROBABILITY[name]
        self._gate = gate
        self._scored = scored

    def score(self, films: Sequence[Radiograph]) -> list[Judgement]:
        self._scored.append(len(films))
        assert self._gate.wait(5)
        return [judgement(self._probability) for _ in films]


class Loads:
    """Opens models by name, and notes how often."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.scored: list[int] = []  # films in each batch

    def __call__(self, name: str) -> NamedScorer:
        self.names.append(name)
        if name not in PROBABILITY:
            raise BundleError("There is no such model.")
        return NamedScorer(name, self.gate, self.scored)


def read(film: Film) -> Radiograph:
    if film.id == 13:
        raise UnreadableImage("The file is gone.")
    return radiograph(film.id)


def test_each_model_is_loaded_once_and_asked_about_each_film_once(qtbot: QtBot) -> None:
    loads = Loads()
    loads.gate.clear()
    service = SecondOpinionService(loads, read)
    told: list[tuple[int, int | None]] = []
    service.progress_changed.connect(lambda progress: told.append((progress.done, progress.total)))
    with qtbot.waitSignal(service.finished):
        service.request("first", [film_row(n) for n in range(20)])
        service.request("second", [film_row(n) for n in range(3)])
        loads.gate.set()
    qtbot.waitUntil(lambda: service.prediction("second", 2) is not None)
    qtbot.waitUntil(lambda: told[-1] == (23, 23))
    first, second = (service.prediction(model, 2) for model in ("first", "second"))
    assert first is not None
    assert second is not None
    assert (first.probability, second.probability) == (0.1, 0.9)
    assert service.prediction("second", 3) is None
    assert service.prediction("first", 13) is None  # it cannot be read
    service.request("first", [film_row(n) for n in range(20)])
    service.close()
    assert loads.names == ["first", "second"]


def test_stopping_keeps_what_was_said(qtbot: QtBot) -> None:
    loads = Loads()
    loads.gate.clear()
    service = SecondOpinionService(loads, read)
    service.request("first", [film_row(n) for n in range(100)])
    qtbot.waitUntil(lambda: loads.names == ["first"])
    with qtbot.waitSignal(service.finished):
        service.cancel()
    with qtbot.waitSignal(service.changed):
        loads.gate.set()
    service.close()
    said = [service.prediction("first", n) for n in range(100)]
    assert 0 < sum(each is not None for each in said) <= 8  # the batch that was under way


def test_a_model_that_cannot_be_loaded_is_told_once_and_not_tried_on_and_on(qtbot: QtBot) -> None:
    loads = Loads()
    service = SecondOpinionService(loads, read)
    with qtbot.waitSignal(service.failed) as failed:
        service.request("third", [film_row(1), film_row(2)])
    assert failed.args == ["There is no such model."]
    with qtbot.waitSignal(service.changed):
        service.request("first", [film_row(1)])
    service.close()
    assert loads.names == ["third", "first"]


def test_films_that_are_being_scored_are_not_asked_about_again(qtbot: QtBot) -> None:
    loads = Loads()
    loads.gate.clear()
    service = SecondOpinionService(loads, read)
    told: list[tuple[int, int | None]] = []
    service.progress_changed.connect(lambda progress: told.append((progress.done, progress.total)))
    service.request("first", [film_row(n) for n in range(3)])
    qtbot.waitUntil(lambda: loads.scored == [3])
    service.request("first", [film_row(n) for n in range(4)])  # another one has come
    with qtbot.waitSignal(service.finished):
        loads.gate.set()
    service.close()
    assert loads.scored == [3, 1]
    assert told[-1] == (4, 4)


def test_a_film_that_could_not_be_read_is_read_when_it_is_asked_about_again(qtbot: QtBot) -> None:
    loads = Loads()
    away = True

    def read_from_drive(film: Film) -> Radiograph:
        if away:
            raise UnreadableImage("The drive is gone.")
        return radiograph(film.id)

    service = SecondOpinionService(loads, read_from_drive)
    with qtbot.waitSignal(service.finished):
        service.request("first", [film_row(1)])
    assert service.prediction("first", 1) is None
    assert loads.names == []  # no model for a film that is not there
    away = False
    with qtbot.waitSignal(service.finished):
        service.request("first", [film_row(1)])
    service.close()
    assert service.prediction("first", 1) is not None
