"""Films stay at hand within a bound of bytes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.workers.radiograph_cache import RadiographCache, footprint
from tests.workers.rows import radiograph


def source(number: int) -> FilmSource:
    return FilmSource(Path(f"{number}.png"))


def test_a_film_at_hand_is_not_read_again() -> None:
    read: list[FilmSource] = []

    def note(wanted: FilmSource) -> Radiograph:
        read.append(wanted)
        return radiograph()

    cache = RadiographCache(note)
    assert cache.get(source(1)) is cache.get(source(1))
    assert read == [source(1)]


def test_a_film_taken_in_is_at_hand_for_scoring() -> None:
    cache = RadiographCache(lambda _: radiograph())
    film = radiograph(3)
    cache.put(source(1), film)
    assert cache.get(source(1)) is film


def test_one_film_larger_than_the_bound_is_still_held() -> None:
    cache = RadiographCache(lambda _: radiograph(side=64), limit_bytes=10)
    assert cache.get(source(1)) is cache.get(source(1))


@given(st.lists(st.integers(0, 9), max_size=40))
def test_the_bound_holds_and_the_last_films_are_kept(numbers: list[int]) -> None:
    one = footprint(radiograph())
    cache = RadiographCache(lambda _: radiograph(), limit_bytes=3 * one)
    for number in numbers:
        cache.get(source(number))
    recent = list(dict.fromkeys(reversed(numbers)))[:3]
    assert {number for number in range(10) if source(number) in cache} == set(recent)
