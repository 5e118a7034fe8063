"""The hospital's own test films: drawn once, found again whatever they are called, and never learned from."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.locked_test import (
    LOCKED_TEST_SCHEMA,
    LockedFilm,
    LockedTestSet,
    locked_test_from_json,
    locked_test_to_json,
)
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.training.events import Event, FilmLeftOut
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.locked_test import (
    KnownFilm,
    draw_locked_test,
    found_again,
    known_films,
    locked_in_folder,
    locked_where_they_were,
)
from cxr_desktop.training.prepare import Material, prepare
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.trial import Trial
from tests.imaging.films import cropped_rg1, file_bytes
from tests.training.audit.pictures import picture, write
from tests.training.tiny_bundle import write_tiny_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """32 drawn films of each class, two of each patient."""
    for index in range(32):
        write(tmp_path / "films", f"IM-{index // 2:04}-{index:04}.png", picture(index), "NORMAL")
        name = f"person{index // 2}_virus_{index}.png"
        write(tmp_path / "films", name, picture(100 + index), "PNEUMONIA")
    return tmp_path / "films"


def known_in(folder: Path) -> list[KnownFilm]:
    known, left_out = known_films(find_films(folder), read_radiograph)
    assert not left_out
    return known


def save(locked: LockedTestSet, folder: Path) -> Path:
    file = folder / "locked-test.json"
    file.write_bytes(locked_test_to_json(locked))
    return file


def prepared(films: Path, scratch: Path, locked: Path | None, events: list[Event] | None = None) -> Material:
    card = write_tiny_bundle(scratch / "tiny", "tiny")
    request = TrainingRequest(films, "tiny", scratch / "out", locked_test=locked)
    tell = (events if events is not None else []).append
    return prepare(request, card.input, scratch / "films.u16", read_radiograph, tell)


def test_a_share_is_drawn_by_patient_with_the_classes_alike_and_again_the_same(folder: Path) -> None:
    known = known_in(folder)
    locked = draw_locked_test(known, 0.25, seed=7)
    by_class = {label: sum(film.label == label for film in locked.films) for label in ("NORMAL", "PNEUMONIA")}
    assert all(6 <= films <= 10 for films in by_class.values())
    patients = {each.patient for each in known if locked.film(each.fingerprint)}
    assert all(bool(locked.film(each.fingerprint)) == (each.patient in patients) for each in known)
    again = draw_locked_test(list(reversed(known)), 0.25, seed=7)
    assert {film.fingerprint for film in again.films} == {film.fingerprint for film in locked.films}


def test_a_folders_own_test_side_becomes_the_set(drawn_folder: Path) -> None:
    locked = draw_locked_test(known_in(drawn_folder), 0.2, seed=1)
    assert len(locked.films) == 12
    assert {Path(film.place).parent.parent.name for film in locked.films} == {"test"}
    # Numbers in the names of a test side may begin anew: they are no patients.
    assert {film.patient for film in locked.films} == {""}


def test_no_training_learns_from_a_locked_film_or_its_patient_whatever_it_is_called(
    folder: Path, tmp_path: Path
) -> None:
    locked = draw_locked_test(known_in(folder), 0.25, seed=7)
    file = save(locked, tmp_path)
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    for number, film in enumerate(locked.films):
        path = moved / film.label / Path(film.place).name
        # Saved again in another container, under a name that says nothing.
        cv2.imwrite(str(path.with_name(f"film{number}.bmp")), cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
        path.unlink()
    write(moved, f"{locked.films[0].patient}-9999.png", picture(999), "NORMAL")
    events: list[Event] = []
    material = prepared(moved, tmp_path, file, events)
    used = {film.fingerprint for film in (*material.train, *material.validation)}
    assert not used & {film.fingerprint for film in locked.films}
    assert len(used) == 64 - len(locked.films)
    reasons = {event.name: event.reason for event in events if isinstance(event, FilmLeftOut)}
    assert len(reasons) == len(locked.films) + 1
    assert "never learned from" in reasons["film0.bmp"]
    assert "of this patient is in the locked test set" in reasons[f"{locked.films[0].patient}-9999.png"]
    assert len(material.locked) == material.locked_in_all == len(locked.films)
    assert sum(material.counts["locked test"].values()) == len(locked.films)


def test_without_a_set_nothing_is_kept_back(folder: Path, tmp_path: Path) -> None:
    material = prepared(folder, tmp_path, None)
    assert len(material.train) + len(material.validation) == 64
    assert (material.locked, material.locked_in_all) == ((), 0)
    assert "locked test" not in material.counts


def test_a_patient_is_known_by_the_dicom_id_under_any_file_name(
    folder: Path, tmp_path: Path, chest: Dataset
) -> None:
    chest.PatientID = "H-4711"
    (folder / "NORMAL" / "a.dcm").write_bytes(file_bytes(chest))
    known = known_in(folder)
    (dicom,) = (each for each in known if each.film.path.name == "a.dcm")
    assert dicom.patient == "H-4711"
    locked = LockedTestSet((LockedFilm("other pixels", "NORMAL", "H-4711", "", "2026-11-21"),), 1)
    events: list[Event] = []
    prepared(folder, tmp_path, save(locked, tmp_path), events)
    assert [event.name for event in events if isinstance(event, FilmLeftOut)] == ["a.dcm"]


@pytest.fixture(scope="module")
def chest(pydicom_films: Path) -> Dataset:
    return cropped_rg1(pydicom_films)


def test_names_that_follow_no_pattern_are_no_patients(tmp_path: Path) -> None:
    for index in range(12):
        write(tmp_path / "films", f"{index}.png", picture(index), "NORMAL")
        write(tmp_path / "films", f"{index}.png", picture(100 + index), "PNEUMONIA")
    locked = draw_locked_test(known_in(tmp_path / "films"), 0.25, seed=1)
    assert {film.patient for film in locked.films} == {""}


def test_the_label_that_was_locked_counts(folder: Path, tmp_path: Path) -> None:
    locked = draw_locked_test(known_in(folder), 0.25, seed=7)
    first = next(film for film in locked.films if film.label == "NORMAL")
    place = Path(first.place)
    place.rename(folder / "PNEUMONIA" / place.name)
    events: list[Event] = []
    material = prepared(folder, tmp_path, save(locked, tmp_path), events)
    assert next(film for film in material.locked if film.path.name == place.name).label == "NORMAL"
    (reason,) = (e.reason for e in events if isinstance(e, FilmLeftOut) and e.name == place.name)
    assert "There it is labelled NORMAL" in reason


def test_a_class_that_the_new_model_does_not_know_is_not_measured(folder: Path, tmp_path: Path) -> None:
    locked = draw_locked_test(known_in(folder), 0.25, seed=7)
    (folder / "PNEUMONIA").rename(folder / "OPACITY")
    events: list[Event] = []
    material = prepared(folder, tmp_path, save(locked, tmp_path), events)
    assert {film.label for film in material.locked} == {"NORMAL"}
    assert any("no class of this folder" in e.reason for e in events if isinstance(e, FilmLeftOut))


def test_the_finished_model_is_measured_on_the_locked_films(drawn_folder: Path, tmp_path: Path) -> None:
    locked = draw_locked_test(known_in(drawn_folder), 0.2, seed=1)
    material = prepared(drawn_folder, tmp_path, save(locked, tmp_path))
    assert material.test == () and len(material.locked) == 12
    card = write_tiny_bundle(tmp_path / "model", "model", slope=600.0)
    engine = OnnxEngine(tmp_path / "model" / "model.onnx", [cpu(1)])
    trial = Trial(material, card, engine, None, read_radiograph, lambda event: None)
    (evaluation,) = trial.on_locked_films()
    assert (evaluation.count, evaluation.role) == (12, "test")
    assert "locked test set" in evaluation.films
    assert trial.on_test_films() == ()


def test_a_folder_of_locked_films_alone_is_refused(folder: Path, tmp_path: Path) -> None:
    known = known_in(folder)
    everything = LockedTestSet(
        tuple(
            LockedFilm(each.fingerprint, each.film.label, each.patient, str(each.film.path), "2026-11-21")
            for each in known
        ),
        1,
    )
    with pytest.raises(TrainingError, match="All 64 films are in the locked test set"):
        prepared(folder, tmp_path, save(everything, tmp_path))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"films": [], "seed": "x"}', b"\xff\xfe"])
def test_a_damaged_file_is_never_taken_for_an_empty_set(
    drawn_folder: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "locked-test.json"
    file.write_bytes(content)
    with pytest.raises(TrainingError, match="damaged, so nobody can tell"):
        prepared(drawn_folder, tmp_path, file)
    file.unlink()
    with pytest.raises(TrainingError, match="cannot be read"):
        prepared(drawn_folder, tmp_path, file)


def test_only_new_patients_are_added_and_nothing_is_taken_out(folder: Path) -> None:
    known = known_in(folder)
    first = draw_locked_test(known, 0.25, seed=7)
    more = draw_locked_test(known, 0.25, seed=8, before=first)
    assert more.films[: len(first.films)] == first.films
    added = more.films[len(first.films) :]
    assert added and not {film.patient for film in added} & {film.patient for film in first.films}
    inside = [each for each in known if first.film(each.fingerprint)]
    with pytest.raises(TrainingError, match="in the locked test set already"):
        draw_locked_test(inside, 0.25, seed=8, before=first)
    with pytest.raises(ValueError, match="new patients"):
        first.with_more(first.films[:1])


def test_the_same_film_under_two_labels_is_not_locked(folder: Path) -> None:
    source = next((folder / "NORMAL").iterdir())
    shutil.copy(source, folder / "PNEUMONIA" / source.name)
    with pytest.raises(TrainingError, match="lies in two classes"):
        draw_locked_test(known_in(folder), 0.25, seed=7)


def test_the_films_are_found_where_they_were_or_in_another_folder(folder: Path, tmp_path: Path) -> None:
    locked = draw_locked_test(known_in(folder), 0.25, seed=7)
    gone, exchanged = (Path(film.place) for film in locked.films[:2])
    kept = tmp_path / "kept"
    kept.mkdir()
    shutil.move(gone, kept / "renamed.png")
    shutil.copy(Path(locked.films[2].place), exchanged)
    found, missing = locked_where_they_were(locked, read_radiograph)
    assert len(found) == len(locked.films) - 2
    assert [each.film.path for each in missing] == [gone, exchanged]
    assert "another film" in missing[1].reason
    known = [replace(each, film=replace(each.film, label=""), patient="") for each in known_in_flat(kept)]
    there, elsewhere = locked_in_folder(known, locked)
    assert [(film.path.name, film.label) for film in there] == [("renamed.png", locked.films[0].label)]
    assert len(elsewhere) == len(locked.films) - 1


def test_what_a_list_told_of_a_locked_film_is_kept_with_it(folder: Path, tmp_path: Path) -> None:
    films = [replace(film, view="PA", age_years=3.5, sex="M") for film in find_films(folder)]
    known, _ = known_films(films, read_radiograph)
    file = save(draw_locked_test(known, 0.5, 0), tmp_path)
    found, missing = locked_where_they_were(locked_test_from_json(file.read_bytes()), read_radiograph)
    assert found and not missing
    assert {(film.view, film.age_years, film.sex) for film in found} == {("PA", 3.5, "M")}


def test_films_that_were_moved_are_found_by_their_content_those_of_the_same_name_first(
    folder: Path, tmp_path: Path
) -> None:
    locked = draw_locked_test(known_in(folder), 0.25, seed=7)
    moved = folder.rename(tmp_path / "moved")
    _, missing = locked_where_they_were(locked, read_radiograph)
    renamed = moved / "NORMAL" / "called otherwise.png"
    place = next(Path(film.place) for film in locked.films if film.label == "NORMAL")
    (moved / "NORMAL" / place.name).rename(renamed)
    files = [file for file in moved.rglob("*") if file.is_file()]
    looked_at: list[int] = []
    places = found_again(missing, files, read_radiograph, lambda done, of: looked_at.append(done))
    assert set(places) == {film.fingerprint for film in locked.films}
    assert renamed in places.values() and set(places.values()) <= set(files)
    renamed.rename(moved / "NORMAL" / place.name)
    looked_at.clear()
    files = [file for file in moved.rglob("*") if file.is_file()]
    found_again(missing, files, read_radiograph, lambda done, of: looked_at.append(done))
    assert len(looked_at) == len(locked.films) < len(files)


def known_in_flat(folder: Path) -> list[KnownFilm]:
    known, _ = known_films([LabelledFilm(path, "?") for path in folder.iterdir()], read_radiograph)
    return known


fingerprints = st.text("0123456789abcdef", min_size=1, max_size=6)
locked_films = st.builds(
    LockedFilm,
    fingerprint=fingerprints,
    label=st.text(min_size=1, max_size=5),
    patient=st.text(max_size=4),
    place=st.text(max_size=10),
    locked_on=st.just("2026-11-21"),
)


@given(st.lists(locked_films, unique_by=lambda film: film.fingerprint, max_size=8), st.integers(0, 9))
def test_a_set_survives_its_file(films: list[LockedFilm], seed: int) -> None:
    locked = LockedTestSet(tuple(films), seed)
    again = locked_test_from_json(locked_test_to_json(locked))
    assert again == locked
    assert all(again.film(film.fingerprint) == film for film in films)
    assert not again.has_patient("")


def test_a_newer_file_asks_for_a_newer_program() -> None:
    data = locked_test_to_json(LockedTestSet((), 1, schema=LOCKED_TEST_SCHEMA + 1))
    with pytest.raises(TrainingError, match="Update the program"):
        locked_test_from_json(data)


def test_a_file_of_the_first_schema_is_read_and_written_as_one_that_an_older_program_refuses() -> None:
    film = {"fingerprint": "aa", "label": "NORMAL", "patient": "", "place": "", "locked_on": "2026-11-21"}
    locked = locked_test_from_json(json.dumps({"films": [film], "seed": 1, "schema": 1}).encode())
    assert locked == LockedTestSet((LockedFilm("aa", "NORMAL", "", "", "2026-11-21"),), 1)
    assert json.loads(locked_test_to_json(locked))["schema"] == 2


def test_a_film_stands_in_the_set_once() -> None:
    film = LockedFilm("aa", "NORMAL", "", "", "2026-11-21")
    with pytest.raises(ValueError, match="twice"):
        LockedTestSet((film, film), 1)
