"""Figures and times as the reader sees them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.prediction import LabelScore
from cxr_desktop.domain.triage import Band
from cxr_desktop.domain.wording import (
    age_sex_text,
    counted,
    date_text,
    date_time_text,
    duration_text,
    headline,
    label_scores_text,
    local_time,
    percent_text,
    probability_text,
    views_text,
)

probabilities = st.floats(0, 1)


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "<1 %"),
        (0.004, "<1 %"),
        (0.01, "1 %"),
        (0.62, "62 %"),
        (0.99, "99 %"),
        (0.996, ">99 %"),
        (1.0, ">99 %"),
    ],
)
def test_a_probability_is_never_shown_as_certain(probability: float, text: str) -> None:
    assert percent_text(probability).replace("\u00a0", " ") == text


@given(probabilities, probabilities)
def test_a_probability_beside_the_operating_point_is_told_from_it(probability: float, point: float) -> None:
    shown = probability_text(probability, point)
    for decimals in (0, 1):
        if len(shown.partition(".")[2].rstrip("\u00a0%")) > decimals:
            assert percent_text(probability, decimals) == percent_text(point, decimals)
    if (
        abs(probability - point) > 0.0102
        and min(probability, point) > 0.01
        and max(probability, point) < 0.99
    ):
        assert "." not in shown


def test_just_below_the_operating_point_does_not_read_like_it() -> None:
    assert probability_text(0.618, 0.62).replace("\u00a0", " ") == "61.8 %"


def test_every_band_has_its_headline_and_none_says_normal() -> None:
    said = [headline(band, "pneumonia") for band in Band]
    assert len(set(said)) == len(Band)
    assert not any("normal" in each.lower() for each in said)


def test_the_headline_says_what_the_model_looks_for() -> None:
    assert headline(Band.SUSPECTED, "covid") == "Suspected covid"
    assert headline(Band.NOT_SUSPECTED, "covid") == "No covid suspected"
    assert headline(Band.SUSPECTED, "suspicious") == "Suspicious"
    assert headline(Band.NOT_SUSPECTED, "suspicious") == "Not suspicious"


def test_dates_name_the_month_so_that_no_country_misreads_them() -> None:
    assert date_text(date(2026, 3, 4)).replace("\u00a0", " ") == "4 Mar 2026"
    assert date_time_text(datetime(2026, 11, 21, 8, 5)).replace("\u00a0", " ") == "21 Nov 2026 08:05"


def test_a_moment_with_a_time_zone_becomes_local_and_comparable() -> None:
    moment = datetime(2026, 11, 21, 8, 5, tzinfo=UTC)
    assert local_time(moment).tzinfo is None
    assert local_time(moment).astimezone(UTC) == moment
    assert local_time(datetime(2026, 1, 1)) == datetime(2026, 1, 1)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=-3), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=26, minutes=10), "26 h"),
        (timedelta(hours=72), "3 d"),
    ],
)
def test_waiting_is_told_in_the_largest_fitting_unit(span: timedelta, text: str) -> None:
    assert duration_text(span).replace("\u00a0", " ") == text


def test_views_are_named_once_each_in_their_order() -> None:
    headers = [FilmHeader(view_position=view) for view in ("pa", "LL", "", "PA")]
    assert views_text(headers) == "PA, LL"


def test_age_and_sex_stand_together_as_far_as_known() -> None:
    assert age_sex_text(FilmHeader(age_years=4.2, sex="F")) == "4 y F"
    assert age_sex_text(FilmHeader(sex="M")) == "M"
    assert age_sex_text(FilmHeader()) == ""


def test_label_scores_are_told_the_greatest_first_and_never_as_calibrated() -> None:
    scores = (LabelScore("VIRUS", 0.307), LabelScore("NORMAL", 0.002), LabelScore("Lobar", 0.691))
    text = label_scores_text(scores).replace("\u00a0", " ")
    assert text == "Uncalibrated shares: lobar 69 % · virus 31 % · normal <1 %"
    assert label_scores_text(()) == ""


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(n, "film", "films") for n in (0, 1, 1000)] == ["0 films", "1 film", "1,000 films"]
    assert counted(2, "study", "studies") == "2 studies"
