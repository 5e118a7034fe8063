"""Work that matters only for the last question asked: a preview, an estimate, what there is to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import Cancelled, CxrError
from cxr_desktop.workers.lane import Lane

Work = Callable[[], Any]
Question = TypeVar("Question")
Answer = TypeVar("Answer")


class LatestAnswer(QObject, Generic[Question, Answer]):
    """One thread that answers the last question; an earlier one is given up, and is not answered.

    Signals:
        answered: the question and its answer.
        refused: the question, and why it has no answer.
        failed: what to tell of a mistake of the program; `refused` comes before it.
    """

    answered = Signal(object, object)
    refused = Signal(object, str)
    failed = Signal(str)

    def __init__(
        self,
        name: str,
        answer: Callable[[Question, Callable[[], bool]], Answer],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            name: of the thread.
            answer: does the work; is given what tells whether the answer is wanted no longer, and may raise
                Cancelled then. Raises CxrError where there is no answer.
        """
        super().__init__(parent)
        self._answer = answer
        self._wanted: Question | None = None  # the one that is still to be answered
        self._waits = False  # whether the thread has not taken it up yet
        self._lane = Lane(name, self._turn, self)
        self._lane.failed.connect(self.failed)

    @property
    def is_busy(self) -> bool:
        """Whether a question is still to be answered."""
        return self._wanted is not None

    def ask(self, question: Question) -> None:
        """Asks, in place of whatever was asked before."""
        with self._lane.lock:
            self._wanted, self._waits = question, True
        self._lane.wake()

    def take_back(self) -> None:
        """Nobody wants to know any more."""
        with self._lane.lock:
            self._wanted, self._waits = None, False

    def close(self) -> None:
        """Gives up, and ends the thread."""
        self.take_back()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            if not self._waits or self._wanted is None:
                return False
            question, self._waits = self._wanted, False
        try:
            answer = self._answer(question, lambda: self._wanted is not question or self._lane.closing)
        except Cancelled:
            self._settle(question)
        except CxrError as reason:
            if self._settle(question):
                self.refused.emit(question, str(reason))
        except Exception:
            if self._settle(question):
                self.refused.emit(question, "")  # the lane words it
            raise
        else:
            if self._settle(question):
                self.answered.emit(question, answer)
        return True

    def _settle(self, question: Question) -> bool:
        """Whether this question is still the one; it waits for no answer any longer, then."""
        with self._lane.lock:
            if self._wanted is not question:
                return False
            self._wanted = None
            return True


def latest_work(name: str, parent: QObject | None = None) -> LatestAnswer[Work, Any]:
    """One whose questions are the work itself: functions without arguments, which may raise CxrError."""
    return LatestAnswer(name, lambda work, _: work(), parent)
