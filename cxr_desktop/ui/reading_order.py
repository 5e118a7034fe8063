"""Where the film in view stands in the queue, and which one comes next. Plain functions over the queue."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_desktop.domain.triage import TriageQueue
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.language import tr


def first_to_show(studies: Sequence[Study]) -> Film:
    """Of studies that came while nobody had chosen a film: the first that can be read, else the first."""
    leads = [study.lead for study in studies]
    return next((film for film in leads if not film.problem), leads[0])


def reading_order(queue: TriageQueue) -> list[Film]:
    """The films to read, as the panel shows them from top to bottom."""
    return [*queue.pinned, *queue.ranked]


def place_of(queue: TriageQueue, film_id: int | None) -> int | None:
    """The position of a film in the reading order, from 0; None: it is not to be read (any more)."""
    return next((n for n, film in enumerate(reading_order(queue)) if film.id == film_id), None)


def following(queue: TriageQueue, film_id: int | None, unasked: bool) -> list[Film]:
    """The queue from behind a film on, then from its start; without that film.

    Args:
        unasked: nobody chose that film, it is the first that came in. That is no place in the queue: reading
            begins with the most suspicious.
    """
    if unasked:
        return [film for film in (*queue.ranked, *queue.pinned) if film.id != film_id]
    order, place = reading_order(queue), place_of(queue, film_id)
    return order if place is None else [*order[place + 1 :], *order[:place]]


def neighbour(queue: TriageQueue, film_id: int | None, step: int, unasked: bool) -> Film | None:
    """The film after (step 1) or before (-1) another; None beyond the ends."""
    order, place = reading_order(queue), place_of(queue, film_id)
    if place is None or (unasked and step > 0):
        # A film that is not in the queue (read already, say): the queue's start is next.
        return next(iter(following(queue, film_id, unasked)), None)
    return order[place + step] if 0 <= place + step < len(order) else None


def position_text(queue: TriageQueue, study: Study | None, film_id: int | None) -> str:
    """For the film's corner, in lines: "study: film 2 of 3", "5 of 80 to read"."""
    parts = []
    if study is not None and len(study.films) > 1:
        number = next((n for n, film in enumerate(study.films, 1) if film.id == film_id), 1)
        parts.append(tr("study: film {number} of {films}", number=number, films=len(study.films)))
    place = place_of(queue, film_id)
    if place is not None:
        parts.append(tr("{place} of {films} to read", place=place + 1, films=len(reading_order(queue))))
    elif study is not None and study.read_at is not None:
        parts.append(tr("read"))
    return "\n".join(parts)
