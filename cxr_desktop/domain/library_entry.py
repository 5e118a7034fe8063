"""A model as the library lists it, and which was in use when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True)
class ModelInLibrary:
    """A classifier as the window lists it.

    Attributes:
        name: what the library knows it by.
        folder: its bundle, which also tells two models of one name apart.
        title: name and version, or the folder's name where the card cannot be read.
        card: None where it cannot be used.
        problem: why it cannot be used; "" where it can.
        bundled: whether it came with the program.
    """

    name: str
    folder: Path
    title: str
    card: ModelCard | None
    problem: str = ""
    bundled: bool = False


@dataclass(frozen=True)
class ModelUse:
    """From when on a model judged, until the next one did.

    Attributes:
        name: what the library knew it by.
        since: with a time zone.
    """

    name: str
    id: str
    version: str
    since: datetime
