"""Questioning scores in the background: the question asked last is the one that is answered."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import Cancelled, CxrError
from cxr_desktop.domain.explanation import Answer, Question
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.lane import Lane

# The GUI is told of progress this often at most.
_TELL_EVERY = 0.1


class QuestioningService(QObject):
    """One thread that answers one question at a time. A new question cancels the one before."""

    answered = Signal(object, object)  # Question, Answer
    refused = Signal(object, str)  # Question, why it has no answer
    progress_changed = Signal(object, object)  # Question, Progress over passes of the network
    cancelled = Signal(object)  # Question
    failed = Signal(str)

    def __init__(
        self,
        answer: Callable[[Question, Callable[[int, int], None]], Answer],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            answer: does the work; told on the way how many of how many passes are done, which raises where
                nobody waits any more. Raises CxrError where there is no answer.
        """
        super().__init__(parent)
        self._answer = answer
        self._asked: Question | None = None  # waits for the thread
        self._answering: Question | None = None
        self._given_up = False
        self._lane = Lane("questioning", self._turn, self)
        self._lane.failed.connect(self.failed)

    def ask(self, question: Question) -> None:
        """Asks; whatever was asked before is given up."""
        with self._lane.lock:
            given_up, self._asked = self._asked, question
            self._given_up = self._answering is not None
        if given_up is not None:
            self.cancelled.emit(given_up)
        self._lane.wake()

    def cancel(self) -> None:
        """Nobody waits for an answer any more."""
        with self._lane.lock:
            given_up, self._asked = self._asked, None
            self._given_up = self._answering is not None
        if given_up is not None:
            self.cancelled.emit(given_up)

    def close(self) -> None:
        self.cancel()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            question, self._asked = self._asked, None
            self._answering, self._given_up = question, False
        if question is None:
            return False
        try:
            answer = self._answer(question, self._teller(question))
        except Cancelled:
            self.cancelled.emit(question)
        except CxrError as reason:
            self.refused.emit(question, str(reason))
        except Exception:
            self.refused.emit(question, "")  # the lane words it
            raise
        else:
            if self._given_up or self._lane.closing:
                self.cancelled.emit(question)
            else:
                self.answered.emit(question, answer)
        finally:
            with self._lane.lock:
                self._answering = None
        return True

    def _teller(self, question: Question) -> Callable[[int, int], None]:
        started = time.monotonic()
        told = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if self._given_up or self._lane.closing:
                raise Cancelled
            now = time.monotonic()
            if now - told >= _TELL_EVERY or done == total:
                told = now
                self.progress_changed.emit(question, Progress(done, total, now - started))

        return tell
