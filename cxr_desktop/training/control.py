"""What somebody wishes of a trainer at work: a word in a file of its run's folder, looked at between steps.

A file reaches a detached trainer on every system, and also one that was paused by a window closed since.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.training.events import Continued, Event, Paused
from cxr_desktop.training.run_folder import CONTROL_FILE, FRESH

Wish = Literal["go on", "pause", "stop", "cancel"]

_LOOK_SECONDS = 0.2
# Windows refuses to replace a file in the moment in which it is read.
_TRIES = 20
_RETRY_SECONDS = 0.05


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Learning is to end here, with what was best so far."""


def ask_trainer(folder: Path, wish: Wish) -> None:
    """Leaves a wish for the trainer of a run's folder; a later wish replaces it.

    Raises:
        OSError: the folder is gone or cannot be written.
    """
    fresh = folder / f"{FRESH}{CONTROL_FILE}"
    fresh.write_text(wish, encoding="utf-8")
    for _ in range(_TRIES):
        try:
            fresh.replace(folder / CONTROL_FILE)
        except PermissionError:
            time.sleep(_RETRY_SECONDS)
        else:
            return
    fresh.replace(folder / CONTROL_FILE)


class Control:
    """The trainer's ear for wishes.

    Attributes:
        paused_seconds: how long it was kept waiting so far.
    """

    def __init__(self, folder: Path, on_event: Callable[[Event], None]):
        """Args:
        folder: the run's.
        on_event: is told of each pause, and of its end.
        """
        self._file = folder / CONTROL_FILE
        self._on_event = on_event
        self.paused_seconds = 0.0

    def obey(self) -> None:
        """Waits while a pause is wished for.

        Raises:
            Cancelled: nothing of the run is wanted any longer.
        """
        wish = self._wish()
        if wish == "pause":
            wish = self._wait()
        if wish == "cancel":
            raise Cancelled

    def obey_while_learning(self) -> None:
        """As `obey`, and where learning is to end with what was best, it raises Stopped."""
        self.obey()
        if self._wish() == "stop":
            raise Stopped

    def _wait(self) -> Wish:
        self._on_event(Paused())
        began = time.monotonic()
        while (wish := self._wish()) == "pause":
            time.sleep(_LOOK_SECONDS)
        self.paused_seconds += time.monotonic() - began
        if wish == "go on":
            self._on_event(Continued())
        return wish

    def _wish(self) -> Wish:
        try:
            found = self._file.read_text(encoding="utf-8")
        except OSError:  # none was ever left, or it is being replaced
            return "go on"
        return next((wish for wish in get_args(Wish) if wish == found), "go on")
