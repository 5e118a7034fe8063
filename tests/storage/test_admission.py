"""Which film is which: the same pixels, the same UIDs, other patients, files that come and go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.worklist import FilmSource, Outcome, Study
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.marks import Mark
from tests.storage.builders import MODEL, NOON, header, judgement, new_film, unreadable


def only_study(catalogue: Catalogue) -> Study:
    (study,) = catalogue.studies(MODEL)
    return study


def test_the_same_pixels_opened_twice_are_one_film(catalogue: Catalogue) -> None:
    first, second = catalogue.add_films([new_film("/a", "aa"), new_film("/b", "aa")])
    assert (first.outcome, second.outcome) == (Outcome.ADDED, Outcome.KNOWN)
    assert first.film == second.film
    assert set(catalogue.places(first.film.id)) == {FilmSource(Path("/a")), FilmSource(Path("/b"))}
    assert len(catalogue.studies(None)) == 1


def test_while_the_first_file_is_there_it_stays_the_films_own(catalogue: Catalogue, tmp_path: Path) -> None:
    here = tmp_path / "a.jpg"
    here.touch()
    catalogue.add_films([new_film(here, "aa")])
    (again,) = catalogue.add_films([new_film("/usb/a.jpg", "aa")])
    assert again.film.source.path == here
    assert catalogue.places(again.film.id) == [FilmSource(here), FilmSource(Path("/usb/a.jpg"))]


def test_once_the_first_file_is_gone_the_new_one_is_used(catalogue: Catalogue, tmp_path: Path) -> None:
    gone, here = tmp_path / "a.jpg", tmp_path / "b.jpg"
    here.touch()
    (first,) = catalogue.add_films([new_film(gone, "aa")])
    catalogue.note_unreadable(first.film.id, "Its file is gone. Locate it.")
    (again,) = catalogue.add_films([new_film(here, "aa")])
    assert (again.film.source.path, again.film.problem) == (here, "")
    assert catalogue.places(again.film.id) == [FilmSource(here), FilmSource(gone)]


def test_a_film_with_a_copy_is_read_from_the_copy_and_keeps_its_name(catalogue: Catalogue) -> None:
    copy = Path("/data/films/aa/aa.jpg")
    source = FilmSource(Path("/gone.zip"), "inner/child.jpg")
    new = replace(new_film("/x", "aa", copy=copy), source=source)
    (added,) = catalogue.add_films([new])
    assert (added.film.file, added.film.source.name) == (FilmSource(copy), "gone.zip/inner/child.jpg")
    (again,) = catalogue.add_films([new_film("/b.jpg", "aa")])
    assert again.film.source == source, "the copy keeps the film readable"


def test_the_same_pixels_under_another_patient_are_kept_apart_and_marked(catalogue: Catalogue) -> None:
    anna = new_film("/a", "aa", header("Anna", sop_instance_uid="1.1"))
    berta = new_film("/b", "aa", header("Berta", sop_instance_uid="1.2"))
    catalogue.add_films([anna])
    (added,) = catalogue.add_films([berta])
    assert added.outcome is Outcome.ADDED
    first, second = catalogue.studies(None)
    assert [first.name, second.name] == ["Anna", "Berta"]
    sentence = Mark.SAME_PIXELS_OTHER_PATIENT.sentence
    assert first.films[0].marks == second.films[0].marks == (sentence,)
    assert added.changed_study_ids == {first.id, second.id}


def test_each_of_two_patients_finds_its_own_film_again(catalogue: Catalogue) -> None:
    anna = new_film("/a", "aa", header("Anna"))
    berta = new_film("/b", "aa", header("Berta"))
    first, second = catalogue.add_films([anna, berta])
    again = catalogue.add_films([replace(berta, source=FilmSource(Path("/b2"))), anna])
    assert [a.film.id for a in again] == [second.film.id, first.film.id]


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (header("Anna"), FilmHeader(), True),
        (header("Anna", sop_instance_uid="1"), header("Anna", sop_instance_uid="2"), True),
        # A corrected spelling within one instance.
        (
            FilmHeader(PersonName("Doe^J"), sop_instance_uid="1"),
            FilmHeader(PersonName("DOE^John"), sop_instance_uid="1"),
            True,
        ),
        (FilmHeader(PersonName("DOE^JOHN^")), FilmHeader(PersonName("Doe^John")), True),
        # Two hospitals' patients with the same ID.
        (
            FilmHeader(PersonName("Anna"), "1", sop_instance_uid="1"),
            FilmHeader(PersonName("Berta"), "1", sop_instance_uid="2"),
            False,
        ),
        (FilmHeader(PersonName("Anna")), FilmHeader(PersonName("Berta")), False),
        (
            FilmHeader(patient_id="1", sop_instance_uid="9"),
            FilmHeader(patient_id="2", sop_instance_uid="9"),
            False,
        ),
        (FilmHeader(PersonName("Yamada", "山田")), FilmHeader(PersonName("YAMADA^T", "山田")), True),
        (FilmHeader(PersonName("Yamada")), FilmHeader(PersonName("", "山田")), True),
    ],
)
def test_when_the_same_pixels_are_the_same_film(
    catalogue: Catalogue, one: FilmHeader, other: FilmHeader, merged: bool
) -> None:
    first, second = catalogue.add_films([new_film("/a", "aa", one), new_film("/b", "aa", other)])
    assert (first.film.id == second.film.id) is merged
    assert bool(second.film.marks) is not merged


def test_a_film_without_identity_gains_it_from_the_same_pixels(catalogue: Catalogue) -> None:
    (jpeg,) = catalogue.add_films([new_film("/a.jpg", "aa")])
    (sibling,) = catalogue.add_films([new_film("/lat.dcm", "ll", header("Anna", study_instance_uid="1"))])
    (dicom,) = catalogue.add_films([new_film("/a.dcm", "aa", header("Anna", study_instance_uid="1"))])
    assert (dicom.film.id, dicom.film.study_id) == (jpeg.film.id, sibling.film.study_id)
    assert only_study(catalogue).name == "Anna"
    assert dicom.changed_study_ids == {jpeg.film.study_id, sibling.film.study_id}


def test_an_unread_film_that_moves_to_a_read_study_makes_it_unread(catalogue: Catalogue) -> None:
    (sibling,) = catalogue.add_films([new_film("/lat.dcm", "ll", header("Anna", study_instance_uid="1"))])
    catalogue.add_films([new_film("/a.jpg", "aa")])
    catalogue.mark_read(sibling.film.study_id, NOON)
    catalogue.add_films([new_film("/a.dcm", "aa", header("Anna", study_instance_uid="1"))])
    assert only_study(catalogue).read_at is None


def test_a_read_film_that_moves_to_a_read_study_is_no_news(catalogue: Catalogue) -> None:
    (sibling,) = catalogue.add_films([new_film("/lat.dcm", "ll", header("Anna", study_instance_uid="1"))])
    (jpeg,) = catalogue.add_films([new_film("/a.jpg", "aa")])
    catalogue.mark_read(sibling.film.study_id, NOON)
    catalogue.mark_read(jpeg.film.study_id, NOON)
    catalogue.add_films([new_film("/a.dcm", "aa", header("Anna", study_instance_uid="1"))])
    assert only_study(catalogue).read_at == NOON


def test_a_gained_identity_that_contradicts_is_marked(catalogue: Catalogue) -> None:
    catalogue.add_films([new_film("/a.jpg", "aa")])
    catalogue.add_films([new_film("/a.dcm", "aa", header("Anna"))])
    catalogue.add_films([new_film("/b.dcm", "aa", header("Berta"))])
    assert [bool(s.films[0].marks) for s in catalogue.studies(None)] == [True, True]


def test_the_same_sop_instance_uid_with_other_pixels_is_kept_and_marked_on_both(catalogue: Catalogue) -> None:
    head = header("Anna", study_instance_uid="1", sop_instance_uid="1.1")
    added = catalogue.add_films([new_film("/a", "aa", head), new_film("/b", "bb", head)])
    films = only_study(catalogue).films
    assert [f.id for f in films] == [a.film.id for a in added]
    assert [f.marks for f in films] == [(Mark.SAME_UID_OTHER_PIXELS.sentence,)] * 2


def test_films_with_one_study_instance_uid_are_one_study(catalogue: Catalogue) -> None:
    frontal = new_film("/a", "aa", header("Anna", study_instance_uid="1"))
    lateral = new_film("/b", "bb", header("Anna", study_instance_uid="1"))
    other = new_film("/c", "cc", header("Anna", study_instance_uid="2"))
    first, second, third = catalogue.add_films([frontal, lateral, other])
    assert first.film.study_id == second.film.study_id != third.film.study_id
    assert not second.film.marks


def test_films_without_identity_are_studies_of_their_own(catalogue: Catalogue) -> None:
    catalogue.add_films([new_film("/a.jpg", "aa"), new_film("/b.jpg", "bb")])
    assert [s.name for s in catalogue.studies(None)] == ["a.jpg", "b.jpg"]


def test_another_patient_in_the_same_study_is_kept_apart_and_marked(catalogue: Catalogue) -> None:
    catalogue.add_films([new_film("/a", "aa", header("Anna", study_instance_uid="1"))])
    catalogue.add_films([new_film("/b", "bb", header("Berta", study_instance_uid="1"))])
    studies = catalogue.studies(None)
    assert [s.name for s in studies] == ["Anna", "Berta"]
    assert all(s.films[0].marks == (Mark.SAME_STUDY_OTHER_PATIENT.sentence,) for s in studies)
    catalogue.add_films([new_film("/b2", "b2", header("Berta", study_instance_uid="1"))])
    assert [len(s.films) for s in catalogue.studies(None)] == [1, 2], "Berta's next film joins Berta's study"


def test_a_patient_who_is_named_late_still_keeps_others_out(catalogue: Catalogue) -> None:
    nameless = FilmHeader(study_instance_uid="1")
    catalogue.add_films([new_film("/a", "aa", nameless)])
    catalogue.add_films([new_film("/b", "bb", header("Anna", study_instance_uid="1"))])
    catalogue.add_films([new_film("/c", "cc", header("Berta", study_instance_uid="1"))])
    assert [len(s.films) for s in catalogue.studies(None)] == [2, 1]


def test_a_nameless_film_joins_neither_of_two_patients(catalogue: Catalogue) -> None:
    catalogue.add_films([new_film("/a", "aa", header("Anna", study_instance_uid="1"))])
    catalogue.add_films([new_film("/b", "bb", header("Berta", study_instance_uid="1"))])
    (added,) = catalogue.add_films([new_film("/c", "cc", FilmHeader(study_instance_uid="1"))])
    assert [len(s.films) for s in catalogue.studies(None)] == [1, 1, 1]
    assert added.film.marks == (Mark.SAME_STUDY_OTHER_PATIENT.sentence,)


def test_a_new_film_in_a_study_that_was_read_makes_it_unread(catalogue: Catalogue) -> None:
    (first,) = catalogue.add_films([new_film("/a", "aa", header("Anna", study_instance_uid="1"))])
    catalogue.mark_read(first.film.study_id, NOON)
    catalogue.add_films([new_film("/a", "aa", header("Anna", study_instance_uid="1"))])
    assert only_study(catalogue).read_at == NOON, "the same film again is no news"
    catalogue.add_films([new_film("/b", "bb", header("Anna", study_instance_uid="1"))])
    assert only_study(catalogue).read_at is None


def test_an_unreadable_file_is_one_row_however_often_it_is_opened(catalogue: Catalogue) -> None:
    (first,) = catalogue.add_films([unreadable("/a", "The file is empty.")])
    catalogue.mark_read(first.film.study_id, NOON)
    (again,) = catalogue.add_films([unreadable("/a", "The file is truncated.")])
    assert (again.film.id, again.film.problem) == (first.film.id, "The file is truncated.")
    assert again.outcome is Outcome.KNOWN
    assert only_study(catalogue).read_at == NOON


def test_the_members_of_an_archive_are_different_files(catalogue: Catalogue) -> None:
    bad = unreadable("/a.zip")
    members = [replace(bad, source=FilmSource(Path("/a.zip"), name)) for name in ("1.jpg", "2.jpg")]
    catalogue.add_films([*members, *members])
    assert len(catalogue.studies(None)) == 2


def test_a_file_that_can_be_read_now_takes_the_place_of_its_unreadable_row(catalogue: Catalogue) -> None:
    (bad,) = catalogue.add_films([unreadable("/a")], NOON)
    catalogue.mark_read(bad.film.study_id, NOON)
    (good,) = catalogue.add_films([new_film("/a", "aa", header("Anna"))])
    assert (good.film.id, good.outcome, good.film.problem) == (bad.film.id, Outcome.RECOVERED, "")
    assert good.film.added_at == NOON, "the patient has been waiting since then"
    assert only_study(catalogue).read_at is None, "nobody has seen this film"


def test_a_recovered_film_joins_its_study(catalogue: Catalogue) -> None:
    (frontal,) = catalogue.add_films([new_film("/a", "aa", header("Anna", study_instance_uid="1"))])
    (bad,) = catalogue.add_films([unreadable("/b")])
    (good,) = catalogue.add_films([new_film("/b", "bb", header("Anna", study_instance_uid="1"))])
    assert good.film.study_id == frontal.film.study_id
    assert good.changed_study_ids == {bad.film.study_id, frontal.film.study_id}
    assert len(only_study(catalogue).films) == 2


def test_another_patients_file_of_the_same_name_takes_nobodys_place(catalogue: Catalogue) -> None:
    stick = "/media/stick/IM0001"
    (annas,) = catalogue.add_films([unreadable(stick, "The file is truncated.", header("Anna"))])
    (bertas,) = catalogue.add_films([new_film(stick, "bb", header("Berta"))])
    assert (bertas.outcome, bertas.film.id != annas.film.id) == (Outcome.ADDED, True)
    assert [s.name for s in catalogue.studies(None)] == ["Anna", "Berta"]


def test_an_unreadable_row_gives_way_to_the_film_that_it_turns_out_to_be(catalogue: Catalogue) -> None:
    (known,) = catalogue.add_films([new_film("/a", "aa")])
    bad, good = catalogue.add_films([unreadable("/b"), new_film("/b", "aa")])
    assert bad.film.id == good.film.id == known.film.id
    assert len(catalogue.studies(None)) == 1


def test_a_known_film_whose_file_became_unreadable_is_kept_beside_the_reason(catalogue: Catalogue) -> None:
    (film,) = catalogue.add_films([new_film("/a", "aa")])
    catalogue.save_judgements(MODEL, [(film.film.id, judgement())])
    (bad,) = catalogue.add_films([unreadable("/a")])
    assert bad.film.id != film.film.id
    kept = catalogue.film(film.film.id, MODEL)
    assert kept is not None and kept.prediction is not None


def test_a_file_overwritten_by_another_picture_is_another_film(catalogue: Catalogue) -> None:
    (old,) = catalogue.add_films([new_film("/a", "aa")])
    catalogue.save_judgements(MODEL, [(old.film.id, judgement(0.9))])
    (new,) = catalogue.add_films([new_film("/a", "bb")])
    assert new.film.id != old.film.id
    assert new.changed_study_ids == {old.film.study_id, new.film.study_id}
    was = catalogue.film(old.film.id, MODEL)
    assert was is not None and was.marks == (Mark.FILE_REPLACED.sentence,)
    assert new.film.prediction is None, "the score belongs to the former picture"
    (found,) = catalogue.add_films([new_film("/original", "aa")])
    assert (found.film.id, found.film.source.path, found.film.marks) == (old.film.id, Path("/original"), ())


def test_an_overwritten_film_is_read_from_its_other_place(catalogue: Catalogue, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.touch()
    second.touch()
    catalogue.add_films([new_film(first, "aa"), new_film(second, "aa")])
    catalogue.add_films([new_film(first, "bb")])
    old, new = (study.films[0] for study in catalogue.studies(None))
    assert (old.source.path, old.marks, new.source.path) == (second, (), first)
    catalogue.add_films([new_film(second, "bb")])
    assert catalogue.places(old.id) == [FilmSource(second)]
    old = catalogue.studies(None)[0].films[0]
    assert old.marks == (Mark.FILE_REPLACED.sentence,)


def test_one_study_uid_for_everybody_does_not_bring_the_catalogue_down(catalogue: Catalogue) -> None:
    films = [new_film(f"/{i}", f"f{i}", header(f"P{i}", study_instance_uid="1")) for i in range(300)]
    added = catalogue.add_films(films)
    assert len(catalogue.studies(None)) == 300
    assert all(a.film.marks for a in added)


def test_a_removed_study_is_gone_with_all_that_was_said_of_it(catalogue: Catalogue) -> None:
    head = header("Anna", study_instance_uid="1")
    other, first, last = catalogue.add_films(
        [new_film("/c", "cc"), new_film("/a", "aa", head), new_film("/b", "bb", head)]
    )
    catalogue.save_judgements(MODEL, [(first.film.id, judgement())])
    catalogue.remove_study(first.film.study_id)
    assert [s.id for s in catalogue.studies(MODEL)] == [other.film.study_id]
    assert catalogue.heatmap(first.film.id, MODEL) is None
    (again,) = catalogue.add_films([new_film("/a", "aa", head)])
    assert again.outcome is Outcome.ADDED
    assert again.film.id > last.film.id, "a judgement that comes late must not land on another film"


def test_with_the_contradiction_its_mark_goes(catalogue: Catalogue) -> None:
    anna, berta, carla = catalogue.add_films(
        [
            new_film(f"/{p}", "aa", header(p, study_instance_uid="1", sop_instance_uid="2"))
            for p in ("Anna", "Berta", "Carla")
        ]
    )
    removed = catalogue.remove_study(berta.film.study_id)
    assert removed.changed_study_ids == {anna.film.study_id, carla.film.study_id}
    assert all(len(s.films[0].marks) == 2 for s in catalogue.studies(None)), "Anna and Carla still contradict"
    catalogue.remove_study(carla.film.study_id)
    assert only_study(catalogue).films[0].marks == ()


def test_a_copy_that_no_film_has_any_more_is_named(catalogue: Catalogue) -> None:
    shared, own = Path("/data/films/shared"), Path("/data/films/own")
    anna, berta = catalogue.add_films(
        [
            new_film("/a", "aa", header("Anna"), copy=shared),
            new_film("/b", "aa", header("Berta"), copy=shared),
        ]
    )
    (carla,) = catalogue.add_films([new_film("/c", "cc", copy=own)])
    assert catalogue.remove_study(carla.film.study_id).copies == (own,)
    assert catalogue.remove_study(anna.film.study_id).copies == ()
    assert catalogue.remove_study(berta.film.study_id).copies == (shared,)
    assert catalogue.remove_study(berta.film.study_id).copies == ()
