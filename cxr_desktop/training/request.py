"""What a training run is asked to do. Plain data, so that it can wait in the run's folder for the trainer."""

from __future__ import annotations

from pathlib import Path

import msgspec

REQUEST_FILE = "request.json"


class TrainingRequest(msgspec.Struct, frozen=True):
    """One run.

    Attributes:
        films: labelled folder: a subfolder a class, or train/val/test above the classes.
        architecture: the id of an architecture.
        output: where the bundle goes.
        epochs: at most so many; None for as many as the architecture's recipe says.
        seed: of weights, order, augmentation and the choice of held-out films.
        minutes: no epoch begins after so many; None for no limit.
        suspicious: the classes that speak for suspicion; empty: all but the one called "normal".
    """

    films: Path
    architecture: str
    output: Path
    epochs: int | None = None
    seed: int = 1337
    minutes: float | None = None
    suspicious: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.epochs is not None and self.epochs < 1:
            raise ValueError(f"epochs must be at least 1, got {self.epochs}")
        if self.minutes is not None and not self.minutes > 0:
            raise ValueError(f"minutes must be above 0, got {self.minutes}")

    def save(self, folder: Path) -> None:
        """Puts it into a run's folder."""
        (folder / REQUEST_FILE).write_bytes(msgspec.json.encode(self, enc_hook=str))

    @classmethod
    def load(cls, folder: Path) -> TrainingRequest:
        """The request that waits in a run's folder."""
        return msgspec.json.decode(
            (folder / REQUEST_FILE).read_bytes(), type=cls, dec_hook=lambda kind, value: kind(value)
        )
