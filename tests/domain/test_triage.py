"""The order in which films are read, and what never happens to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.prediction import Grade, ImageCheck, Prediction
from cxr_desktop.domain.triage import Band, band_of, triage
from cxr_desktop.domain.worklist import Film, FilmSource, Study

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OUT = ImageCheck("lungs", Grade.OUT_OF_SCOPE, "No lungs found")
WARNING = ImageCheck("exposure", Grade.WARNING, "Little contrast")


def judged(probability: float, *checks: ImageCheck) -> Prediction:
    return Prediction("model", "1", probability, probability, 0.6, checks)


NOT_JUDGED = Prediction("model", "1", 0.99, None, 0.6, (OUT,))


def film(
    id: int, prediction: Prediction | None = None, problem: str = "", view: str = "PA", hours: float = 0
) -> Film:
    return Film(
        id,
        id,
        FilmSource(Path(f"{id}.dcm")),
        FilmHeader(view_position=view),
        (10, 10),
        NOW - timedelta(hours=hours),
        problem=problem,
        prediction=prediction,
    )


def studies(*films: Film) -> list[Study]:
    return [Study(each.id, (each,)) for each in films]


def ids(films: tuple[Film, ...]) -> list[int]:
    return [each.id for each in films]


def test_the_most_suspicious_film_is_read_first() -> None:
    queue = triage(studies(film(1, judged(0.2)), film(2, judged(0.9)), film(3, judged(0.5))), NOW)
    assert ids(queue.ranked) == [2, 3, 1]


def test_a_warning_leaves_a_film_in_its_rank() -> None:
    queue = triage(studies(film(1, judged(0.2)), film(2, judged(0.9, WARNING))), NOW)
    assert ids(queue.ranked) == [2, 1]
    assert queue.pinned == ()


def test_out_of_scope_and_unreadable_films_are_pinned_and_never_ranked() -> None:
    queue = triage(studies(film(1, NOT_JUDGED), film(2, problem="empty file"), film(3, judged(0.1))), NOW)
    assert ids(queue.pinned) == [2, 1]
    assert ids(queue.ranked) == [3]


def test_a_side_view_is_not_pinned_when_its_study_has_a_judged_frontal_film() -> None:
    lateral, frontal = film(1, NOT_JUDGED, view="LL"), film(2, judged(0.4))
    assert triage([Study(1, (lateral, frontal))], NOW).pinned == ()
    assert ids(triage([Study(1, (lateral,))], NOW).pinned) == [1]
    unjudged_frontal = film(2, NOT_JUDGED)
    assert ids(triage([Study(1, (lateral, unjudged_frontal))], NOW).pinned) == [2, 1]


def test_an_unreadable_film_stays_pinned_beside_a_judged_one() -> None:
    queue = triage([Study(1, (film(1, problem="truncated"), film(2, judged(0.4))))], NOW)
    assert ids(queue.pinned) == [1]


def test_a_read_study_leaves_the_queue() -> None:
    queue = triage([Study(1, (film(1, judged(0.9)),), read_at=NOW)], NOW)
    assert queue.ranked == ()


def test_a_film_over_the_waiting_cap_goes_first_the_longest_wait_leading() -> None:
    rows = studies(film(1, judged(0.9)), film(2, judged(0.1), hours=30), film(3, judged(0.2), hours=40))
    queue = triage(rows, NOW, waiting_cap=timedelta(hours=24))
    assert ids(queue.ranked) == [3, 2, 1]
    assert queue.overdue == {2, 3}
    assert ids(triage(rows, NOW).ranked) == [1, 3, 2]


def test_bands_say_what_the_reader_may_conclude() -> None:
    assert band_of(film(1, judged(0.6))) is Band.SUSPECTED
    assert band_of(film(1, judged(0.59))) is Band.NOT_SUSPECTED
    assert band_of(film(1, NOT_JUDGED)) is Band.NOT_JUDGED
    assert band_of(film(1, problem="x")) is Band.UNREADABLE
    assert band_of(film(1)) is Band.WAITING


predictions = st.one_of(st.none(), st.just(NOT_JUDGED), st.floats(0, 1).map(judged))
rows = st.lists(
    st.tuples(predictions, st.booleans(), st.sampled_from(["PA", "LL"]), st.floats(0, 100)), max_size=12
)


@given(rows, st.one_of(st.none(), st.just(timedelta(hours=24))))
def test_no_unread_film_is_ever_lost_and_none_stands_twice(
    specs: list[tuple[Prediction | None, bool, str, float]], cap: timedelta | None
) -> None:
    films = [
        film(n, None if bad else prediction, "damaged" if bad else "", view, hours)
        for n, (prediction, bad, view, hours) in enumerate(specs)
    ]
    queue = triage(studies(*films), NOW, cap)
    shown = ids((*queue.pinned, *queue.ranked, *queue.waiting))
    assert sorted(shown) == [each.id for each in films]
    rest = [each.probability or 0.0 for each in queue.ranked if each.id not in queue.overdue]
    assert rest == sorted(rest, reverse=True)
