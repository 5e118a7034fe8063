"""Work that matters only for the last question asked: a preview, an estimate, what there is to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

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
    _ended = Signal(int, object, object, object)  # from the thread: number, question, answer, reason

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
        self._number = 0  # of the last question; what is said of an older one is dropped
        self._waits = False  # whether the thread has not taken it up yet
        self._lane = Lane(name, self._turn, self)
        self._ended.connect(self._tell)
        self._lane.failed.connect(self.failed)

    @property
    def is_busy(self) -> bool:
        """Whether a question is still to be answered."""
        return self._wanted is not None

    def ask(self, question: Question) -> None:
        """Asks, in place of whatever was asked before."""
        with self._lane.lock:
            self._number += 1
            self._wanted, self._waits = question, True
        self._lane.wake()

    def take_back(self) -> None:
        """Nobody wants to know any more."""
        with self._lane.lock:
            self._number += 1
            self._wanted, self._waits = None, False

    def close(self) -> None:
        """Gives up, and ends the thread."""
        self.take_back()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            if not self._waits or self._wanted is None:
                return False
            number, question, self._waits = self._number, self._wanted, False
        try:
            answer = self._answer(question, lambda: self._number != number or self._lane.closing)
        except Cancelled:
            pass  # nobody waits for it
        except CxrError as reason:
            self._ended.emit(number, question, None, str(reason))
        except Exception:
            self._ended.emit(number, question, None, "")  # the lane words it
            raise
        else:
            self._ended.emit(number, question, answer, None)
        return True

    @Slot(int, object, object, object)
    def _tell(self, number: int, question: Question, answer: Answer, refusal: str | None) -> None:
        """On the thread of whoever asks, who may have asked anew since the work was done."""
        if number != self._number:
            return
        self._wanted = None
        if refusal is None:
            self.answered.emit(question, answer)
        else:
            self.refused.emit(question, refusal)


def latest_work(name: str, parent: QObject | None = None) -> LatestAnswer[Work, Any]:
    """One whose questions are the work itself: functions without arguments, which may raise CxrError."""
    return LatestAnswer(name, lambda work, _: work(), parent)
