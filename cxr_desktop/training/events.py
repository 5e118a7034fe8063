"""What a training run tells: one JSON object a line, appended to a file in the run's folder.

The file outlives both the trainer and whoever started it; a window may follow it, leave and come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

EVENTS_FILE = "events.jsonl"


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


class Step(msgspec.Struct, tag="step", frozen=True):
    """Within epoch `epoch` (from 1), `step` of `of` steps are done; `loss` is the epoch's mean so far."""

    epoch: int
    step: int
    of: int
    loss: float


class Epoch(msgspec.Struct, tag="epoch", frozen=True):
    """An epoch (from 1) is over.

    Attributes:
        figures: "loss", "accuracy", and "val_loss", "val_accuracy", "val_auc" on the held-out films.
        best: whether its validation loss is the lowest so far.
        seconds: what it took.
    """

    epoch: int
    figures: dict[str, float]
    best: bool
    seconds: float


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


Event = Preparing | FilmLeftOut | Started | Step | Epoch | Exporting | Finished | Failed

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Event)


class EventLog:
    """Appends events to a run's file."""

    def __init__(self, folder: Path):
        self._file = folder / EVENTS_FILE

    def append(self, event: Event) -> None:
        """Each event is one write of one line, so that a reader never sees half of two."""
        with self._file.open("ab") as file:
            file.write(_encoder.encode(event) + b"\n")


class EventFollower:
    """Reads a run's events as they come in."""

    def __init__(self, folder: Path):
        self._file = folder / EVENTS_FILE
        self._offset = 0

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
