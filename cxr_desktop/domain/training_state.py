"""How a training stands: what its page, and a line in the status bar, show of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Phase = Literal["starting", "reading", "learning", "writing", "finished", "failed", "cancelled"]


@dataclass(frozen=True)
class SampleJudgement:
    """What the network says of a held-out film.

    Attributes:
        path: the film's file; for the screen, never for a log.
        label: its class.
        suspicion: the score of the suspicious classes together, in [0, 1], not calibrated.
    """

    path: str
    label: str
    suspicion: float


@dataclass(frozen=True)
class TrainingState:
    """One run, as its trainer told.

    Attributes:
        network: its name; "" where that cannot be known.
        began: when the run was started for the first time, in local time; None where that cannot be known.
        seen: whether the reader has seen how it ended.
        phase: what it is at, or how it ended.
        paused: whether the trainer waits, as it was asked to.
        alive: whether a trainer is at work on it; where none is and the phase is none of the last three, the
            run was interrupted.
        resumable: whether it can go on after its last whole epoch; never while it is at work, or when all
            is done.
        done, of: films read, or steps of the epoch.
        epoch: the one that it is in, from 1; 0 before the first.
        epochs: at most so many.
        counts: films by side and class.
        device: what it runs on, in words.
        loss: the mean of the epoch so far; None before the first step, and after the end.
        figures: of each whole epoch in order, as the trainer's events name them.
        best_epoch: the best so far by what the recipe watches, from 1; 0 where there is none.
        samples: the same few held-out films, as the network judged them after the last whole epoch.
        seconds_left: at most; None while that cannot be known.
        memory: bytes that the trainer holds for itself.
        log: what was told so far, a line each; for the screen, as it names files.
        ended: why learning ended, or why there is no model.
    """

    network: str = ""
    began: datetime | None = None
    seen: bool = False
    phase: Phase = "starting"
    paused: bool = False
    alive: bool = True
    resumable: bool = False
    done: int = 0
    of: int = 0
    epoch: int = 0
    epochs: int = 0
    device: str = ""
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    loss: float | None = None
    figures: tuple[dict[str, float], ...] = ()
    best_epoch: int = 0
    samples: tuple[SampleJudgement, ...] = ()
    seconds_left: float | None = None
    memory: int = 0
    log: tuple[str, ...] = ()
    ended: str = ""

    @property
    def over(self) -> bool:
        """Whether the run has come to an end of its own, whatever that is."""
        return self.phase in {"finished", "failed", "cancelled"}

    @property
    def at_work(self) -> bool:
        """Whether a trainer still has something to do for it."""
        return self.alive and not self.over

    @property
    def has_unseen_end(self) -> bool:
        """Whether it is over with it, and the reader does not know."""
        return not (self.at_work or self.resumable or self.seen)

    @property
    def came_to_nothing(self) -> bool:
        """Whether there is no model of it, and will be none."""
        return not (self.alive or self.resumable or self.phase == "finished")

    @property
    def interrupted(self) -> bool:
        """Whether the trainer is gone without a word: killed, or the machine was restarted."""
        return not self.alive and not self.over
