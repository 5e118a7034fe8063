"""Two models' judgements of all films as a table for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.two_opinions import TwoOpinions
from cxr_desktop.language import tr

_OF_A_MODEL = ("model", "probability", "operating_point", "suspected")


def save_opinions(opinions: Iterable[TwoOpinions], file: Path) -> int:
    """Writes a row a film as CSV, the furthest apart first: probabilities as the models give them.

    Returns:
        How many rows there are.

    Raises:
        CxrError: the file cannot be written.
    """
    rows = sorted(opinions, key=lambda each: -each.apart)
    columns = [f"{name}_{number}" for number in (1, 2) for name in _OF_A_MODEL]
    try:
        # A film's name may hold bytes that are no UTF-8, which Python keeps as surrogates.
        with file.open("w", encoding="utf-8", errors="backslashreplace", newline="") as table:
            writer = csv.writer(table, lineterminator="\n")
            writer.writerow(["file", *columns, "same_verdict"])
            for each in rows:
                cells = [*_cells(each.one), *_cells(each.other)]
                writer.writerow([str(each.film.source), *cells, _truth(each.agree)])
    except OSError as error:
        raise CxrError(
            tr("The table could not be saved: {reason}. Choose another place.", reason=error.strerror)
        ) from error
    return len(rows)


def _cells(said: Prediction) -> tuple[str, str, str, str]:
    model = f"{said.model_id} {said.model_version}"
    return model, f"{said.probability:.6f}", f"{said.operating_point:.6f}", _truth(bool(said.suspected))


def _truth(value: bool) -> str:
    return "true" if value else "false"
