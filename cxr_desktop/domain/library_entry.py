"""A model as the library lists it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.domain.model_card import ModelCard


@dataclass(frozen=True)
class LibraryEntry:
    """A classifier bundle as the model library lists it.

    Attributes:
        card: None where it could not be read.
        problem: why the bundle cannot be used, and what to do; "" where it can.
        bundled: whether it came with the program.
    """

    folder: Path
    card: ModelCard | None
    problem: str = ""
    bundled: bool = False

    def __post_init__(self) -> None:
        if (self.card is None) != bool(self.problem):
            raise ValueError("a library entry has either a card or a problem")
