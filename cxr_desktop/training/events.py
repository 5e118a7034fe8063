"""What a training run tells: one JSON object a line, appended to a file in the run's folder.

The file outlives both the trainer and whoever started it; a window may follow it, leave and come back.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cxr_desktop.domain.training_state import SampleJudgement
from cxr_desktop.training.run_folder import EVENTS_FILE


class Preparing(msgspec.Struct, tag="preparing", frozen=True):
    """`done` of `of` films have been read."""

    done: int
    of: int


class FilmLeftOut(msgspec.Struct, tag="left_out", frozen=True):
    """A file gave no film. `name` is for the screen, never for a log."""

    name: str
    reason: str


class Started(msgspec.Struct, tag="started", frozen=True):
    """The network begins to learn.

    Attributes:
        counts: films by side and class, e.g. {"train": {"NORMAL": 1207}}.
        epochs, steps: at most so many epochs, of so many steps each.
        device: what it runs on, in words.
    """

    architecture: str
    counts: dict[str, dict[str, int]]
    epochs: int
    steps: int
    device: str


class Resuming(msgspec.Struct, tag="resuming", frozen=True):
    """A trainer was started again on a run that had ended too early; how it ended then holds no longer."""


class Resumed(msgspec.Struct, tag="resumed", frozen=True):
    """The network goes on learning where an interruption left it.

    Attributes:
        epochs: how many are done already.
        history: the figures of each of them, in order.
        seconds: spent on them.
        best_epoch: the best of them by the figure that the recipe watches, from 1; 0 where it was not told.
    """

    epochs: int
    history: tuple[dict[str, float], ...]
    seconds: float
    best_epoch: int = 0


class Step(msgspec.Struct, tag="step", frozen=True):
    """Within epoch `epoch` (from 1), `step` of `of` steps are done.

    Attributes:
        loss: the epoch's mean so far.
        seconds_left: at most, without the writing of the model; None while that cannot be known.
        memory: bytes that the trainer holds, as `memory_in_use` counts them; 0 in the events of runs that did
            not tell it.
    """

    epoch: int
    step: int
    of: int
    loss: float
    seconds_left: float | None = None
    memory: int = 0


class Epoch(msgspec.Struct, tag="epoch", frozen=True):
    """An epoch (from 1) is over.

    Attributes:
        figures: "loss", "accuracy", "f1" (of two classes the second's, else the mean), "auc" (of the
            suspicious classes against the others), "recall of …" of each suspicious class, with a heat
            penalty "cross_entropy" and "outside_lungs"; "val_…" on the held-out films.
        best: whether it is the best so far by the figure that the recipe watches.
        seconds: what it took.
        learning_rate: at its end; 0 in the events of runs that did not tell it.
    """

    epoch: int
    figures: dict[str, float]
    best: bool
    seconds: float
    learning_rate: float = 0.0


class Samples(msgspec.Struct, tag="samples", frozen=True):
    """What the network says after an epoch (from 1) of a few held-out films, the same ones each time."""

    epoch: int
    films: tuple[SampleJudgement, ...]


class Paused(msgspec.Struct, tag="paused", frozen=True):
    """The trainer waits, as it was asked to."""


class Continued(msgspec.Struct, tag="continued", frozen=True):
    """The trainer waits no longer."""


class GivenUp(msgspec.Struct, tag="given_up", frozen=True):
    """The run was cancelled; nothing of it is kept."""


class Notice(msgspec.Struct, tag="notice", frozen=True):
    """Something that does not end the run, but that its owner should know of."""

    text: str


class Exporting(msgspec.Struct, tag="exporting", frozen=True):
    """Learning is over and the bundle is being written.

    Attributes:
        why: why learning ended, in words.
    """

    why: str


class Finished(msgspec.Struct, tag="finished", frozen=True):
    """The bundle is in the output folder.

    Attributes:
        best_epoch: the epoch (from 1) whose weights it holds.
    """

    best_epoch: int


class Failed(msgspec.Struct, tag="failed", frozen=True):
    """There is no bundle, for this reason."""

    reason: str


Event = (
    Preparing
    | FilmLeftOut
    | Started
    | Resuming
    | Resumed
    | Step
    | Epoch
    | Samples
    | Paused
    | Continued
    | Notice
    | Exporting
    | Finished
    | Failed
    | GivenUp
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Event)


class EventLog:
    """Appends events to a run's file."""

    def __init__(self, folder: Path):
        self._file = folder / EVENTS_FILE

    def append(self, event: Event) -> None:
        """Each event is one write of one line, so that a reader never sees half of two.

        Raises:
            OSError: the disk is full; nothing of the event is in the file.
        """
        line = _encoder.encode(event) + b"\n"
        with self._file.open("ab", buffering=0) as file:
            before = file.tell()
            if file.write(line) != len(line):
                file.truncate(before)
                raise OSError(errno.ENOSPC, "No space left on device")

    def mend(self) -> None:
        """Drops a last line that a kill cut short, before more is appended to it."""
        if self._file.exists():
            with self._file.open("r+b") as file:
                file.truncate(file.read().rfind(b"\n") + 1)


class EventFollower:
    """Reads a run's events as they come in."""

    def __init__(self, folder: Path, from_now: bool = False):
        """Args:
        from_now: passes over the events that are there already.
        """
        self._file = folder / EVENTS_FILE
        self._offset = self._file.stat().st_size if from_now and self._file.exists() else 0

    @property
    def untold(self) -> bool:
        """Whether nothing has been read yet."""
        return self._offset == 0

    def new_events(self) -> Iterator[Event]:
        """Those since the last call. A line that is still being written, or was cut by a kill, waits."""
        if not self._file.exists():
            return
        with self._file.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                yield _decoder.decode(line)
