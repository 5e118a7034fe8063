"""Questioning scores in the background: one question after the other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import Cancelled, CxrError
from cxr_desktop.domain.explanation import Answer, FilmLayers, LayersQuestion, Question
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.lane import Lane

# The GUI is told of progress this often at most.
_TELL_EVERY = 0.1

Asked = Question | LayersQuestion
Told = Answer | FilmLayers


class QuestioningService(QObject):
    """One thread that answers questions in the order in which they were asked.

    Several may ask; each knows its own questions again by identity, and takes back what it no longer wants to
    know.
    """

    answered = Signal(object, object)  # Question, Answer; LayersQuestion, FilmLayers
    refused = Signal(object, str)  # the question, why it has no answer
    progress_changed = Signal(object, object)  # the question, Progress over passes of the network
    cancelled = Signal(object)  # the question
    failed = Signal(str)

    def __init__(
        self,
        answer: Callable[[Asked, Callable[[int, int], None]], Told],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            answer: does the work; told on the way how many of how many passes are done, which raises where
                nobody waits any more. Raises CxrError where there is no answer.
        """
        super().__init__(parent)
        self._answer = answer
        self._waiting: deque[Asked] = deque()
        self._answering: Asked | None = None
        self._given_up = False
        self._lane = Lane("questioning", self._turn, self)
        self._lane.failed.connect(self.failed)

    def ask(self, question: Asked) -> None:
        """Asks; what was asked before is answered before."""
        with self._lane.lock:
            self._waiting.append(question)
        self._lane.wake()

    def take_back(self, question: Asked) -> None:
        """Nobody waits for this answer any more. `cancelled` follows, unless it has been answered already."""
        with self._lane.lock:
            waits = question in self._waiting
            if waits:
                self._waiting.remove(question)
            elif question is self._answering:
                self._given_up = True
        if waits:
            self.cancelled.emit(question)

    def close(self) -> None:
        with self._lane.lock:
            self._waiting.clear()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            question = self._waiting.popleft() if self._waiting else None
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

    def _teller(self, question: Asked) -> Callable[[int, int], None]:
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
