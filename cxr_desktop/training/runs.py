"""All trainings of one user: each a folder below one, with what it was asked for and what it told."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.language import tr
from cxr_desktop.training.control import Wish, ask_trainer
from cxr_desktop.training.events import EventFollower
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import REQUEST_FILE, SEEN_FILE, can_resume
from cxr_desktop.training.run_lock import check_free, is_locked
from cxr_desktop.training.told import told
from cxr_desktop.training.trainer import start_training, why_dead

# When a run began, at the start of its folder's name.
_STAMP, _STAMP_LENGTH = "%Y-%m-%d-%H%M%S", 17
_UNREADABLE = TrainingState(
    phase="failed",
    ended=tr(
        "What this run told cannot be read: it is damaged, or of another version of the program. "
        "Remove it and train again."
    ),
)

# A trainer that was started by another window may take so long to come up and take its folder's lock.
_COMING_UP_SECONDS = 20


class TrainingRuns:
    """The runs below a folder, each known by its own folder's name.

    Trainers are detached: this object may go, and another one finds them again.
    """

    def __init__(self, folder: Path):
        """Args:
        folder: need not exist.
        """
        self._folder = folder
        self._followed: dict[str, _Followed] = {}

    def names(self) -> tuple[str, ...]:
        """The runs, the oldest first."""
        if not self._folder.is_dir():
            return ()
        return tuple(sorted(each.parent.name for each in self._folder.glob(f"*/{REQUEST_FILE}")))

    def state(self, name: str) -> TrainingState | None:
        """How a run stands now; None where its folder is gone."""
        if not (self._folder / name / REQUEST_FILE).exists():
            self._let_go(name)
            return None
        return self._of(name).look()

    def output(self, name: str) -> Path:
        """The folder of the model that a run makes, whether it is there yet or not.

        Raises:
            TrainingError: the run is gone.
        """
        with _worded():
            return TrainingRequest.load(self._folder / name).output

    def films(self, name: str) -> Path:
        """The labelled folder or the list of films that a run was given.

        Raises:
            TrainingError: the run is gone.
        """
        with _worded():
            return TrainingRequest.load(self._folder / name).films

    def start(self, request: TrainingRequest) -> str:
        """Starts a run in a folder of its own, and gives its name.

        Raises:
            TrainingError: that is not possible; says why.
        """
        with _worded():
            name = self._make_folder(request.output.name)
            self._of(name).child = start_training(request, self._folder / name)
        return name

    def resume(self, name: str) -> None:
        """Lets a run that ended too early go on after its last whole epoch.

        Raises:
            TrainingError: there is nothing to go on with, or a trainer is at work on it.
        """
        folder = self._folder / name
        with _worded():
            request = msgspec.structs.replace(TrainingRequest.load(folder), resume=True)
            self._of(name).child = start_training(request, folder)
            (folder / SEEN_FILE).unlink(missing_ok=True)

    def ask(self, name: str, wish: Wish) -> None:
        """Lets a trainer wait, go on, end with what was best, or give up.

        Raises:
            TrainingError: its folder cannot be written.
        """
        with _worded():
            ask_trainer(self._folder / name, wish)

    def note_seen(self, name: str) -> None:
        """The reader has seen how a run ended. Where that cannot be written, it is news again later."""
        with suppress(OSError):
            (self._folder / name / SEEN_FILE).touch()

    def forget(self, name: str) -> None:
        """Removes a run's folder. A model that came of it stays where it was written, unless it is in there.

        Raises:
            TrainingError: a trainer is at work on it.
        """
        folder = self._folder / name
        with _worded():
            check_free(folder)
            if folder.exists():
                shutil.rmtree(folder)
        self._let_go(name)

    def _make_folder(self, id: str) -> str:
        """A new folder, named so that the names' order is that of the starts."""
        self._folder.mkdir(parents=True, exist_ok=True)
        stem = f"{datetime.now():{_STAMP}}-{id}"
        for number in range(100):
            name = f"{stem}-{number}" if number else stem
            try:
                (self._folder / name).mkdir()
            except FileExistsError:
                continue
            return name
        raise TrainingError(tr("A hundred runs of this name were started within one second."))

    def _let_go(self, name: str) -> None:
        """Forgets what a run told; a child that has not ended yet is kept, to be asked for its end."""
        if name in self._followed and not self._followed[name].has_child:
            del self._followed[name]

    def _of(self, name: str) -> _Followed:
        return self._followed.setdefault(name, _Followed(self._folder / name))


class _Followed:
    """One run, read as far as it has told.

    Attributes:
        child: its trainer, where this process started it.
    """

    def __init__(self, folder: Path):
        self.child: subprocess.Popen[bytes] | None = None
        self._folder = folder
        self._follower = EventFollower(folder)
        self._told = TrainingState(began=_began(folder.name))
        self._damaged = False  # what it told
        self._exit: int | None = None  # of the trainer that this process started last

    @property
    def has_child(self) -> bool:
        """Whether a trainer that this process started is still there."""
        return self.child is not None and self.child.poll() is None

    def look(self) -> TrainingState:
        # Asked first: what a trainer wrote before its end is then read, too.
        alive = self._alive()
        try:
            for event in () if self._damaged else self._follower.new_events():
                self._told = told(self._told, event)
        except msgspec.MsgspecError:
            self._damaged = True  # and stays so: what comes after cannot be made sense of
        if not self._told.network:
            self._told = replace(self._told, network=_network(self._folder))
        state = self._told
        if self._damaged:
            state = replace(_UNREADABLE, network=state.network, began=state.began)
        done = self._damaged or state.phase in {"finished", "cancelled"}
        ended = f"{why_dead(self._exit)}." if self._exit and not (alive or state.over) else state.ended
        return replace(
            state,
            alive=alive,
            paused=state.paused and alive,
            resumable=not (alive or done) and can_resume(self._folder),
            seen=(self._folder / SEEN_FILE).exists(),
            ended=ended,
        )

    def _alive(self) -> bool:
        if self.child is not None:
            self._exit = self.child.poll()
            if self._exit is None:
                return True
            self.child = None  # another window may start the next trainer
        if is_locked(self._folder):
            self._exit = None
            return True
        try:
            asked = (self._folder / REQUEST_FILE).stat().st_mtime
        except OSError:
            return False
        return self._exit is None and self._follower.untold and time.time() - asked < _COMING_UP_SECONDS


def _began(name: str) -> datetime | None:
    try:
        return datetime.strptime(name[:_STAMP_LENGTH], _STAMP)
    except ValueError:  # a folder that somebody else made
        return None


def _network(folder: Path) -> str:
    """The name of the network that a run was asked for; "" where that cannot be read."""
    from cxr_desktop.training.architectures import architecture  # noqa: PLC0415 - on the service's thread

    try:
        return architecture(TrainingRequest.load(folder).architecture).name
    except (OSError, msgspec.MsgspecError, TrainingError):
        return ""


@contextmanager
def _worded() -> Iterator[None]:
    """TrainingError instead of every OSError inside, and of a request that cannot be read."""
    try:
        yield
    except msgspec.MsgspecError:
        raise TrainingError(
            tr(
                "What this run was asked for cannot be read: it is damaged, or of another version "
                "of the program. Remove the run and train again."
            )
        ) from None
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else type(error).__name__
        raise TrainingError(
            tr(
                "The run's folder could not be used ({why}). Check that its disk is connected and "
                "has room, then try again.",
                why=why,
            )
        ) from None
