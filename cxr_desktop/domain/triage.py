"""What to read first.

Films that must not be judged are never ranked and never last on the screen: they stand in a counted strip
of their own. A film that has waited longer than the cap goes first, because sorting by suspicion alone
lets the least suspicious wait for ever (Baltruschat et al., PMC8128725).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.worklist import Film, Study


class Band(StrEnum):
    """A film's place in the triage, in words."""

    SUSPECTED = "suspected pneumonia"
    NOT_SUSPECTED = "no pneumonia suspected"
    NOT_JUDGED = "not judged"
    UNREADABLE = "unreadable"
    WAITING = "waiting to be scored"


def band_of(film: Film) -> Band:
    """The band of a film."""
    if film.status is Status.UNREADABLE:
        return Band.UNREADABLE
    if film.prediction is None:
        return Band.WAITING
    if film.prediction.suspected is None:
        return Band.NOT_JUDGED
    return Band.SUSPECTED if film.prediction.suspected else Band.NOT_SUSPECTED


@dataclass(frozen=True)
class TriageQueue:
    """The unread films in reading order.

    Attributes:
        pinned: unreadable and out-of-scope films, above the ranking, newest first.
        ranked: judged films: those over the waiting cap first (longest wait first), then the most suspicious.
        waiting: films not scored yet, newest first.
        overdue: the ids of the ranked films that go first because of the waiting cap.
    """

    pinned: tuple[Film, ...]
    ranked: tuple[Film, ...]
    waiting: tuple[Film, ...]
    overdue: frozenset[int] = frozenset()


def is_covered_side_view(film: Film, study: Study) -> bool:
    """Whether this is a side view that is not judged, in a study that has a judged frontal film.

    It is read together with that film and needs no eye of its own.
    """
    if not film.header.is_lateral or band_of(film) is not Band.NOT_JUDGED:
        return False
    return any(other.probability is not None and not other.header.is_lateral for other in study.films)


def triage(studies: Sequence[Study], now: datetime, waiting_cap: timedelta | None = None) -> TriageQueue:
    """The queue of the studies that are not read yet.

    Args:
        now: the time against which waiting is measured, comparable with `Film.added_at`.
        waiting_cap: the longest a judged film may wait before it goes first; None: no cap.
    """
    pinned: list[Film] = []
    ranked: list[Film] = []
    waiting: list[Film] = []
    for study in studies:
        if study.read_at is not None:
            continue
        for film in study.films:
            match band_of(film):
                case Band.WAITING:
                    waiting.append(film)
                case Band.UNREADABLE | Band.NOT_JUDGED:
                    if not is_covered_side_view(film, study):
                        pinned.append(film)
                case _:
                    ranked.append(film)
    overdue = [f for f in ranked if waiting_cap is not None and now - f.added_at > waiting_cap]
    overdue_ids = frozenset(film.id for film in overdue)
    rest = [film for film in ranked if film.id not in overdue_ids]
    return TriageQueue(
        pinned=tuple(sorted(pinned, key=lambda film: -film.id)),
        ranked=(
            *sorted(overdue, key=lambda film: (film.added_at, film.id)),
            *sorted(rest, key=lambda film: (-(film.probability or 0.0), film.id)),
        ),
        waiting=tuple(sorted(waiting, key=lambda film: -film.id)),
        overdue=overdue_ids,
    )
