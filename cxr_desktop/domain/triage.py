"""What to read first.

Films that must not be judged are never ranked and never last on the screen: they stand in a counted strip
of their own. A film that has waited longer than the cap goes first, because sorting by suspicion alone
lets the least suspicious wait for ever (Baltruschat et al., PMC8128725).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def order_films(films: Iterable[Film]) -> list[Film]:
    """Most suspicious first; what was not judged last (as printed tables and CSV want it).

    Equal probabilities keep the order in which the films came.
    """
    return sorted(films, key=lambda film: (film.probability is None, -(film.probability or 0.0), film.id))


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
        has_judged_frontal = any(f.probability is not None and not f.header.is_lateral for f in study.films)
        for film in study.films:
            match band_of(film):
                case Band.WAITING:
                    waiting.append(film)
                case Band.UNREADABLE:
                    pinned.append(film)
                case Band.NOT_JUDGED:
                    # A side view is read together with its study's judged frontal film.
                    if not (film.header.is_lateral and has_judged_frontal):
                        pinned.append(film)
                case _:
                    ranked.append(film)
    overdue = [f for f in ranked if waiting_cap is not None and now - f.added_at > waiting_cap]
    overdue_ids = frozenset(film.id for film in overdue)
    rest = order_films(film for film in ranked if film.id not in overdue_ids)
    return TriageQueue(
        pinned=tuple(sorted(pinned, key=lambda film: -film.id)),
        ranked=(*sorted(overdue, key=lambda film: (film.added_at, film.id)), *rest),
        waiting=tuple(sorted(waiting, key=lambda film: -film.id)),
        overdue=overdue_ids,
    )
