"""Films that are there more than once are found, and films that are only alike are not."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.audit.problems import Problem, ProblemKind, Severity
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, Side
from cxr_desktop.training.audit.audit import audit_films
from cxr_desktop.training.audit.copies import near_groups
from cxr_desktop.training.film_sources import gather_films
from cxr_desktop.training.likeness import NEAR_BITS
from tests.training.audit.pictures import picture, write

COPIES = {kind for kind in ProblemKind if "copy" in kind}


def problems_of(films: list[LabelledFilm]) -> dict[ProblemKind, Problem]:
    report = audit_films(FoundFilms(tuple(films)), jobs=2)
    return {each.kind: each for each in report.problems if each.kind in COPIES}


def test_the_same_pixels_in_another_file_are_the_same_film(tmp_path: Path) -> None:
    first = write(tmp_path, "a.png", picture(1), "NORMAL")
    again = write(tmp_path, "b.bmp", picture(1), "NORMAL")
    other = write(tmp_path, "c.png", picture(2), "NORMAL")
    found = problems_of([first, again, other])
    assert set(found) == {ProblemKind.COPY}
    assert found[ProblemKind.COPY].films == (first, again)
    assert found[ProblemKind.COPY].leave_out == (again,)


def test_of_copies_on_two_sides_the_test_film_stays(tmp_path: Path) -> None:
    train = write(tmp_path, "a.png", picture(1), "NORMAL", Side.TRAIN)
    test = write(tmp_path, "b.png", picture(1), "NORMAL", Side.TEST)
    problem = problems_of([train, test])[ProblemKind.COPY_ACROSS_SIDES]
    assert problem.severity is Severity.GRAVE
    assert problem.leave_out == (train,)


def test_a_film_of_two_classes_stops_training_and_none_of_it_stays(tmp_path: Path) -> None:
    normal = write(tmp_path, "a.png", picture(1), "NORMAL", Side.TRAIN)
    ill = write(tmp_path, "b.png", picture(1), "PNEUMONIA", Side.TEST)
    found = problems_of([normal, ill])
    assert set(found) == {ProblemKind.COPY_OF_TWO_CLASSES}
    assert found[ProblemKind.COPY_OF_TWO_CLASSES].severity is Severity.STOP
    assert found[ProblemKind.COPY_OF_TWO_CLASSES].sentence.startswith("1 film lies in two classes")
    assert set(found[ProblemKind.COPY_OF_TWO_CLASSES].leave_out) == {normal, ill}


def test_a_film_saved_smaller_and_coarser_is_a_near_copy(tmp_path: Path) -> None:
    image = picture(1, (400, 380))
    smaller = cv2.resize(image, (200, 200), interpolation=cv2.INTER_AREA)
    films = [
        write(tmp_path, "a.png", image, "NORMAL", Side.TEST),
        write(tmp_path, "b.jpg", smaller, "PNEUMONIA", Side.TRAIN),
        write(tmp_path, "c.png", np.clip(image.astype(float) * 1.2, 0, 255).astype(np.uint8), "NORMAL"),
        write(tmp_path, "d.png", picture(2), "NORMAL"),
    ]
    found = problems_of(films)
    assert set(found) == {ProblemKind.NEAR_COPY_OF_TWO_CLASSES}
    assert set(found[ProblemKind.NEAR_COPY_OF_TWO_CLASSES].films) == set(films[:3])


def test_looks_hang_together_in_chains_and_across_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxr_desktop.training.likeness._TILE", 3)
    looks = np.random.default_rng(0).random((10, 256)) < 0.5
    looks[7] = looks[1]
    looks[7, :NEAR_BITS] ^= True
    looks[9] = looks[7]
    looks[9, NEAR_BITS : 2 * NEAR_BITS] ^= True  # near to 7, not to 1
    looks[4] = looks[3]
    looks[4, : NEAR_BITS + 1] ^= True
    assert near_groups(looks) == [[1, 7, 9]]
    assert near_groups(looks[:1]) == []


def test_of_the_childrens_films_the_known_copies_are_found_and_no_siblings(data_folder: Path) -> None:
    with (data_folder / "kermany.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    copies: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["dup_group"]:
            copies[row["dup_group"]].add(row["file"])
    siblings = Counter(row["patient_group"] + row["subtype"] for row in rows)
    assert max(siblings.values()) > 4  # of one child
    report = audit_films(gather_films([data_folder / "kermany224" / "test"]), jobs=2)
    found = {each.kind: each for each in report.problems if each.kind in COPIES}
    assert set(found) == {ProblemKind.COPY}
    groups = {frozenset(film.path.name for film in case.films) for case in found[ProblemKind.COPY].cases}
    assert groups == {frozenset(each) for each in copies.values() if len(each) > 1}


def test_originals_and_their_small_copies_are_near_copies(data_folder: Path) -> None:
    originals = [
        film for label in ("NORMAL", "PNEUMONIA") for film in (data_folder / "kermany_full" / label).iterdir()
    ][::8]
    small = [
        path
        for original in originals
        for path in (data_folder / "kermany224").glob(f"*/{original.parent.name}/{original.name}")
    ]
    films = [LabelledFilm(path, path.parent.name) for path in (*originals, *small)]
    problem = problems_of(films)[ProblemKind.NEAR_COPY]
    assert len(problem.cases) == len(originals)
    assert all(len({film.path.name for film in case.films}) == 1 for case in problem.cases)
