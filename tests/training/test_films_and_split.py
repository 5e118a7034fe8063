"""A labelled folder is understood, and no patient ends up on two sides."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import Side, patient_in_name, suspicious_labels
from cxr_desktop.training.datasets import dataset_of, kermany
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.split import hold_out


def fill(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for index in range(count):
        (folder / f"{index}.png").write_bytes(b"x")


def test_class_folders_become_labels(tmp_path: Path) -> None:
    fill(tmp_path / "NORMAL", 12)
    fill(tmp_path / "PNEUMONIA" / "ward 3", 11)
    (tmp_path / "NORMAL" / ".DS_Store").write_bytes(b"x")
    films = find_films(tmp_path)
    assert Counter(film.label for film in films) == {"NORMAL": 12, "PNEUMONIA": 11}
    assert {film.side for film in films} == {None}


def test_a_given_split_is_kept(tmp_path: Path) -> None:
    for side, count in (("Train", 12), ("validation", 3), ("test", 4)):
        for label in ("NORMAL", "PNEUMONIA"):
            fill(tmp_path / side / label, count)
    sides = Counter(film.side for film in find_films(tmp_path))
    assert sides == {Side.TRAIN: 24, Side.VALIDATION: 6, Side.TEST: 8}


def test_a_missing_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no such folder"):
        find_films(tmp_path / "nowhere")


def test_films_without_class_folders_are_explained(tmp_path: Path) -> None:
    fill(tmp_path / "x", 0)
    with pytest.raises(TrainingError, match="holds no class folders"):
        find_films(tmp_path)


def test_one_class_alone_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "NORMAL", 30)
    with pytest.raises(TrainingError, match=r"one class only \(NORMAL\)"):
        find_films(tmp_path)


def test_an_empty_class_folder_is_named(tmp_path: Path) -> None:
    fill(tmp_path / "NORMAL", 30)
    fill(tmp_path / "PNEUMONIA", 0)
    with pytest.raises(TrainingError, match=r"one class only \(NORMAL\).*no films in PNEUMONIA"):
        find_films(tmp_path)
    fill(tmp_path / "OTHER", 30)
    with pytest.raises(TrainingError, match="no films to learn from in the class PNEUMONIA"):
        find_films(tmp_path)


@pytest.mark.parametrize("sides", [False, True])
def test_loose_files_beside_the_class_folders_are_named(tmp_path: Path, sides: bool) -> None:
    root = tmp_path / "train" if sides else tmp_path
    for label in ("NORMAL", "PNEUMONIA"):
        fill(root / label, 12)
    for name in ("b.png", "a.jpeg", "c.dcm", "d.PNG"):
        (root / name).write_bytes(b"x")
    with pytest.raises(TrainingError, match=r"4 files lie loose.*a\.jpeg, b\.png, c\.dcm and 1 more"):
        find_films(tmp_path)


def test_a_film_without_a_suffix_is_loose_and_a_note_is_not(tmp_path: Path) -> None:
    for label in ("NORMAL", "PNEUMONIA", "__MACOSX/empty"):
        fill(tmp_path / label, 12)
    for name in ("README.md", "labels.csv", ".DS_Store", "LICENSE"):
        (tmp_path / name).write_bytes(b"some words")
    assert len(find_films(tmp_path)) == 24
    (tmp_path / "IM000001").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 64)
    with pytest.raises(TrainingError, match=r"1 file lies loose.*IM000001"):
        find_films(tmp_path)


def test_loose_films_alone_are_explained(tmp_path: Path) -> None:
    fill(tmp_path / "films", 5)
    with pytest.raises(
        TrainingError, match=r"no class folders with films, but 5 loose files: 0\.png, 1\.png"
    ):
        find_films(tmp_path / "films")


@pytest.mark.parametrize("beside", ["PNEUMONIA", "normal", "more films"])
def test_a_folder_of_films_beside_train_is_named(tmp_path: Path, beside: str) -> None:
    for label in ("NORMAL", "PNEUMONIA"):
        fill(tmp_path / "train" / label, 12)
    fill(tmp_path / "chest_xray" / "train" / "NORMAL", 1)  # as the Kaggle archive has it, once more within
    (tmp_path / "notes").mkdir()
    assert len(find_films(tmp_path)) == 24
    fill(tmp_path / beside, 1)
    with pytest.raises(TrainingError, match=f"beside them, in {beside}"):
        find_films(tmp_path)


@pytest.mark.parametrize("places", [("Normal", "NORMAL"), ("train/NORMAL", "test/normal")])
def test_a_class_that_is_there_twice_by_case_is_named(tmp_path: Path, places: tuple[str, str]) -> None:
    for place in (*places, "train/PNEUMONIA" if "/" in places[0] else "PNEUMONIA"):
        fill(tmp_path / place, 12)
    if len({path.name for path in tmp_path.rglob("*") if path.name.lower() == "normal"}) < 2:
        pytest.skip("this disk does not tell letters' cases apart")
    with pytest.raises(TrainingError, match=r"twice, in different letters: NORMAL and [Nn]ormal"):
        find_films(tmp_path)


def test_the_official_set_has_no_film_in_two_classes(data_folder: Path) -> None:
    classes: dict[str, set[str]] = {}
    for film in find_films(data_folder / "kermany224"):
        classes.setdefault(hashlib.sha256(film.path.read_bytes()).hexdigest(), set()).add(film.label)
    assert all(len(of_film) == 1 for of_film in classes.values())


def test_a_class_with_too_few_films_is_named_with_its_count(tmp_path: Path) -> None:
    fill(tmp_path / "NORMAL", 30)
    fill(tmp_path / "PNEUMONIA", 2)
    with pytest.raises(TrainingError, match=r"PNEUMONIA \(2\).*at least 10"):
        find_films(tmp_path)


def test_all_classes_but_normal_are_suspicious() -> None:
    assert suspicious_labels(("NORMAL", "PNEUMONIA")) == ("PNEUMONIA",)
    assert suspicious_labels(("bacteria", "Healthy", "virus")) == ("bacteria", "virus")
    assert suspicious_labels(("a", "b"), ("b",)) == ("b",)


@pytest.mark.parametrize("chosen", [(), ("a", "b"), ("c",)])
def test_classes_that_say_nothing_of_suspicion_must_be_named(chosen: tuple[str, ...]) -> None:
    with pytest.raises(TrainingError, match="a, b"):
        suspicious_labels(("a", "b"), chosen)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(60, 200), st.integers(15, 80))
def test_no_patient_and_no_film_is_on_both_sides(seed: int, count: int, people: int) -> None:
    random = np.random.default_rng(seed)
    labels = [("N", "P")[index % 2] for index in range(count)]
    patients = [f"p{number}" for number in random.integers(0, people, count)]
    digests = [f"d{number}" for number in random.integers(0, 20 * count, count)]
    digests[0] = digests[-1]  # one film under two patients' names
    held_out = hold_out(labels, patients, digests, 0.1, seed=3)
    rest = set(range(count)) - held_out
    for names in (patients, digests):
        assert not {names[i] for i in held_out} & {names[i] for i in rest}


def test_films_of_a_single_patient_cannot_be_divided() -> None:
    with pytest.raises(TrainingError, match="one patient"):
        hold_out(["N", "P"] * 10, ["p1"] * 20, [f"d{index}" for index in range(20)], 0.1, 1)


def test_the_order_of_the_films_does_not_change_the_choice() -> None:
    count = 200
    labels = ["N"] * 60 + ["P"] * 140
    patients = [f"p{index // 3}" for index in range(count)]
    digests = [f"d{index}" for index in range(count)]
    shuffled = np.random.default_rng(0).permutation(count)
    first = {digests[i] for i in hold_out(labels, patients, digests, 0.1, 5)}
    again = hold_out(
        [labels[i] for i in shuffled], [patients[i] for i in shuffled], [digests[i] for i in shuffled], 0.1, 5
    )
    assert first == {digests[shuffled[i]] for i in again}
    assert Counter(labels[int(d[1:])] for d in first)["N"] == pytest.approx(6, abs=2)


def test_the_committed_validation_list_is_the_one_that_the_code_draws(data_folder: Path) -> None:
    films = [f for f in find_films(data_folder / "kermany224") if f.side is Side.TRAIN]
    held_out = hold_out(
        [film.label for film in films],
        [patient_in_name(film.path.stem) for film in films],
        [hashlib.sha256(film.path.read_bytes()).hexdigest() for film in films],
        0.1,
        1337,
    )
    assert {films[i].path.name for i in held_out} == kermany().validation
    assert dataset_of([film.path.name for film in films]) is kermany()


def test_held_out_films_share_no_patient_with_films_learned_from(data_folder: Path) -> None:
    with (data_folder / "kermany.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    assert all(patient_in_name(row["file"]) == row["patient_group"] for row in rows)
    held_out = kermany().validation
    assert held_out is not None and 0.09 < len(held_out) / len(rows) < 0.11
    inside = {row["patient_group"] for row in rows if row["file"] in held_out}
    outside = {row["patient_group"] for row in rows if row["file"] not in held_out}
    assert not inside & outside


def test_own_films_are_not_taken_for_the_known_set() -> None:
    assert dataset_of(["a.png", "b.png"]).validation is None
