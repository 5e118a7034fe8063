"""Adult films of NIH ChestX-ray14 beside a set of children's: few, and with labels that are often wrong.

The labels were mined from reports; of the films called "Pneumonia" only about half show an opacity to a panel
of radiologists. Taken at their word they made a model of children's films worse on adults, all the more as
sick adults are mostly filmed lying, AP: the projection alone then tells the classes apart. So labels are only
believed in part, films weigh little, and within each projection both classes weigh alike.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.films import LabelledFilm, Side

ATTRIBUTION = (
    "Adult films: NIH ChestX-ray14, National Institutes of Health Clinical Center (Wang et al., 1705.02315), "
    "free to use with attribution"
)

_COLUMNS = {"file", "nih_findings", "patient_id", "view", "google_airspace_opacity"}
_OPACITY = {"Pneumonia", "Consolidation"}
_UNCERTAIN = {"Infiltration", "Edema"}  # may be an opacity or not: such a film alone teaches nothing

# How far a label is believed.
_CERTAINTY = {"opacity": 0.85, "no finding": 0.92, "other finding": 0.8}
# Of all adult films together against the average film of the labelled folder.
_WEIGHT = 0.5
_HELD_OUT_OF = 4  # one patient in so many is kept to be judged only


@dataclass(frozen=True)
class AdultFilms:
    """NIH films of two classes.

    Attributes:
        train: to learn from, with what each label is worth.
        held_out: of other patients, to be judged; with the findings "no finding" and "opacity" only.
    """

    train: tuple[LabelledFilm, ...]
    held_out: tuple[LabelledFilm, ...]


def adult_films(table: Path, harmless: str, suspicious: str) -> AdultFilms:
    """The films of a table as `nih_adult448.csv` is one, which lies beside the folder of its films.

    Args:
        table: CSV with the columns file, nih_findings (separated by "|"), patient_id, view and
            google_airspace_opacity (a panel's verdict on some: those are never learned from).
        harmless, suspicious: what the labelled folder calls the two classes.

    Raises:
        TrainingError: it is no such table.
    """
    rows = _rows(table)
    folder = table.with_suffix("")
    train: list[tuple[LabelledFilm, str]] = []
    held_out: list[LabelledFilm] = []
    for row in rows:
        kind = _kind(row["nih_findings"])
        if kind is None:
            continue
        label = suspicious if kind == "opacity" else harmless
        film = LabelledFilm(folder / row["file"], label, Side.TRAIN, f"NIH {row['patient_id']}")
        if int(row["patient_id"]) % _HELD_OUT_OF == 0:
            if kind != "other finding":
                held_out.append(film)
        elif not row["google_airspace_opacity"]:
            train.append((replace(film, certainty=_CERTAINTY[kind]), row["view"]))
    return AdultFilms(_balanced(train), tuple(held_out))


def _rows(table: Path) -> list[dict[str, str]]:
    try:
        with table.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = _COLUMNS - set(reader.fieldnames or ())
            if missing:
                raise TrainingError(
                    f"“{table.name}” has no column {', '.join(sorted(missing))}. Choose a table like "
                    "nih_adult448.csv, beside the folder of its films."
                )
            return list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(
            f"The table “{table.name}” cannot be read. Choose a table like nih_adult448.csv."
        ) from error


def _kind(findings: str) -> str | None:
    found = set(findings.split("|"))
    if found & _OPACITY:
        return "opacity"
    if found & _UNCERTAIN:
        return None
    return "no finding" if found == {"No Finding"} else "other finding"


def _balanced(films: Sequence[tuple[LabelledFilm, str]]) -> tuple[LabelledFilm, ...]:
    """Within each projection both classes weigh alike, and both projections do."""
    counts = Counter((film.label, view) for film, view in films)
    total = len(films) * _WEIGHT
    return tuple(
        replace(film, weight=total / (len(counts) * counts[film.label, view])) for film, view in films
    )
