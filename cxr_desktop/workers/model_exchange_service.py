"""Models that are put into a file, taken out of one, or removed, without keeping the window waiting."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.lane import Lane

# Does the work, telling bytes done and bytes in all, and gives a sentence on what came of it.
Work = Callable[[Callable[[int, int], None]], str]


class ModelExchangeService(QObject):
    """One thread; one piece of work after the other.

    Signals:
        started: what is done now, in a few words.
        progress_changed: of it, in bytes; done where all is written and what remains is checking.
        finished: what came of it, in a sentence.
        stopped: it was given up, as the reader asked; nothing is left of it.
        failed: why it could not be done; nothing is left of it.
    """

    started = Signal(str)
    progress_changed = Signal(object)  # Progress
    finished = Signal(str)
    stopped = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[str, Work]] = deque()
        self._cancelled = False
        self._lane = Lane("models", self._turn, self)
        self._lane.failed.connect(self.failed)

    def do(self, words: str, work: Work) -> None:
        """Asks for a piece of work.

        Args:
            words: what it is: "Exporting Xception 1.0".
            work: called on the thread; raises CxrError. What its progress raises ends it.
        """
        with self._lane.lock:
            self._waiting.append((words, work))
        self._lane.wake()

    def cancel(self) -> None:
        """Gives up what is done, and what waits."""
        with self._lane.lock:
            self._waiting.clear()
            self._cancelled = True

    def close(self) -> None:
        self.cancel()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            if not self._waiting:
                return False
            words, work = self._waiting.popleft()
            self._cancelled = False
        self.started.emit(words)
        began = time.monotonic()

        def tell(done: int, of: int) -> None:
            if self._cancelled or self._lane.closing:
                raise Cancelled
            self.progress_changed.emit(Progress(done, of, time.monotonic() - began))

        try:
            sentence = work(tell)
        except Cancelled:
            self.stopped.emit()
        else:
            self.finished.emit(sentence)
        return True
