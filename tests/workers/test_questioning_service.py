"""Questions are answered beside the window, one after the other, and nobody waits in vain."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.explanation import Answer, Explanation, Method, Question
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.workers.questioning_service import QuestioningService
from tests.workers.rows import judgement

ANSWER = Answer(
    judgement(),
    Explanation(Heatmap(np.ones((2, 2), np.float32), Box(0, 0, 9, 9), "LIME"), 1.0),
    None,
    (),
    0.1,
)


def question(film_id: int) -> Question:
    return Question(film_id, Method.LIME)


def test_a_question_is_answered_and_its_progress_told(qtbot: QtBot) -> None:
    def work(_: Question, tell: Callable[[int, int], None]) -> Answer:
        tell(0, 2)
        tell(2, 2)
        return ANSWER

    service = QuestioningService(work)
    told: list[tuple[int, int, int | None]] = []
    service.progress_changed.connect(lambda q, p: told.append((q.film_id, p.done, p.total)))
    asked = question(7)
    with qtbot.waitSignal(service.answered) as answered:
        service.ask(asked)
    service.close()
    assert answered.args == [asked, ANSWER]
    assert told[-1] == (7, 2, 2)


def test_what_is_taken_back_ends_between_two_passes_and_the_rest_is_answered_in_turn(qtbot: QtBot) -> None:
    entered, gate = threading.Event(), threading.Event()

    def work(asked: Question, tell: Callable[[int, int], None]) -> Answer:
        if asked.film_id == 1:
            entered.set()
            assert gate.wait(5)
            tell(1, 2)
            pytest.fail("it went on though nobody waits")
        return ANSWER

    service = QuestioningService(work)
    answered: list[int] = []
    cancelled: list[int] = []
    service.answered.connect(lambda q, _: answered.append(q.film_id))
    service.cancelled.connect(lambda q: cancelled.append(q.film_id))
    asked = [question(film_id) for film_id in (1, 2, 3, 4)]
    for each in asked:
        service.ask(each)
    assert entered.wait(5)
    service.take_back(asked[0])
    service.take_back(asked[2])
    gate.set()
    qtbot.waitUntil(lambda: answered == [2, 4])
    service.take_back(asked[3])  # answered already: without effect
    service.close()
    assert sorted(cancelled) == [1, 3]


def test_the_same_asked_twice_is_two_questions(qtbot: QtBot) -> None:
    service = QuestioningService(lambda _, __: ANSWER)
    answered: list[object] = []
    service.answered.connect(lambda q, _: answered.append(q))
    one, other = question(1), question(1)
    service.ask(one)
    service.take_back(other)
    service.ask(other)
    qtbot.waitUntil(lambda: len(answered) == 2)
    service.close()
    assert answered[0] is one and answered[1] is other


def test_an_answer_that_comes_after_all_is_not_shown(qtbot: QtBot) -> None:
    entered, gate = threading.Event(), threading.Event()

    def work(_: Question, __: Callable[[int, int], None]) -> Answer:
        entered.set()
        assert gate.wait(5)
        return ANSWER

    service = QuestioningService(work)
    answered: list[object] = []
    service.answered.connect(lambda *args: answered.append(args))
    asked = question(1)
    service.ask(asked)
    assert entered.wait(5)
    with qtbot.waitSignal(service.cancelled):
        service.take_back(asked)
        gate.set()
    service.close()
    assert answered == []


def test_a_question_without_an_answer_says_why_and_the_next_is_answered(qtbot: QtBot) -> None:
    def work(asked: Question, _: Callable[[int, int], None]) -> Answer:
        if asked.film_id == 1:
            raise BundleError("This model has no convolution.")
        return ANSWER

    service = QuestioningService(work)
    asked = question(1)
    with qtbot.waitSignal(service.refused) as refused:
        service.ask(asked)
    assert refused.args == [asked, "This model has no convolution."]
    with qtbot.waitSignal(service.answered):
        service.ask(question(2))
    service.close()


def test_who_takes_a_question_back_leaves_those_of_others(qtbot: QtBot) -> None:
    entered, gate = threading.Event(), threading.Event()

    def work(asked: Question, tell: Callable[[int, int], None]) -> Answer:
        entered.set()
        assert gate.wait(5)
        tell(1, 2)
        return ANSWER

    service = QuestioningService(work)
    answered: list[int] = []
    service.answered.connect(lambda q, _: answered.append(q.film_id))
    mine, other = question(1), question(2)
    service.ask(other)
    assert entered.wait(5)
    service.take_back(mine)  # which nobody is answering
    gate.set()
    qtbot.waitUntil(lambda: answered == [2])

    entered.clear()
    gate.clear()
    service.ask(mine)
    assert entered.wait(5)
    with qtbot.waitSignal(service.cancelled) as cancelled:
        service.take_back(mine)
        gate.set()
    service.close()
    assert cancelled.args == [mine]
    assert answered == [2]


def test_closing_ends_what_runs(qtbot: QtBot) -> None:
    entered = threading.Event()

    def work(_: Question, tell: Callable[[int, int], None]) -> Answer:
        while True:
            entered.set()
            tell(1, 1000)

    service = QuestioningService(work)
    service.ask(question(1))
    assert entered.wait(5)
    service.close()  # returns: the thread has ended
