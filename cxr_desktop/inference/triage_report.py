"""The queue as rows, for a printed table and for a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TextIO

from cxr_desktop.domain.prediction import Prediction, Status
from cxr_desktop.domain.worklist import Film, FilmSource
from cxr_desktop.inference.batch import Scored


@dataclass(frozen=True)
class TriageRow:
    """One file's row; its fields, in this order, are the CSV's columns.

    Attributes:
        file: as it was named on the command line, or found below it; `archive.zip/inner`.
        status: "scored", "check" or "unreadable"; in the window's table also "waiting".
        probability: calibrated, the model's own whatever the hospital's share; None where the film was not
            judged.
        score: the network's raw output; None for an unreadable file and one out of scope.
        suspected: None where the film must not be judged.
        operating_point: the threshold in force on `probability`.
        note: reasons and warnings.
        share: of pneumonia among the hospital's films, in (0, 1), where it was told.
        probability_at_share, operating_point_at_share: what these two are at that share.
    """

    file: str
    status: str
    probability: float | None = None
    score: float | None = None
    suspected: bool | None = None
    operating_point: float | None = None
    model: str = ""
    note: str = ""
    share: float | None = None
    probability_at_share: float | None = None
    operating_point_at_share: float | None = None


_AT_SHARE = ("share", "probability_at_share", "operating_point_at_share")


def unreadable_row(source: FilmSource, reason: str) -> TriageRow:
    """The row of a file that gave no film."""
    return TriageRow(str(source), Status.UNREADABLE.value, note=reason)


def row_of(scored: Scored) -> TriageRow:
    """The row of one scored, or unreadable, file."""
    if scored.judgement is None:
        return unreadable_row(scored.source, scored.problem)
    return _judged_row(scored.source, scored.judgement.prediction)


def row_of_film(film: Film) -> TriageRow:
    """The row of a film of the worklist."""
    if film.prediction is not None and not film.problem:
        return _judged_row(film.source, film.prediction)
    return TriageRow(str(film.source), film.status.value, note=film.problem)


def _judged_row(source: FilmSource, prediction: Prediction) -> TriageRow:
    shift = prediction.shift
    return TriageRow(
        file=str(source),
        status=prediction.status.value,
        probability=prediction.probability,
        score=None if prediction.out_of_scope else prediction.score,
        suspected=prediction.suspected,
        operating_point=prediction.operating_point,
        model=f"{prediction.model_id} {prediction.model_version}",
        note="; ".join(prediction.remarks),
        share=shift.here if shift else None,
        probability_at_share=prediction.shown_probability if shift else None,
        operating_point_at_share=prediction.shown_operating_point if shift else None,
    )


def in_reading_order(rows: Iterable[TriageRow]) -> list[TriageRow]:
    """Most suspicious first, then what was not judged, then what could not be read; equals as they came."""

    def place(row: TriageRow) -> tuple[bool, bool, float]:
        unreadable = row.status == Status.UNREADABLE.value
        return unreadable, row.probability is None, -(row.probability or 0.0)

    return sorted(rows, key=place)


def write_csv(rows: Iterable[TriageRow], file: TextIO) -> None:
    """All rows with a header line; empty cells for None, `true` and `false` for truth values.

    The columns of the hospital's share are there only where some row has one.
    """
    rows = list(rows)
    shared = any(row.share is not None for row in rows)
    columns = [field.name for field in fields(TriageRow) if shared or field.name not in _AT_SHARE]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_cell(getattr(row, column)) for column in columns)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.6f}"
    # A file's name may hold bytes that are no UTF-8 (Python keeps them as surrogates); the table is UTF-8.
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")
