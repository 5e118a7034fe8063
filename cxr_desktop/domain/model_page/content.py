"""What a page is made of: plain values, which the window lays out and Markdown writes down."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.calibration import ReliabilityBin


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True)
class Subheading:
    """What the blocks after it are about."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings.

    Attributes:
        headings: of the columns; empty for a list of names and values.
        rows: as many cells each as there are columns; a first column names its row.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        widths = {len(row) for row in self.rows} | ({len(self.headings)} if self.headings else set())
        if not self.rows or len(widths) > 1:
            raise ValueError(f"a table needs rows of equal length, got lengths {sorted(widths)}")


@dataclass(frozen=True)
class ReliabilityDiagram:
    """Predicted probability against what was found; the same figures stand in the table that follows it.

    Attributes:
        bins: with films, lowest first.
        words: what can be seen, for who does not see it.
    """

    bins: tuple[ReliabilityBin, ...]
    words: str


Block = Paragraph | Subheading | Points | Table | ReliabilityDiagram


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ModelPage:
    """All that is told of a model.

    Attributes:
        title: its name.
        subtitle: id, version and date.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
