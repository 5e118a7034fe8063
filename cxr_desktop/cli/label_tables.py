"""Which label films are given, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from cxr_desktop.cli.queue_table import plain
from cxr_desktop.domain.classification import LabelComparison

_NONE = "–"


def label_tables(compared: LabelComparison) -> Iterator[Table | str]:
    """The share that is right, the confusion matrix over all labels, and each label's figures."""
    names = [plain(each.label) for each in compared.classes]
    accuracy = compared.accuracy
    yield (
        f"\nlabel of the greatest score: accuracy {accuracy.value:.4f}  "
        f"95 % interval {accuracy.low:.3f} to {accuracy.high:.3f}"
    )
    matrix = _table("labelled as ↓, given →", names)
    for name, row in zip(names, compared.confusion, strict=True):
        matrix.add_row(name, *map(str, row))
    yield matrix
    report = _table("figures of each label", ("precision", "recall", "F1", "support"))
    for index, (name, each) in enumerate(zip(names, compared.classes, strict=True)):
        given = sum(row[index] for row in compared.confusion)
        # A share of no film is no figure, whatever stands for it in the record.
        report.add_row(
            name,
            f"{each.precision:.3f}" if given else _NONE,
            f"{each.recall:.3f}" if each.support else _NONE,
            f"{each.f1:.3f}" if each.support else _NONE,
            str(each.support),
        )
    yield report


def _table(first: str, others: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right", overflow="fold")
    return table
