"""One thread with one boundary that catches."""

from __future__ import annotations

import logging
import threading

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.workers.lane import Lane


def test_a_problem_reaches_the_window_in_words_and_the_lane_goes_on(qtbot: QtBot) -> None:
    turns = iter([CxrError("The disk is full."), None])
    ran = threading.Event()

    def turn() -> bool:
        match next(turns, "nothing"):
            case CxrError() as error:
                raise error
            case None:
                ran.set()
                return True
        return False

    lane = Lane("test", turn)
    with qtbot.waitSignal(lane.failed) as said:
        lane.wake()
    assert said.args == ["The disk is full."]
    assert ran.wait(5)
    lane.close()


def test_a_mistake_in_the_program_is_logged_without_quoting_what_it_was_about(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    def turn() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("DOE^JANE")
        return False

    lane = Lane("test", turn)
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(lane.failed) as said:
        lane.wake()
    lane.close()
    assert "KeyError" in said.args[0]
    assert "DOE" not in said.args[0] + caplog.text
    assert "turn" in caplog.text


def test_a_wake_during_a_turn_is_never_lost() -> None:
    waiting, done = [0], threading.Event()
    entered, go_on = threading.Event(), threading.Event()

    def turn() -> bool:
        if not waiting[0]:
            entered.set()
            go_on.wait(5)  # woken again just here, before the lane goes to sleep
            return False
        done.set()
        waiting[0] = 0
        return True

    lane = Lane("test", turn)
    lane.wake()
    assert entered.wait(5)
    waiting[0] = 1
    lane.wake()
    go_on.set()
    assert done.wait(5)
    lane.close()


def test_closing_ends_the_thread_and_closing_again_does_no_harm() -> None:
    lane = Lane("only-here", lambda: False)
    lane.wake()
    lane.close()
    lane.close()
    assert "only-here" not in {thread.name for thread in threading.enumerate()}


def test_a_lane_that_never_woke_has_no_thread() -> None:
    before = threading.active_count()
    Lane("asleep", lambda: False).close()
    assert threading.active_count() == before
