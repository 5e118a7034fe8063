"""A long-lived worker thread, the envelope around plain functions.

A lane runs one `turn` after another. Its boundary is the only place that catches: what a turn raises
reaches the window as a worded `failed` signal, and the lane goes on with the next turn.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import Cancelled, CxrError, mistake
from cxr_desktop.language import tr

log = logging.getLogger(__name__)


class Lane(QObject):
    """One thread, woken when there is something to do.

    The owner keeps its own list of work, guarded by `lock`, and gives `turn`, which takes the next piece
    and does it, returning False when there was none.
    """

    failed = Signal(str)  # emitted on the worker thread; Qt carries it over to the receiver's

    def __init__(self, name: str, turn: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lock = threading.Condition()
        self._turn = turn
        self._closing = False
        self._woken = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._started = False

    @property
    def closing(self) -> bool:
        """Whether the program is being closed: a long turn looks at it and gives up."""
        return self._closing

    def wake(self) -> None:
        """Says that there is something to do; starts the thread the first time."""
        with self.lock:
            if not self._started:
                self._started = True
                self._thread.start()
            self._woken = True
            self.lock.notify()

    def close(self) -> None:
        """Lets the turn that runs end, then ends the thread. Safe to call twice."""
        with self.lock:
            self._closing = True
            self.lock.notify()
        if self._started:
            self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            try:
                busy = self._turn()
            except Cancelled:
                continue
            except CxrError as error:
                self.failed.emit(str(error))
                continue
            except Exception as error:
                log.error("%s failed: %s", self._thread.name, mistake(error))
                self.failed.emit(
                    tr("Something went wrong ({kind}); the log tells where.", kind=type(error).__name__)
                )
                continue
            if not busy:
                with self.lock:
                    self.lock.wait_for(lambda: self._woken or self._closing)
                    self._woken = False
