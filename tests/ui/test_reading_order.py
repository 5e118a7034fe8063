"""What comes next in the queue."""

from __future__ import annotations

import pytest

from cxr_desktop.domain.triage import TriageQueue
from cxr_desktop.domain.worklist import Study
from cxr_desktop.ui.reading_order import following, neighbour, position_text
from tests.ui.worklist_examples import film, prediction

PINNED = film(9, problem="It is empty.")
FIRST, SECOND, THIRD = (film(n, judged=prediction(1 - n / 10)) for n in (1, 2, 3))
QUEUE = TriageQueue((PINNED,), (FIRST, SECOND, THIRD), ())


@pytest.mark.parametrize(
    ("film_id", "step", "expected"),
    [(9, 1, FIRST), (1, 1, SECOND), (1, -1, PINNED), (3, 1, None), (9, -1, None)],
)
def test_the_pinned_films_stand_before_the_ranked_ones(film_id: int, step: int, expected: object) -> None:
    assert neighbour(QUEUE, film_id, step, unasked=False) is expected


def test_from_a_film_that_nobody_chose_reading_begins_with_the_most_suspicious() -> None:
    assert neighbour(QUEUE, 3, 1, unasked=True) is FIRST
    assert following(QUEUE, 1, unasked=True) == [SECOND, THIRD, PINNED]


def test_from_a_film_that_was_read_the_queue_begins_anew() -> None:
    assert neighbour(QUEUE, 77, 1, unasked=False) is PINNED
    assert neighbour(TriageQueue((), (), ()), 77, 1, unasked=False) is None


def test_after_the_last_film_comes_what_was_left_out_before_it() -> None:
    assert following(QUEUE, 2, unasked=False) == [THIRD, PINNED, FIRST]
    assert following(QUEUE, 9, unasked=False) == [FIRST, SECOND, THIRD]


def test_the_corner_says_where_a_film_stands() -> None:
    study = Study(1, (FIRST, film(4, study_id=1)))
    assert position_text(QUEUE, study, 1) == "study: film 1 of 2\n2 of 4 to read"
    assert position_text(QUEUE, Study(7, (film(7),), FIRST.added_at), 7) == "read"
    assert position_text(QUEUE, None, None) == ""
