"""The page and its drawings, written beside the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.benchmark.drawings import confusion_svg, roc_svg
from cxr_desktop.training.benchmark.page import page
from cxr_desktop.training.benchmark.rows import BenchmarkRow, write_beside
from cxr_desktop.training.benchmark.table import lines_of


def page_file(rows_file: Path) -> Path:
    """Where the page of a file of rows stands: BENCHMARK.md for benchmark.json."""
    return rows_file.with_name(f"{rows_file.stem.upper()}.md")


def write_report(
    rows_file: Path,
    registry: Mapping[str, Architecture],
    rows: Sequence[BenchmarkRow],
    shipped: Mapping[str, str],
) -> None:
    """Writes the page and its two drawings; each is replaced as a whole.

    Args:
        shipped: names of the bundles that come with the program, by id.

    Raises:
        TrainingError: a file cannot be written.
    """
    lines = lines_of(registry, rows, shipped)
    shown = [line.row for line in lines if line.row is not None and line.row.figures is not None]
    roc, confusion = (rows_file.with_name(f"{rows_file.stem}-{what}.svg") for what in ("roc", "confusion"))
    try:
        if shown:
            write_beside(roc, roc_svg(shown))
            write_beside(confusion, confusion_svg(shown))
        text = page(lines, roc.name, confusion.name) if shown else page(lines)
        write_beside(page_file(rows_file), text.encode("utf-8"))
    except OSError as error:
        raise TrainingError(
            f"The benchmark's page cannot be written ({error.strerror}). Its figures are kept."
        ) from error
