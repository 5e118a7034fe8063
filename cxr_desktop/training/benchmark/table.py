"""The rows of a benchmark as they are shown: every architecture has a line, with figures or with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxr_desktop.domain.model_card import Estimate
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.benchmark.plan import is_reference, row_of, why_missing
from cxr_desktop.training.benchmark.rows import BenchmarkRow
from cxr_desktop.training.recipe import Published

NOTHING = "–"


@dataclass(frozen=True)
class Line:
    """One model's line.

    Attributes:
        ours: whether it is a bundle that ships rather than a study's system.
        published: what its study reports; None for ours.
        row: None where there is none.
        notes: what must be known to read the line; says why figures are missing.
    """

    id: str
    name: str
    ours: bool
    published: Published | None
    row: BenchmarkRow | None
    notes: tuple[str, ...]

    @property
    def published_accuracy(self) -> str:
        """As the study gives it, "–" where it does not."""
        return _plain(self.published.accuracy if self.published else None)

    @property
    def published_loss(self) -> str:
        """As the study gives it, "–" where it does not."""
        return _plain(self.published.loss if self.published else None)

    @property
    def published_recalls(self) -> str:
        """Recall for pneumonia / for normal: "0.99 / 0.76"."""
        known = self.published
        if known is None or (known.sensitivity is None and known.specificity is None):
            return NOTHING
        return f"{_plain(known.sensitivity, 2)} / {_plain(known.specificity, 2)}"


def lines_of(
    registry: Mapping[str, Architecture], rows: Sequence[BenchmarkRow], shipped: Mapping[str, str]
) -> list[Line]:
    """Reference systems in the registry's order, then the bundles that ship.

    Args:
        shipped: names of the bundles that come with the program, by id.
    """
    lines = []
    for record in registry.values():
        row = row_of(rows, "reference", record.id)
        if row is None and not is_reference(record):
            continue
        reasons = _notes(row) if row is not None else (why_missing(record),)
        study = record.published.remark if record.published else ""
        lines.append(
            Line(
                record.id,
                record.name,
                False,
                record.published,
                row,
                (*reasons, f"study: {study}") if study else reasons,
            )
        )
    lines += [
        Line(row.id, row.name, False, None, row, ("no longer among the architectures", *_notes(row)))
        for row in rows
        if row.kind == "reference" and row.id not in registry
    ]
    names = {row.id: row.name for row in rows if row.kind == "ours"} | dict(shipped)
    names |= {
        record.id: record.name
        for record in registry.values()
        if not is_reference(record) and not any(line.id == record.id for line in lines)
    }
    for id, name in names.items():
        row = row_of(rows, "ours", id)
        if row is not None:
            reasons = _notes(row)
        else:
            reasons = ("not judged yet",) if id in shipped else (why_missing(registry[id]),)
        lines.append(Line(id, name, True, None, row, reasons))
    return lines


def estimate_text(estimate: Estimate) -> str:
    """A figure with its 95 % interval: "0.907 (0.882–0.928)"."""
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def _notes(row: BenchmarkRow) -> tuple[str, ...]:
    notes = [f"failed: {row.note}" if row.state == "failed" else row.note, *row.remarks]
    if row.figures is not None and row.figures.alike:
        notes.append("gives every film the same score")
    if row.figures is not None and row.figures.left_out:
        notes.append(f"{row.figures.left_out} test files could not be read")
    return tuple(note for note in notes if note)


def _plain(value: float | None, digits: int = 4) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"
