"""Films stay at hand within a bound of bytes, and none is taken for another."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.workers.radiograph_cache import RadiographCache, footprint
from tests.workers.rows import radiograph


def place(number: int) -> FilmSource:
    return FilmSource(Path(f"{number}.png"))


def test_a_film_just_read_is_at_hand_for_scoring() -> None:
    cache, film = RadiographCache(), radiograph(3)
    cache.put(place(1), "abc", film)
    assert cache.get(place(1), "abc") is film


def test_what_was_written_over_a_film_is_never_taken_for_it() -> None:
    cache, first, second = RadiographCache(), radiograph(1), radiograph(2)
    cache.put(place(1), "first", first)
    cache.put(place(1), "second", second)
    assert cache.get(place(1), "first") is first
    assert cache.get(place(1), "second") is second
    assert cache.get(place(2), "first") is None


def test_one_film_larger_than_the_bound_is_still_held() -> None:
    cache = RadiographCache(limit_bytes=10)
    for number in (1, 2):
        cache.put(place(number), "abc", radiograph(side=64))
    assert cache.get(place(1), "abc") is None
    assert cache.get(place(2), "abc") is not None


@given(st.lists(st.integers(0, 9), max_size=40))
def test_the_bound_holds_and_the_last_films_are_kept(numbers: list[int]) -> None:
    cache = RadiographCache(limit_bytes=3 * footprint(radiograph()))
    for number in numbers:
        if cache.get(place(number), "abc") is None:
            cache.put(place(number), "abc", radiograph())
    recent = list(dict.fromkeys(reversed(numbers)))[:3]
    assert {n for n in range(10) if cache.get(place(n), "abc") is not None} == set(recent)
