"""Only the last question counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.workers.latest_answer import LatestAnswer, latest_work


class Oracle:
    """Answers when it is let; knows no answer to some questions."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun = threading.Event()
        self.asked: list[str] = []

    def answer(self, question: str, given_up: Callable[[], bool]) -> str:
        self.asked.append(question)
        self.begun.set()
        while not self.gate.wait(0.005):
            if given_up():
                raise Cancelled
        if question == "why":
            raise TrainingError("There is no reason.")
        if question == "bug":
            raise KeyError(question)
        return question.upper()


@pytest.fixture
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture
def answers(oracle: Oracle, qtbot: QtBot) -> Iterator[LatestAnswer[str, str]]:
    service = LatestAnswer("oracle", oracle.answer)
    yield service
    service.close()
    service.close()


def test_what_is_overtaken_is_given_up_and_never_answered(
    qtbot: QtBot, oracle: Oracle, answers: LatestAnswer[str, str]
) -> None:
    heard: list[str] = []
    answers.answered.connect(lambda _, answer: heard.append(answer))
    answers.ask("first")
    assert oracle.begun.wait(5)
    answers.ask("second")
    answers.ask("third")
    assert answers.is_busy
    qtbot.waitUntil(lambda: oracle.asked[-1] == "third")
    oracle.gate.set()
    qtbot.waitUntil(lambda: heard == ["THIRD"])
    assert not answers.is_busy
    assert "second" not in oracle.asked


def test_a_question_taken_back_is_not_answered_though_the_answer_was_under_way(
    qtbot: QtBot, oracle: Oracle, answers: LatestAnswer[str, str]
) -> None:
    heard: list[object] = []
    answers.answered.connect(lambda *told: heard.append(told))
    answers.refused.connect(lambda *told: heard.append(told))
    answers.ask("one")
    assert oracle.begun.wait(5)
    answers.take_back()
    assert not answers.is_busy
    oracle.gate.set()
    with qtbot.waitSignal(answers.answered) as told:
        answers.ask("two")
    assert told.args == ["two", "TWO"]
    assert heard == [("two", "TWO")]


def test_an_answer_that_is_ready_when_the_reader_asks_anew_is_not_told_any_more(
    qtbot: QtBot, oracle: Oracle, answers: LatestAnswer[str, str]
) -> None:
    heard: list[str] = []
    answers.answered.connect(lambda _, answer: heard.append(answer))
    oracle.gate.set()
    answers.ask("old")
    assert oracle.begun.wait(5)
    time.sleep(0.2)  # this thread is busy, and the answer lies waiting for it
    answers.ask("new")
    qtbot.waitUntil(lambda: bool(heard))
    answers.ask("older")
    time.sleep(0.2)
    answers.take_back()
    qtbot.wait(100)
    assert heard == ["NEW"]


def test_a_reason_is_told_and_a_mistake_ends_nothing(
    qtbot: QtBot, oracle: Oracle, answers: LatestAnswer[str, str]
) -> None:
    oracle.gate.set()
    with qtbot.waitSignal(answers.refused) as refused:
        answers.ask("why")
    assert refused.args == ["why", "There is no reason."]
    with qtbot.waitSignal(answers.failed) as failed, qtbot.waitSignal(answers.refused) as refused:
        answers.ask("bug")
    assert "KeyError" in failed.args[0] and refused.args == ["bug", ""]
    with qtbot.waitSignal(answers.answered):
        answers.ask("next")


def test_a_question_may_be_the_work_itself(qtbot: QtBot) -> None:
    service = latest_work("work")
    goes_on = threading.Event()

    def refuse() -> None:
        raise TrainingError("No films there.")

    with qtbot.waitSignal(service.answered) as answered:
        service.ask(lambda: goes_on.wait(10))
        service.ask(lambda: "new")
        goes_on.set()
    assert answered.args is not None and answered.args[1] == "new"
    with qtbot.waitSignal(service.refused) as refused:
        service.ask(refuse)
    assert refused.args is not None and refused.args[1] == "No films there."
    service.close()
