"""Asks several questions one after the other; each has its place, where its answer belongs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.explanation import Answer, Question
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.questioning_service import QuestioningService


class Asking(QObject):
    """Has one question at a time answered: others who ask the service wait for one answer, not for all.

    Signals:
        answered: the place and its `Answer`.
        refused: the place, and why its question has no answer.
        progress_changed: the place whose question is being answered, and the `Progress`.
        stopped: the reader waits no longer for these questions, by place.
    """

    answered = Signal(int, object)
    refused = Signal(int, str)
    progress_changed = Signal(int, object)
    stopped = Signal(object)  # dict[int, Question]

    def __init__(self, service: QuestioningService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._waiting: dict[int, Question] = {}
        self._asked: tuple[int, Question] | None = None
        service.answered.connect(self._take_answer)
        service.refused.connect(self._take_refusal)
        service.progress_changed.connect(self._take_progress)

    @property
    def is_busy(self) -> bool:
        """Whether there is an answer to come."""
        return bool(self._waiting) or self._asked is not None

    def ask(self, questions: Mapping[int, Question]) -> None:
        """Asks, by place; an earlier question of the same place is given up."""
        self._waiting |= questions
        if self._asked is not None and self._asked[0] in questions:
            self._give_up_asked()
        self._ask_next()

    def take_back(self) -> None:
        """Nobody waits any more; what was asked is not told of again."""
        self._waiting.clear()
        self._give_up_asked()

    def stop(self) -> None:
        """The reader waits no longer."""
        if self._asked is not None:
            given_up = dict([self._asked]) | self._waiting
            self.take_back()
            self.stopped.emit(given_up)

    def _give_up_asked(self) -> None:
        if self._asked is not None:
            given_up, self._asked = self._asked[1], None
            self._service.take_back(given_up)

    def _ask_next(self) -> None:
        if self._asked is None and self._waiting:
            place = min(self._waiting)
            self._asked = (place, self._waiting.pop(place))
            self._service.ask(self._asked[1])

    def _place_of(self, question: Question) -> int | None:
        """The place of the question that is being answered; None for somebody else's."""
        return self._asked[0] if self._asked is not None and self._asked[1] is question else None

    def _take_answer(self, question: Question, answer: Answer) -> None:
        place = self._place_of(question)
        if place is not None:
            self._asked = None
            self.answered.emit(place, answer)
            self._ask_next()

    def _take_refusal(self, question: Question, reason: str) -> None:
        place = self._place_of(question)
        if place is not None:
            self._asked = None
            self.refused.emit(place, reason)
            self._ask_next()

    def _take_progress(self, question: Question, progress: Progress) -> None:
        place = self._place_of(question)
        if place is not None:
            self.progress_changed.emit(place, progress)
