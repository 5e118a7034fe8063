"""Names in the order in which people expect them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.natural_order import fold, natural_key


@given(st.text())
def test_folding_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_numbers_count_by_their_value_and_neither_case_nor_accents_matter() -> None:
    names = ["film10.png", "Film2.png", "árbol.png", "film002b.png", "9.png"]
    assert sorted(names, key=natural_key) == ["9.png", "árbol.png", "Film2.png", "film002b.png", "film10.png"]


@given(st.lists(st.text(alphabet="a1é²٣ -", max_size=8)))
def test_any_names_have_one_order_however_they_came(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


def test_a_name_of_five_thousand_figures_is_a_name_like_any_other() -> None:
    # Python refuses to make a number of more than 4,300 figures; a member of an archive may have 65,535.
    assert natural_key("9" * 5000) > natural_key("1")
