"""Adults of another set: labels believed in part, projections evened out, some patients held out."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.training.nih import adult_films, evened_out
from cxr_desktop.training.store import StoredFilm

HEADER = "file,nih_findings,patient_id,age,sex,view,google_airspace_opacity,nih_bbox\n"


@pytest.fixture(scope="module")
def table(data_folder: Path) -> Path:
    return data_folder / "nih_adult448.csv"


def test_no_patient_is_both_learned_from_and_judged(table: Path) -> None:
    films = adult_films(table, "NORMAL", "PNEUMONIA")
    train = {film.patient for film in films.train}
    assert len(films.train) > 400
    assert {name: len(held_out) > 20 for name, held_out in films.held_out.items()} == {
        "normal": True,
        "rest": True,
        "panel": True,
    }
    for held_out in films.held_out.values():
        assert not train & {film.patient for film in held_out}
        assert all(film.path.is_file() for film in held_out)


def test_the_projection_tells_nothing_about_the_class_whatever_could_be_read(table: Path) -> None:
    films = adult_films(table, "NORMAL", "PNEUMONIA").train
    readable = evened_out([stored(film, row) for row, film in enumerate(films) if row % 7])
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for film in readable:
        assert film.weight is not None
        weights[film.label, film.group] += film.weight
    assert set(weights) == {(label, view) for label in ("NORMAL", "PNEUMONIA") for view in ("AP", "PA")}
    assert max(weights.values()) == pytest.approx(min(weights.values()))
    # Half as heavy as the films of the labelled folder are on average.
    assert sum(weights.values()) / len(readable) == pytest.approx(0.5)


def stored(film: LabelledFilm, row: int) -> StoredFilm:
    return StoredFilm(
        film.path.name, film.label, film.side, film.patient, "", row, film.path, film.certainty, film.weight,
        film.group,
    )  # fmt: skip


def test_labels_are_believed_in_part_and_films_are_judged_against_what_their_name_says(table: Path) -> None:
    films = adult_films(table, "NORMAL", "PNEUMONIA")
    assert {film.certainty for film in films.train} == {0.8, 0.85, 0.92}
    rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
    findings = {row[0]: set(row[1].split("|")) for row in rows}
    panel = {row[0]: row[6] for row in rows}
    for film in films.held_out["normal"]:
        found = findings[film.path.name]
        assert found == {"No Finding"} if film.label == "NORMAL" else found & {"Pneumonia", "Consolidation"}
    for film in films.held_out["panel"]:
        assert panel[film.path.name] == ("NO" if film.label == "NORMAL" else "YES")
    assert len(films.held_out["panel"]) == sum(verdict in ("YES", "NO") for verdict in panel.values())
    assert {film.path for film in films.held_out["rest"]} > {film.path for film in films.held_out["normal"]}


def test_films_that_a_panel_judged_are_never_learned_from(table: Path) -> None:
    of_panel = {
        line.split(",")[0]
        for line in table.read_text("utf-8").splitlines()
        if line.split(",")[6] in ("YES", "NO")
    }
    assert of_panel
    assert not of_panel & {film.path.name for film in adult_films(table, "NORMAL", "PNEUMONIA").train}


def test_another_table_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    table = tmp_path / "films.csv"
    table.write_text("file,patient_id\nx.png,3\n", "utf-8")
    with pytest.raises(TrainingError, match="no column google_airspace_opacity, nih_findings, view"):
        adult_films(table, "NORMAL", "PNEUMONIA")
    with pytest.raises(TrainingError, match="cannot be read"):
        adult_films(tmp_path / "missing.csv", "NORMAL", "PNEUMONIA")


def test_an_infiltration_alone_teaches_nothing(tmp_path: Path) -> None:
    table = tmp_path / "films.csv"
    rows = [
        "a.jpeg,Infiltration,1,50,F,PA,,",
        "b.jpeg,No Finding,1,50,F,PA,,",
        "c.jpeg,Consolidation,3,50,M,AP,,",
    ]
    table.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    films = adult_films(table, "NORMAL", "PNEUMONIA").train
    assert [film.path for film in films] == [tmp_path / "films" / "b.jpeg", tmp_path / "films" / "c.jpeg"]
