"""Adult films of NIH ChestX-ray14 beside a set of children's: few, and with labels that are often wrong.

The labels were mined from reports; of the films called "Pneumonia" only about half show an opacity to a panel
of radiologists. Taken at their word they made a model of children's films worse on adults, all the more as
sick adults are mostly filmed lying, AP: the projection alone then tells the classes apart. So labels are only
believed in part, films weigh little, and within each projection both classes weigh alike.
"""

from __future__ import annotations

import csv
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.training.store import StoredFilm

ADULTS = "adults of NIH ChestX-ray14, National Institutes of Health Clinical Center (Wang et al., 1705.02315)"
ADULT_AGES = (18.0, 86.0)

_COLUMNS = {"file", "nih_findings", "patient_id", "view", "google_airspace_opacity"}
_OPACITY = {"Pneumonia", "Consolidation"}
_UNCERTAIN = {"Infiltration", "Edema"}  # may be an opacity or not: such a film alone teaches nothing

# How far a label is believed.
_CERTAINTY = {"opacity": 0.85, "no finding": 0.92, "other finding": 0.8}
# Of an adult film on average, against the average film of the labelled folder.
_WEIGHT = 0.5
_HELD_OUT_OF = 4  # one patient in so many is kept to be judged only


@dataclass(frozen=True)
class AdultFilms:
    """NIH films of two classes.

    Attributes:
        train: to learn from, with what each label is worth.
        held_out: of other patients, to be judged, by what they are compared for: "normal" (opacities against
            no finding), "rest" (opacities against all else), "panel" (a panel of radiologists' verdicts).
    """

    train: tuple[LabelledFilm, ...]
    held_out: dict[str, tuple[LabelledFilm, ...]]


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
    # Whom the panel judged is judged here, too, with all of his films.
    of_panel = {row["patient_id"] for row in rows if row["google_airspace_opacity"]}
    train: list[LabelledFilm] = []
    held_out: dict[str, list[LabelledFilm]] = {"normal": [], "rest": [], "panel": []}
    for row in rows:
        kind, verdict = _kind(row["nih_findings"]), row["google_airspace_opacity"]
        film = LabelledFilm(folder / row["file"], harmless, Side.TRAIN, f"NIH {row['patient_id']}")
        if verdict:
            label = suspicious if verdict == "YES" else harmless
            held_out["panel"].append(replace(film, label=label))
        if kind is None:
            continue
        film = replace(film, label=suspicious if kind == "opacity" else harmless)
        if row["patient_id"] in of_panel or _is_held_out(row["patient_id"]):
            held_out["rest"].append(film)
            if kind != "other finding":
                held_out["normal"].append(film)
        else:
            train.append(replace(film, certainty=_CERTAINTY[kind], weight=_WEIGHT, group=row["view"]))
    return AdultFilms(tuple(train), {name: tuple(films) for name, films in held_out.items()})


def evened_out(films: Sequence[StoredFilm]) -> tuple[StoredFilm, ...]:
    """The films with weights by which both projections, and in each both classes, weigh alike.

    To be called with the films that could be read: those left out would else tip the balance.

    Args:
        films: with the weight that each has on average, and the projection as its group.
    """
    counts = Counter((film.label, film.group) for film in films)
    return tuple(
        replace(film, weight=(film.weight or 1) * len(films) / (len(counts) * counts[film.label, film.group]))
        for film in films
    )


def _is_held_out(patient: str) -> bool:
    return zlib.crc32(patient.encode()) % _HELD_OUT_OF == 0


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
