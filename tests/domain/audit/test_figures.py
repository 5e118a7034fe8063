"""Numbers of films as bars: by side, by span, by what their headers say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.figures import Figure, fact_bars, film_bars
from cxr_desktop.domain.labelled_films import LabelledFilm, Side


def fact(label: str, width: int = 100, view: str = "", age: float | None = None) -> FilmFacts:
    return FilmFacts(
        LabelledFilm(Path(f"{label}{width}{view}.png"), label),
        "PNG", 1000, (100, width), (0, 255), (0.1, 0.9), "", np.zeros(256, np.bool_), (), (),
        view=view, age_years=age,
    )  # fmt: skip


def test_films_are_counted_by_side_and_class() -> None:
    films = [LabelledFilm(Path(name), name, side) for name, side in (("a", Side.TRAIN), ("b", Side.TEST))]
    assert film_bars([*films, LabelledFilm(Path("c"), "a")]) == {
        "train": {"a": 1},
        "test": {"b": 1},
        "no side": {"a": 1},
    }


def test_a_number_is_spread_over_spans_in_percent_of_each_class() -> None:
    bars = fact_bars(Figure.WIDTH, [fact("a", 100), fact("a", 220), fact("b", 100), fact("b", 101)])
    assert next(iter(bars)) == "100" and len(bars) == 12
    assert bars["100"] == {"a": 50, "b": 100}
    for label in ("a", "b"):
        assert sum(group[label] for group in bars.values()) == pytest.approx(100)
    assert fact_bars(Figure.HEIGHT, [fact("a"), fact("b")]) == {"100": {"a": 100, "b": 100}}


def test_what_no_film_tells_has_no_bars_and_rare_words_stand_together() -> None:
    assert fact_bars(Figure.VIEW, [fact("a")]) == {} == fact_bars(Figure.AGE, [fact("a")])
    films = [fact("a", view="AP"), fact("a", view="AP"), *(fact("b", view=f"V{n}") for n in range(9))]
    bars = fact_bars(Figure.VIEW, films)
    assert bars["AP"] == {"a": 100, "b": 0}
    assert bars["others"]["b"] == pytest.approx(100 * 2 / 9)
