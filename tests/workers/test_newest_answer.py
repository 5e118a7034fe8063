"""Of several questions only the newest one's answer arrives."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.workers.newest_answer import NewestAnswer


@pytest.fixture
def service(qtbot: QtBot) -> Iterator[NewestAnswer]:
    service = NewestAnswer("test")
    yield service
    service.close()


def test_the_answer_to_an_older_question_is_dropped(qtbot: QtBot, service: NewestAnswer) -> None:
    heard: list[object] = []
    service.answered.connect(heard.append)
    goes_on = threading.Event()

    def slow() -> str:
        goes_on.wait(10)
        return "old"

    service.ask(slow)
    service.ask(lambda: "dropped before it began, or after")
    service.ask(lambda: "new")
    goes_on.set()
    qtbot.waitUntil(lambda: "new" in heard)
    assert heard == ["new"]


def test_why_there_is_no_answer_is_told_and_the_next_question_is_answered(
    qtbot: QtBot, service: NewestAnswer
) -> None:
    def refuse() -> None:
        raise TrainingError("No films there.")

    with qtbot.waitSignal(service.refused) as refused:
        service.ask(refuse)
    assert refused.args == ["No films there."]
    with qtbot.waitSignal(service.answered) as answered:
        service.ask(lambda: 7)
    assert answered.args == [7]
