"""The window's queue as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.worklist import Study
from cxr_desktop.language import tr


def save_queue(studies: Iterable[Study], file: Path) -> int:
    """Writes the films of the unread studies as CSV, in reading order.

    Returns:
        How many rows there are.

    Raises:
        CxrError: the file cannot be written.
    """
    from cxr_desktop.inference.triage_report import in_reading_order, row_of_film, write_csv  # noqa: PLC0415

    unread = [study for study in studies if study.read_at is None]
    rows = in_reading_order(row_of_film(film) for study in unread for film in study.films)
    try:
        with file.open("w", encoding="utf-8", newline="") as table:
            write_csv(rows, table)
    except OSError as error:
        raise CxrError(
            tr("The table could not be saved: {reason}. Choose another place.", reason=error.strerror)
        ) from error
    return len(rows)
