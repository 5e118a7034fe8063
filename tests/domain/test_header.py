"""Names and ages as a reader expects them."""

from __future__ import annotations

import pytest

from cxr_desktop.domain.header import FilmHeader, PersonName, age_text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (PersonName("Buc^Jérôme"), "Buc, Jérôme"),
        (PersonName("Yamada^Tarou", "山田^太郎", "やまだ^たろう"), "Yamada, Tarou (山田 太郎)"),
        (PersonName("", "山田^太郎"), "山田 太郎"),
        (PersonName("", "", "やまだ^たろう"), "やまだ たろう"),
        (PersonName("Adams^John Robert Quincy^^Rev.^B.A."), "Adams, John Robert Quincy Rev. B.A."),
        (PersonName("OB^^^^"), "OB"),
        (PersonName(), ""),
    ],
)
def test_a_person_name_reads_as_written_by_hand(name: PersonName, shown: str) -> None:
    assert str(name) == shown


@pytest.mark.parametrize(
    ("years", "shown"),
    [(None, ""), (3 / 365.25, "3 d"), (0.5, "6 mo"), (1.5, "18 mo"), (4.99, "4 y"), (41.0, "41 y")],
)
def test_ages_of_children_are_told_in_days_and_months(years: float | None, shown: str) -> None:
    assert age_text(years) == shown


@pytest.mark.parametrize(
    ("view", "lateral"), [("PA", False), ("AP", False), ("", False), ("LL", True), ("lateral", True)]
)
def test_side_views_are_recognised(view: str, lateral: bool) -> None:
    assert FilmHeader(view_position=view).is_lateral is lateral


def test_a_table_completes_a_header_and_never_contradicts_it() -> None:
    header = FilmHeader(view_position="PA ", age_years=0.0)
    told = header.completed("AP", 40.0, "F")
    assert (told.view_position, told.age_years, told.sex) == ("PA", 0.0, "F")
    told = FilmHeader().completed("AP", 40.0, "F")
    assert (told.view_position, told.age_years, told.sex) == ("AP", 40.0, "F")
