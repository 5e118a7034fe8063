"""From what a training can start, and what is ordered of it before it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cxr_desktop.domain.tuning import Tuning

StartKind = Literal["continue", "scratch", "imagenet"]


@dataclass(frozen=True)
class TrainingStart:
    """What a network knows when training begins.

    Attributes:
        architecture: its id.
        continue_from: the folder of the bundle whose weights it goes on from; None: a new network.
        weights: the file of ImageNet weights that a new one starts from; None: none.
        from_scratch: whether a network that usually starts from such weights starts from chance instead.
    """

    architecture: str
    continue_from: Path | None = None
    weights: Path | None = None
    from_scratch: bool = False


@dataclass(frozen=True)
class StartChoice:
    """One start that may be chosen, or that cannot be.

    Attributes:
        kind: going on from a model, a new network, or one that knows everyday pictures.
        title: the network's or the model's name.
        about: what it is, in a line.
        recipe: how it is trained unless something else is chosen; a field that is None there has no value
            of its own in the recipe (its variation is then none of the choices).
        least_side: of the smallest image that the network can be built for, in pixels.
        problem: why it cannot be chosen, and what to do; "" where it can.
    """

    kind: StartKind
    start: TrainingStart
    title: str
    about: str
    recipe: Tuning
    least_side: int
    problem: str = ""

    @property
    def keeps_size(self) -> bool:
        """Whether the image size is settled: a network that goes on sees films as it did."""
        return self.kind == "continue"


@dataclass(frozen=True, eq=False)
class StartQuestion:
    """What is there to start from?

    Attributes:
        weights: a file that the reader has just chosen, to be checked and remembered; None: none.
        architecture: the id of the network that it was chosen for.
    """

    weights: Path | None = None
    architecture: str = ""


@dataclass(frozen=True)
class TrainingOrder:
    """A training as somebody wants it, before anything is started.

    Attributes:
        films: a labelled folder, or a list of films.
        tuning: what is changed of the recipe.
        suspicious: the classes that speak for suspicion; empty: all but the one called "normal".
        seed: of weights, order, variation and held-out films; None: the usual one.
    """

    films: Path
    start: TrainingStart
    tuning: Tuning = field(default_factory=Tuning)
    suspicious: tuple[str, ...] = ()
    seed: int | None = None
