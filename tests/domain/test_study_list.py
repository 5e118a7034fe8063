"""Searching, filtering and ordering studies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.prediction import Grade, ImageCheck, Prediction
from cxr_desktop.domain.study_list import (
    StudyFilter,
    StudyList,
    StudyOrder,
    filters_of,
    needs_check,
    order_key,
    search_text,
    words_of,
)
from cxr_desktop.domain.worklist import Film, FilmSource, Study

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WARNING = ImageCheck("age", Grade.WARNING, "Age 41 y; the model knows 1 to 5 y")
OUT = ImageCheck("lungs", Grade.OUT_OF_SCOPE, "No two lungs found")


def judged(probability: float | None, *checks: ImageCheck) -> Prediction:
    return Prediction("m", "1", probability or 0.0, probability, 0.5, checks)


def a_film(number: int, **changes: Any) -> Film:
    defaults: dict[str, Any] = {
        "id": number,
        "study_id": number,
        "source": FilmSource(Path(f"film{number}.jpeg")),
        "header": FilmHeader(),
        "shape": (10, 10),
        "added_at": NOON,
    }
    return Film(**{**defaults, **changes})


def a_study(number: int, *films: Film, read: bool = False) -> Study:
    return Study(number, films or (a_film(number),), NOON if read else None)


def header(name: str = "", **rest: Any) -> FilmHeader:
    return FilmHeader(patient_name=PersonName(name), **rest)


def arrange(
    studies: Iterable[Study],
    order: StudyOrder = StudyOrder.NEWEST,
    chosen: StudyFilter = StudyFilter.ALL,
    query: str = "",
) -> list[Study]:
    """What a `StudyList` shows, found the plain way: each study asked, all of them sorted."""
    words = words_of(query)
    listed = [s for s in studies if chosen in filters_of(s) and all(w in search_text(s) for w in words)]
    return sorted(listed, key=lambda study: order_key(study, order))


def finds(query: str, study: Study) -> bool:
    return arrange([study], query=query) == [study]


# Searching


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("jerome", "Buc^Jérôme"),
        ("JÉRÔME BUC", "Buc^Jérôme"),
        ("Buc, Jérôme", "Buc^Jérôme"),
        ("odegaard", "Ødegaard^Liv"),
        ("lukasz kow", "Kowalski^Łukasz"),
        ("STRASSE", "Straße^Jo"),
        ("istanbul", "İstanbul^A"),
    ],
)
def test_a_name_is_found_without_its_case_accents_and_order(typed: str, name: str) -> None:
    assert finds(typed, a_study(1, a_film(1, header=header(name))))


def test_all_three_groups_of_a_name_are_searched() -> None:
    name = PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう")
    study = a_study(1, a_film(1, header=FilmHeader(patient_name=name)))
    assert all(finds(typed, study) for typed in ("tarou yamada", "山田", "たろう"))


def test_every_word_must_occur_but_in_any_field() -> None:
    film = a_film(
        1,
        header=header("Okafor^Ada", patient_id="P-77", accession_number="ACC9"),
        source=FilmSource(Path("a") / "disc.zip", "inner/IMG_0042"),
    )
    study = a_study(1, film)
    assert finds("ada p-77 acc9 img_0042 disc.zip", study)
    assert not finds("ada p-78", study)


@pytest.mark.parametrize(
    "typed", ["2026-11-03", "03.11.2026", "3 nov 2026", "20261103", "03/11/2026", "2026-11"]
)
def test_a_date_is_found_in_the_forms_that_people_type(typed: str) -> None:
    film = a_film(1, header=FilmHeader(study_datetime=datetime(2026, 11, 3, 8)))
    assert finds(typed, a_study(1, film))
    assert not finds(typed, a_study(2, a_film(2, header=FilmHeader(study_datetime=datetime(2025, 10, 4)))))


def test_the_second_film_of_a_study_is_searched_too() -> None:
    assert finds("film8", a_study(1, a_film(7), a_film(8)))


@given(st.text(min_size=1))
def test_whatever_a_patient_is_called_typing_the_name_finds_the_study(name: str) -> None:
    study = a_study(1, a_film(1, header=header(name)))
    assert finds(study.name, study)


# Filtering


def test_a_study_is_suspected_if_one_of_its_films_is() -> None:
    study = a_study(1, a_film(1, prediction=judged(0.1)), a_film(2, prediction=judged(0.5)))
    assert StudyFilter.SUSPECTED in filters_of(study)
    assert StudyFilter.SUSPECTED not in filters_of(a_study(1, a_film(1, prediction=judged(0.49))))


@pytest.mark.parametrize(
    "film",
    [
        a_film(1, problem="The file is empty."),
        a_film(1, prediction=judged(None, OUT)),
        a_film(1, prediction=judged(0.9, WARNING)),
    ],
)
def test_what_is_unreadable_not_judged_or_warned_of_needs_a_check(film: Film) -> None:
    assert needs_check(a_study(1, film))


def test_what_passed_or_waits_needs_no_check() -> None:
    assert not needs_check(a_study(1, a_film(1, prediction=judged(0.9)), a_film(2)))


def test_a_side_view_is_covered_by_a_judged_frontal_film_and_by_nothing_else() -> None:
    side = a_film(2, header=FilmHeader(view_position="LL"), prediction=judged(None, OUT))
    assert not needs_check(a_study(1, a_film(1, prediction=judged(0.9)), side))
    assert needs_check(a_study(1, side))
    assert needs_check(a_study(1, a_film(1), side))
    broken_side = a_film(2, header=FilmHeader(view_position="LL"), problem="The file is empty.")
    assert needs_check(a_study(1, a_film(1, prediction=judged(0.9)), broken_side))


def test_read_studies_leave_the_unread_ones() -> None:
    assert StudyFilter.UNREAD in filters_of(a_study(1))
    assert StudyFilter.UNREAD not in filters_of(a_study(1, read=True))


# Ordering


def test_the_newest_study_comes_first_whether_or_not_its_time_has_a_zone() -> None:
    old = a_study(1, a_film(1, header=FilmHeader(study_datetime=datetime(2004, 1, 1))))
    new = a_study(2, a_film(2, header=FilmHeader(study_datetime=datetime(2026, 12, 24))))
    undated = a_study(3)  # came in on 21 November 2026, with a zone
    assert [s.id for s in arrange([old, undated, new])] == [2, 3, 1]


def test_film_2_precedes_film_10_in_the_alphabet() -> None:
    studies = [
        a_study(n, a_film(n, source=FilmSource(Path(name))))
        for n, name in enumerate(["film10.png", "Film2.png", "árbol.png", "film002b.png", "9.png"])
    ]
    names = [s.name for s in arrange(studies, StudyOrder.ALPHABETICAL)]
    assert names == ["9.png", "árbol.png", "Film2.png", "film002b.png", "film10.png"]


def test_by_suspicion_what_must_not_be_judged_comes_first_and_what_waits_last() -> None:
    studies = [
        a_study(1, a_film(1)),
        a_study(2, a_film(2, prediction=judged(0.2))),
        a_study(3, a_film(3, prediction=judged(0.9))),
        a_study(4, a_film(4, prediction=judged(None, OUT))),
        a_study(5, a_film(5, problem="The file is empty.")),
    ]
    assert [s.id for s in arrange(studies, StudyOrder.SUSPICION)] == [5, 4, 3, 2, 1]


# The list that is kept arranged

films = st.builds(
    lambda probability, problem, name, day: {
        "prediction": None if problem or probability is None else judged(probability),
        "problem": "The file is empty." if problem else "",
        "header": header(name, study_datetime=day and datetime(day.year, day.month, day.day)),
    },
    st.none() | st.floats(0, 1),
    st.booleans(),
    st.sampled_from(["Ada", "Bo", "ada", "Çiğdem"]),
    st.none() | st.dates(date(1990, 1, 1)),
)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 8), films, st.booleans()),
        st.tuples(st.just("remove"), st.integers(1, 8)),
        st.tuples(st.just("order"), st.sampled_from(StudyOrder)),
        st.tuples(st.just("filter"), st.sampled_from(StudyFilter)),
        st.tuples(st.just("search"), st.sampled_from(["", "a", "ada", "1999", "cigdem"])),
    ),
    max_size=25,
)


@given(changes)
def test_a_list_that_is_kept_up_to_date_equals_one_arranged_anew(steps: list[tuple[Any, ...]]) -> None:
    kept, known = StudyList(), {}
    for step in steps:
        match step:
            case ("put", number, film, read):
                known[number] = a_study(number, a_film(number, **film), read=read)
                kept.put(known[number])
            case ("remove", number):
                known.pop(number, None)
                kept.remove(number)
            case ("order", order):
                kept.order_by(order)
            case ("filter", chosen):
                kept.show_only(chosen)
            case ("search", query):
                kept.search(query)
        assert kept.listed == arrange(known.values(), kept.order, kept.filter, kept.query)
        for chosen in StudyFilter:
            assert kept.count(chosen) == len(arrange(known.values(), kept.order, chosen, kept.query))
    assert len(kept) == len(known)


def test_no_two_studies_share_an_order_key() -> None:
    for order in StudyOrder:
        assert order_key(a_study(1), order) != order_key(a_study(2), order)
