"""The catalogue's daily work: films come in, are scored, looked at and read."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.worklist import FilmSource, Outcome
from cxr_desktop.storage.catalogue import Catalogue
from tests.storage.builders import MODEL, NOON, OF_LABELS, header, judgement, new_film, unscored

FULL_HEADER = FilmHeader(
    patient_name=PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう"),
    patient_id="0042",
    birth_date=date(2020, 2, 29),
    age_years=4.5,
    sex="M",
    study_datetime=datetime(2024, 11, 3, 8, 15, 30, 250),
    study_description="Thorax p.a.",
    accession_number="A-17",
    view_position="PA",
    laterality="U",
    modality="DX",
    body_part="CHEST",
    institution="Łódź",
    study_instance_uid="1.2.3",
    series_instance_uid="1.2.3.4",
    sop_instance_uid="1.2.3.4.5",
)


def test_a_film_comes_back_as_it_went_in(catalogue: Catalogue) -> None:
    new = new_film("/films/a.dcm", "aa", FULL_HEADER, copy=Path("/data/films/aa.dcm"))
    (added,) = catalogue.add_films([new], NOON)
    film = catalogue.film(added.film.id)
    assert film == added.film
    assert film is not None
    assert added.outcome is Outcome.ADDED
    assert (film.source, film.header, film.shape) == (new.source, new.header, new.shape)
    assert (film.fingerprint, film.thumbnail, film.copy) == (new.fingerprint, new.thumbnail, new.copy)
    assert (film.added_at, film.problem, film.marks) == (NOON, "", ())
    assert film.status is Status.WAITING


def test_what_was_stored_is_there_after_the_program_was_closed(path: Path) -> None:
    first = Catalogue.open(path)
    (added,) = first.add_films([new_film("/films/a.dcm", "aa", FULL_HEADER)])
    first.save_judgements(MODEL, [(added.film.id, judgement())])
    first.mark_read(added.film.study_id, NOON)
    first.close()
    again = Catalogue.open(path)
    (study,) = again.studies(MODEL)
    assert study.read_at == NOON
    assert study.films[0].prediction == judgement().prediction
    again.close()


def test_what_the_reader_says_of_a_film_is_kept_replaced_and_taken_back(path: Path) -> None:
    first = Catalogue.open(path)
    one, two = (a.film for a in first.add_films([new_film("/a", "aa", FULL_HEADER), new_film("/b", "bb")]))
    first.note_own_reading(one.id, OwnReading("NORMAL", NOON))
    first.note_own_reading(one.id, OwnReading("Tuberkulose", NOON + timedelta(hours=1)))
    first.note_own_reading(two.id, OwnReading("NORMAL", NOON))
    first.note_own_reading(two.id, None)
    first.note_own_reading(99, OwnReading("NORMAL", NOON))
    first.close()
    again = Catalogue.open(path)
    (said,) = again.films_with_own_reading()
    assert (said.id, said.own_reading) == (one.id, OwnReading("Tuberkulose", NOON + timedelta(hours=1)))
    assert [film.own_reading for study in again.studies(None) for film in study.films][1:] == [None]
    again.remove_study(said.study_id)
    assert again.films_with_own_reading() == []
    again.close()


_digests = itertools.count()
_any_text = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates too


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(max_size=20),
    file_name=_any_text.map(lambda text: "x" + text.replace("/", "").replace("\0", "")),
    member=_any_text,
    age=st.none() | st.floats(0, 130),
    when=st.none() | st.datetimes(),
)
def test_any_header_and_any_file_name_come_back(
    catalogue: Catalogue, name: str, file_name: str, member: str, age: float | None, when: datetime | None
) -> None:
    head = FilmHeader(PersonName(name), age_years=age, study_datetime=when)
    source = FilmSource(Path("/films") / file_name, member)
    (added,) = catalogue.add_films([replace(new_film("/x", f"f{next(_digests)}", head), source=source)])
    assert (added.film.source, added.film.header) == (source, head)


def test_a_file_name_that_is_no_utf8_comes_back(catalogue: Catalogue) -> None:
    source = FilmSource(Path("/films/r\udcf6ntgen.jpg"), "in\ud800ner")
    (added,) = catalogue.add_films([replace(new_film("/x", "aa"), source=source)])
    assert added.film.source == source


def test_a_name_that_unicode_cannot_hold_is_shown_as_far_as_it_can(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/x", "aa", header("M\udcfcller"))])
    assert added.film.header.patient_name.alphabetic == "M?ller"


def test_a_judgement_comes_back_with_its_heatmap_and_lungs(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    given = judgement(0.7)
    assert catalogue.save_judgements(MODEL, [(added.film.id, given)]) == [added.film.id]
    film = catalogue.film(added.film.id, MODEL)
    assert film is not None and film.prediction == given.prediction
    heatmap = catalogue.heatmap(added.film.id, MODEL)
    assert heatmap is not None and given.heatmap is not None
    assert (heatmap.box, heatmap.method) == (given.heatmap.box, given.heatmap.method)
    peak = np.abs(given.heatmap.evidence).max()
    np.testing.assert_allclose(heatmap.evidence, given.heatmap.evidence, atol=5e-4 * peak)
    assert catalogue.lung_regions(added.film.id, MODEL) == given.lungs.regions


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_a_heatmap_keeps_its_shape_whatever_its_unit(catalogue: Catalogue, scale: float) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    given = judgement()
    assert given.heatmap is not None
    evidence = (given.heatmap.evidence * scale).astype(np.float32)
    scaled = replace(given, heatmap=replace(given.heatmap, evidence=evidence))
    catalogue.save_judgements(MODEL, [(added.film.id, scaled)])
    heatmap = catalogue.heatmap(added.film.id, MODEL)
    assert heatmap is not None and heatmap.has_evidence
    np.testing.assert_allclose(heatmap.evidence / scale, given.heatmap.evidence, atol=2e-3)


def test_the_scores_of_more_than_two_labels_come_back_to_the_last_digit(catalogue: Catalogue) -> None:
    added = catalogue.add_films([new_film("/a", "aa"), new_film("/b", "bb")])
    of_three, of_two = (each.film.id for each in added)
    catalogue.save_judgements(MODEL, [(of_three, judgement(label_scores=OF_LABELS)), (of_two, judgement())])
    films = [catalogue.film(film_id, MODEL) for film_id in (of_three, of_two)]
    assert [film.prediction.label_scores for film in films if film and film.prediction] == [OF_LABELS, ()]


def test_a_film_out_of_scope_has_no_heatmap_and_no_verdict(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    catalogue.save_judgements(MODEL, [(added.film.id, judgement(0.9))])
    catalogue.save_judgements(MODEL, [(added.film.id, judgement(None))])
    film = catalogue.film(added.film.id, MODEL)
    assert film is not None and film.prediction is not None
    assert (film.status, film.prediction.suspected) == (Status.CHECK, None)
    assert catalogue.heatmap(added.film.id, MODEL) is None, "the former heatmap must not stay"


def test_each_model_and_version_has_its_own_judgement(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    newer = (MODEL[0], "2.0")
    catalogue.save_judgements(MODEL, [(added.film.id, judgement(0.1))])
    assert unscored(catalogue, newer) == [added.film.id]
    catalogue.save_judgements(newer, [(added.film.id, judgement(0.9, newer))])
    assert [s.lead.probability for s in catalogue.studies(MODEL)] == [0.1]
    assert [s.lead.probability for s in catalogue.studies(newer)] == [0.9]
    assert [s.lead.prediction for s in catalogue.studies(None)] == [None]


def test_a_judgement_by_another_model_is_refused(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    with pytest.raises(ValueError, match="handed over"):
        catalogue.save_judgements(("other", "1"), [(added.film.id, judgement())])


def test_a_judgement_for_a_film_that_is_gone_is_left_out(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    saved = catalogue.save_judgements(MODEL, [(999, judgement()), (added.film.id, judgement())])
    assert saved == [added.film.id]


def test_a_study_is_marked_read_and_unread(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    study_id = added.film.study_id
    catalogue.mark_read(study_id, NOON + timedelta(hours=1))
    study = catalogue.study(study_id)
    assert study is not None and study.read_at == NOON + timedelta(hours=1)
    catalogue.mark_read(study_id, None)
    study = catalogue.study(study_id)
    assert study is not None and study.read_at is None


def test_a_time_without_a_zone_is_a_mistake(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    with pytest.raises(Exception, match="time zone"):
        catalogue.mark_read(added.film.study_id, datetime(2025, 1, 1))


def test_only_the_studies_asked_for_are_given(catalogue: Catalogue) -> None:
    added = catalogue.add_films([new_film(f"/{i}", f"f{i}") for i in range(520)])
    wanted = [a.film.study_id for a in added[3:]]  # more than one statement takes
    assert [s.id for s in catalogue.studies(None, [*wanted, 99_999])] == wanted
    assert catalogue.studies(None, []) == []
    assert catalogue.study(99_999) is None and catalogue.film(99_999) is None


def test_a_film_that_can_no_longer_be_read_counts_as_unreadable_until_it_is_found(
    catalogue: Catalogue,
) -> None:
    (added,) = catalogue.add_films([new_film("/gone/a", "aa")])
    catalogue.note_unreadable(added.film.id, "Its file is gone. Locate it.")
    film = catalogue.film(added.film.id)
    assert film is not None and film.status is Status.UNREADABLE
    assert unscored(catalogue, MODEL) == [added.film.id], "its drive may be back"
    found = catalogue.relocate(added.film.id, FilmSource(Path("/new/a")), "aa")
    assert (found.source.path, found.status) == (Path("/new/a"), Status.WAITING)


def test_scoring_a_film_shows_that_it_can_be_read_again(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/gone/a", "aa")])
    catalogue.note_unreadable(added.film.id, "Its file is gone. Locate it.")
    catalogue.save_judgements(MODEL, [(added.film.id, judgement())])
    film = catalogue.film(added.film.id, MODEL)
    assert film is not None and film.status is Status.SCORED


def test_a_film_is_not_relocated_to_another_picture(catalogue: Catalogue) -> None:
    (added,) = catalogue.add_films([new_film("/a", "aa")])
    with pytest.raises(CatalogueError, match="another picture"):
        catalogue.relocate(added.film.id, FilmSource(Path("/b")), "bb")
    assert catalogue.film(added.film.id) == added.film


def test_if_one_film_cannot_be_stored_none_of_its_group_is(catalogue: Catalogue) -> None:
    impossible = replace(new_film("/b", "bb"), shape=(2**70, 1))  # larger than SQLite's integers
    with pytest.raises(OverflowError):
        catalogue.add_films([new_film("/a", "aa"), impossible])
    assert catalogue.studies(None) == []
