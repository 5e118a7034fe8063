"""A comparison in words: nothing of it is left out, and each figure says what it means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.compared_kinds import FilmKind, change_in_words, films_of_kind
from cxr_desktop.domain.comparison import ComparedFilm, Verdict
from cxr_desktop.domain.comparison_page import (
    advice,
    comparison_page,
    flips_in_words,
    headline,
    point_in_words,
    short_names,
)
from cxr_desktop.domain.model_page import page_as_markdown
from tests.domain.two_models import FILMS, POINT, comparison


def text() -> str:
    return " ".join(page_as_markdown(comparison_page(comparison())).replace("\u00a0", " ").split())


@pytest.mark.parametrize(
    "words",
    [
        "AUC is higher, by 0.050 (0.020 to 0.080).",
        "2 films of 4 were locked after mine was trained.",
        "0.900 (0.870–0.930)",
        "+0.050 (+0.020 to +0.080)",
        "recall at a specificity of 90 %",
        "heat that lies on lung",
        "1 found",
        "1 false alarm",
        "“sensitive”: suspected from 20 %",
        "given PNEUMONIA",
        "50 % to 100 %",
        "predicted, on average",
        "95 %",
        "age 1 to 5 y",
        "blanking the border",
        "2 films that xception did not judge",
        "1 × A side view",
        "How the verdict is found",
    ],
)
def test_everything_that_was_found_is_told(words: str) -> None:
    assert words in text()


def test_a_sex_is_told_in_words() -> None:
    group = replace(comparison().subgroups[0], kind="sex", name="F")
    told = page_as_markdown(comparison_page(replace(comparison(), subgroups=(group,))))
    assert "| female patients |" in told


def test_no_films_name_stands_on_the_page() -> None:
    assert "/films" not in text()  # it may be copied into a mail


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_says_what_to_do(verdict: Verdict) -> None:
    assert headline(verdict) and advice(verdict).endswith(".")
    assert ("do not switch" in headline(verdict)) == (verdict is Verdict.WORSE)


def test_parts_that_nobody_measured_are_left_out() -> None:
    bare = replace(
        comparison(),
        now=replace(comparison().now, shortcuts=(), labels=None),
        new=replace(comparison().new, shortcuts=(), labels=None),
        not_compared=(),
    )
    titles = [section.title for section in comparison_page(bare).sections]
    assert not {"Labels", "Lungs and shortcuts", "Not compared"} & set(titles)
    assert {"In short", "Groups of films"} <= set(titles)


def test_flips_are_counted_for_better_and_worse() -> None:
    assert flips_in_words(comparison()) == "2 verdicts change, 1 to right and 1 to wrong"
    assert flips_in_words(replace(comparison(), films=FILMS[2:])) == "No verdict changes"


def test_verdicts_are_told_with_the_operating_point_that_they_follow() -> None:
    assert "at the operating point “balanced”" in text()
    now = comparison().now
    other = replace(comparison(), now=replace(now, points=now.points[::-1]))
    assert point_in_words(other) == "at the operating points “sensitive” of xception and “balanced” of mine"


def test_two_versions_of_one_model_are_told_apart_by_their_version() -> None:
    newer = replace(comparison().new, id="xception", version="2.0")
    assert short_names(comparison()) == ("xception", "mine")
    assert short_names(replace(comparison(), new=newer)) == ("1.0", "2.0")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (FilmKind.FLIPS, ["better", "worse"]),
        (FilmKind.MISSED, ["missed"]),
        (FilmKind.FALSE_ALARMS, ["worse"]),
        (FilmKind.WRONG_NOW, ["missed", "better"]),
        (FilmKind.RIGHT, ["better", "right"]),
        (FilmKind.ALL, ["missed", "worse", "better", "right"]),
    ],
)
def test_films_are_sorted_into_kinds_the_worst_fitting_first(kind: FilmKind, names: list[str]) -> None:
    films = films_of_kind(comparison(), kind)
    assert [film.film.removeprefix("/films/").removesuffix(".png") for film in films] == names


@given(
    st.lists(
        st.builds(
            lambda name, suspicious, now, new: ComparedFilm(
                name, "", suspicious, (now, new), (now >= POINT, new >= POINT)
            ),
            st.text(),
            st.booleans(),
            st.floats(0, 1),
            st.floats(0, 1),
        )
    )
)
def test_each_film_is_right_missed_or_a_false_alarm_and_never_two_of_them(films: list[ComparedFilm]) -> None:
    result = replace(comparison(), films=tuple(films))
    parts = [films_of_kind(result, kind) for kind in (FilmKind.RIGHT, FilmKind.MISSED, FilmKind.FALSE_ALARMS)]
    assert sum(map(len, parts)) == len(films) == len(films_of_kind(result, FilmKind.ALL))
    becomes = [change_in_words(film).startswith("becomes") for film in films]
    assert sum(becomes) == len(result.flips)


def test_what_a_switch_changes_for_a_film_is_said_in_two_words() -> None:
    assert [change_in_words(film) for film in FILMS] == [
        "becomes right",
        "becomes wrong",
        "wrong in both",
        "right in both",
    ]
