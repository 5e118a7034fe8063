"""Two models on parts of the films."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.comparison import Verdict
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.training import subgroups
from cxr_desktop.training.subgroups import age_band, subgroup_figures


@pytest.mark.parametrize(
    ("age", "band"),
    [(0.99, "0 y"), (1, "1 to 5 y"), (5.9, "1 to 5 y"), (40, "40 to 64 y"), (99, "65 y and older")]
)  # fmt: skip
def test_an_age_falls_into_one_band(age: float, band: str) -> None:
    assert age_band(age) == band


def test_a_part_where_the_new_model_fails_is_told_though_it_is_as_good_elsewhere() -> None:
    count = 200
    suspicious = np.arange(count) % 2 == 0
    headers = [
        FilmHeader(
            view_position="PA" if index < 100 else "ap ", age_years=30.0, sex="F" if index < 6 else "M"
        )
        for index in range(count)
    ]
    random = np.random.default_rng(3)
    now = suspicious + random.normal(0, 0.6, count)
    new = np.where(np.arange(count) < 100, now, random.normal(size=count))
    parts = subgroup_figures(headers, suspicious, now, new)
    # All are of one age, and six women are too few.
    assert [(each.kind, each.name, each.films, each.suspicious) for each in parts] == [
        ("sex", "M", 194, 97),
        ("view", "AP", 100, 50),
        ("view", "PA", 100, 50),
    ]
    _, ap, pa = parts
    assert ap.verdict is Verdict.WORSE and ap.difference.high < 0
    assert pa.verdict is Verdict.NO_EVIDENCE and pa.difference.value == 0


def test_ages_stand_from_the_youngest_on_whatever_they_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subgroups, "_AGE_BANDS", ((0, "under 40"), (40, "from 40 on"), (65, "above 64")))
    suspicious = np.arange(180) % 2 == 0
    headers = [FilmHeader(age_years=(70.0, 50.0, 30.0)[index // 60]) for index in range(180)]
    scores = np.linspace(0, 1, 180)
    parts = subgroup_figures(headers, suspicious, scores, scores)
    assert [each.name for each in parts] == ["under 40", "from 40 on", "above 64"]


def test_films_that_tell_nothing_of_themselves_have_no_parts() -> None:
    suspicious = np.arange(100) % 2 == 0
    scores = np.linspace(0, 1, 100)
    assert subgroup_figures([FilmHeader()] * 100, suspicious, scores, scores) == ()
