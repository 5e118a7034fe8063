"""Plain work beside the window of which only the newest result counts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from cxr_desktop.workers.lane import Lane


class NewestAnswer(QObject):
    """One thread. What was asked before the newest question is dropped, or its answer is.

    Signals:
        answered: what the newest question's work gave.
        refused: why there is no answer.
    """

    answered = Signal(object)
    refused = Signal(str)
    _done = Signal(int, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        """
        Args:
            name: of the thread.
        """
        super().__init__(parent)
        self._number = 0
        self._waiting: Callable[[], object] | None = None
        self._lane = Lane(name, self._turn, self)
        self._lane.failed.connect(self.refused)
        self._done.connect(self._take)

    def ask(self, work: Callable[[], object]) -> None:
        """Has something done.

        Args:
            work: called on the thread; raises CxrError where there is no answer.
        """
        with self._lane.lock:
            self._number += 1
            self._waiting = work
        self._lane.wake()

    def close(self) -> None:
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            number, work, self._waiting = self._number, self._waiting, None
        if work is None:
            return False
        self._done.emit(number, work())
        return True

    @Slot(int, object)
    def _take(self, number: int, answer: object) -> None:
        if number == self._number:
            self.answered.emit(answer)
