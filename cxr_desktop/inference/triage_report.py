"""The queue as rows, for a printed table and for a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TextIO

from cxr_desktop.domain.prediction import LabelScore, Prediction, Status
from cxr_desktop.domain.wording import utf8_text
from cxr_desktop.domain.worklist import Film, FilmSource
from cxr_desktop.inference.batch import Scored


@dataclass(frozen=True)
class TriageRow:
    """One file's row; its fields, in this order, are the CSV's columns, `label_scores` one for each label.

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
        label_scores: uncalibrated, of a model with more than two labels; else empty.
        own_label: what the reader says, in the window's table; "" where nothing was said.
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
    label_scores: tuple[LabelScore, ...] = ()
    own_label: str = ""

    def score_of(self, label: str) -> float | None:
        """What the network gave a label; None where it gave that one nothing."""
        return next((each.score for each in self.label_scores if each.label == label), None)


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
        row = _judged_row(film.source, film.prediction)
    else:
        row = TriageRow(str(film.source), film.status.value, note=film.problem)
    return replace(row, own_label=film.own_reading.label if film.own_reading else "")


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
        label_scores=prediction.label_scores,
    )


def in_reading_order(rows: Iterable[TriageRow]) -> list[TriageRow]:
    """Most suspicious first, then what was not judged, then what could not be read; equals as they came."""

    def place(row: TriageRow) -> tuple[bool, bool, float]:
        unreadable = row.status == Status.UNREADABLE.value
        return unreadable, row.probability is None, -(row.probability or 0.0)

    return sorted(rows, key=place)


def labels_with_scores(rows: Iterable[TriageRow]) -> tuple[str, ...]:
    """The labels that get a column: those of models with more than two, in the order of their cards."""
    return tuple(dict.fromkeys(each.label for row in rows for each in row.label_scores))


def write_csv(rows: Iterable[TriageRow], file: TextIO) -> None:
    """All rows with a header line; empty cells for None, `true` and `false` for truth values.

    The columns of the hospital's share and of the reader's own labels, and those of the labels' scores
    (`score_VIRUS`, say), are there only where some row has one.
    """
    rows = list(rows)
    columns = _plain_columns(rows)
    labels = labels_with_scores(rows)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*columns, *(csv_cell(f"score_{label}") for label in labels)])
    for row in rows:
        values = [getattr(row, column) for column in columns] + [row.score_of(label) for label in labels]
        writer.writerow(map(csv_cell, values))


def _plain_columns(rows: Sequence[TriageRow]) -> list[str]:
    """The fields that are a column of their own."""
    left_out = {"label_scores"}
    if all(row.share is None for row in rows):
        left_out |= {"share", "probability_at_share", "operating_point_at_share"}
    if not any(row.own_label for row in rows):
        left_out |= {"own_label"}
    return [field.name for field in fields(TriageRow) if field.name not in left_out]


def csv_cell(value: object) -> str:
    """A value as a table's cell: empty for None, `true` and `false`, six decimals."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.6f}"
    return utf8_text(str(value))
