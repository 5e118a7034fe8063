"""Two models on the same labelled films, compared on a thread beside the window."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.comparison import ModelComparison, ModelsToCompare
from cxr_desktop.domain.errors import Cancelled, CxrError, FilmsNotFound
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.lane import Lane

# What is done, how many films of how many.
OnStep = Callable[[str, int, int], None]
Compare = Callable[[ModelsToCompare, OnStep], ModelComparison]

# More often nobody reads a figure.
TOLD_EVERY_SECONDS = 0.1


class ComparisonService(QObject):
    """One thread that compares; one comparison at a time, the one asked for last.

    Signals:
        progress_changed: what is done, and how far it is.
        compared: what was asked for, and what came of it.
        stopped: the comparison was given up, as the reader asked.
        films_missing: why there is none before the reader says where films are; how many others there are.
        failed: why there is none.
    """

    progress_changed = Signal(str, object)  # Progress
    compared = Signal(object, object)  # ModelsToCompare, ModelComparison
    stopped = Signal()
    films_missing = Signal(str, int)
    failed = Signal(str)

    def __init__(self, compare: Compare, parent: QObject | None = None) -> None:
        """
        Args:
            compare: compares, telling each film; called on the thread. What `OnStep` raises ends it.
        """
        super().__init__(parent)
        self._compare = compare
        self._wanted: ModelsToCompare | None = None
        self._asked = 0  # how often something else was wanted
        self._step = ("", 0.0, 0.0)  # what is done, since when, when it was last told
        self._lane = Lane("comparison", self._turn, self)
        self._lane.failed.connect(self.failed)

    def request(self, models: ModelsToCompare) -> None:
        """Compares these; what was asked for before is given up."""
        with self._lane.lock:
            self._wanted = models
            self._asked += 1
        self._lane.wake()

    def cancel(self) -> None:
        """Gives up what is compared."""
        with self._lane.lock:
            self._wanted = None
            self._asked += 1

    def close(self) -> None:
        self.cancel()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            models, self._wanted = self._wanted, None
            asked = self._asked
        if models is None:
            return False
        self._step = ("", 0.0, 0.0)
        try:
            result = self._compare(models, lambda what, done, of: self._tell(asked, what, done, of))
        except Cancelled:
            with self._lane.lock:
                replaced = self._wanted is not None
            if not replaced and not self._lane.closing:
                self.stopped.emit()
            return True
        except CxrError as reason:
            if asked != self._asked:  # nobody waits for it any more
                return True
            if not isinstance(reason, FilmsNotFound):
                raise
            self.films_missing.emit(str(reason), reason.others)
            return True
        self.compared.emit(models, result)
        return True

    def _tell(self, asked: int, what: str, done: int, of: int) -> None:
        if asked != self._asked:
            raise Cancelled
        name, since, told = self._step
        now = time.monotonic()
        if name != what:
            since, told = now, 0.0
        if done < of and now - told < TOLD_EVERY_SECONDS:
            self._step = (what, since, told)
            return
        self._step = (what, since, now)
        self.progress_changed.emit(what, Progress(done, of, now - since))
