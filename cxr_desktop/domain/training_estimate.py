"""What a training will take, as measured on this machine before it starts."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.progress import duration
from cxr_desktop.language import tr


@dataclass(frozen=True)
class TrainingEstimate:
    """Time and room that a training needs.

    Attributes:
        device: what it runs on, in words.
        films: to be read.
        epochs: at most so many.
        steps: an epoch.
        start_seconds: from the start to the first step: films are read, the network is built.
        epoch_seconds: an epoch with its validation.
        memory: bytes in use by the trainer at its most.
        disk: bytes that are needed on the disk at most.
    """

    device: str
    films: int
    epochs: int
    steps: int
    start_seconds: float
    epoch_seconds: float
    memory: int
    disk: int

    @property
    def seconds(self) -> float:
        """At most, without the writing of the model; less where training ends early."""
        return self.start_seconds + self.epochs * self.epoch_seconds

    @property
    def text(self) -> str:
        """For a page, or a terminal."""
        return tr(
            "On {device}: at most {all_epochs} for {epochs} epochs over {films:,} films, about "
            "{one_epoch} each; the first step comes after about {start}. Writing and trying the "
            "model comes on top. It needs about {memory:.1f} GB of memory and at most {disk:.1f} "
            "GB on the disk.",
            device=self.device,
            all_epochs=duration(self.seconds),
            epochs=self.epochs,
            films=self.films,
            one_epoch=duration(self.epoch_seconds),
            start=duration(self.start_seconds),
            memory=self.memory / 1e9,
            disk=self.disk / 1e9,
        )
