"""Trainings beside the window: started, followed and steered without keeping it waiting.

The trainers are processes that outlive the window. What they told lies on the disk, so that a window that is
opened later finds them again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.workers.lane import Lane

# How often the disk is asked, while a trainer is at work and while none is.
LIVELY_MS = 300
QUIET_MS = 3000


class Runs(Protocol):
    """All trainings of the user. Every method may raise CxrError, and is called on the service's thread."""

    def names(self) -> tuple[str, ...]:
        """Those that there are, the oldest first."""

    def state(self, name: str) -> TrainingState | None:
        """How one stands; None where its folder is gone."""

    def resume(self, name: str) -> None:
        """Lets one that ended too early go on."""

    def ask(self, name: str, wish: Literal["go on", "pause", "stop", "cancel"]) -> None:
        """Tells a trainer what to do."""

    def note_seen(self, name: str) -> None:
        """The reader has seen how one ended."""

    def forget(self, name: str) -> None:
        """Removes what is left of one."""


class TrainingService(QObject):
    """One thread that looks after all trainings.

    Signals:
        run_started: the name of a run that this window started.
        start_tried: a start is over with; where no run came of it, `failed` says why.
        run_changed: a run's name, and how it stands now; also for each that is found at the start.
        run_gone: the name of a run whose folder is there no longer.
        failed: why something that was asked for was not done.
    """

    run_started = Signal(str)
    start_tried = Signal()
    run_changed = Signal(str, object)  # TrainingState
    run_gone = Signal(str)
    failed = Signal(str)
    _looked = Signal(object)  # dict[str, TrainingState]

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._states: dict[str, TrainingState] = {}
        self._wishes: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(LIVELY_MS)
        self._lane = Lane("training", self._turn, self)
        self._timer.timeout.connect(self._lane.wake)
        self._lane.failed.connect(self.failed)
        self._looked.connect(self._take)

    @property
    def states(self) -> dict[str, TrainingState]:
        """How each run stood when it was last looked at, by name, the oldest first."""
        return dict(self._states)

    def begin(self) -> None:
        """Looks for runs that are there already, and from now on after all of them."""
        self._timer.start()
        self._lane.wake()

    def start(self, start: Callable[[], str]) -> None:
        """Starts a run.

        Args:
            start: does it, and gives the run's name; called on the thread.
        """

        def begin() -> None:
            try:
                self.run_started.emit(start())
            finally:
                self.start_tried.emit()

        self._wish(begin)

    def resume(self, name: str) -> None:
        """Lets a run that ended too early go on after its last whole epoch."""
        self._wish(lambda: self._runs.resume(name))

    def pause(self, name: str) -> None:
        """Lets a trainer wait."""
        self._wish(lambda: self._runs.ask(name, "pause"))

    def go_on(self, name: str) -> None:
        """Ends a pause."""
        self._wish(lambda: self._runs.ask(name, "go on"))

    def stop(self, name: str) -> None:
        """Ends learning; the model of the best epoch so far is written."""
        self._wish(lambda: self._runs.ask(name, "stop"))

    def cancel(self, name: str) -> None:
        """Ends a run of which nothing is wanted."""
        self._wish(lambda: self._runs.ask(name, "cancel"))

    def note_seen(self, name: str) -> None:
        """The reader has seen how a run ended."""
        self._wish(lambda: self._runs.note_seen(name))

    def forget(self, name: str) -> None:
        """Removes what is left of a run that no trainer is at work on."""
        self._wish(lambda: self._runs.forget(name))

    def close(self) -> None:
        """Leaves the trainers to themselves."""
        self._timer.stop()
        self._lane.close()

    def _wish(self, wish: Callable[[], None]) -> None:
        with self._lane.lock:
            self._wishes.append(wish)
        self._lane.wake()

    def _turn(self) -> bool:
        with self._lane.lock:
            wish = self._wishes.popleft() if self._wishes else None
        if wish is not None:
            wish()
            return True
        states = {name: state for name in self._runs.names() if (state := self._runs.state(name)) is not None}
        self._looked.emit(states)
        return False

    @Slot(object)
    def _take(self, states: dict[str, TrainingState]) -> None:
        before, self._states = self._states, states
        for name, state in states.items():
            if before.get(name) != state:
                self.run_changed.emit(name, state)
        for name in before.keys() - states.keys():
            self.run_gone.emit(name)
        self._timer.setInterval(LIVELY_MS if any(each.alive for each in states.values()) else QUIET_MS)
