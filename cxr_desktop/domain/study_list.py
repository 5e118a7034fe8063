"""The list of studies as a reader arranges it: searched, filtered and ordered.

The functions say what is meant; `StudyList` keeps the arrangement up to date one study at a time, so that
a film that comes in among 10,000 costs a binary search and not a sort.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from cxr_desktop.domain.natural_order import fold, natural_key
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.triage import Band, band_of, is_covered_side_view
from cxr_desktop.domain.wording import date_text, local_time
from cxr_desktop.domain.worklist import Study
from cxr_desktop.language import tr


class StudyFilter(StrEnum):
    """Which studies are listed."""

    ALL = "all"
    UNREAD = "unread"
    SUSPECTED = "suspected"
    CHECK = "check"

    @property
    def words(self) -> str:
        """What the reader sees."""
        return _FILTERS[self]


class StudyOrder(StrEnum):
    """What comes first in the list."""

    NEWEST = "newest"
    ALPHABETICAL = "alphabetical"
    SUSPICION = "suspicion"

    @property
    def words(self) -> str:
        """What the reader sees."""
        return _ORDERS[self]


_FILTERS = {
    StudyFilter.ALL: tr("All"),
    StudyFilter.UNREAD: tr("Unread"),
    StudyFilter.SUSPECTED: tr("Suspected"),
    StudyFilter.CHECK: tr("Check"),
}
_ORDERS = {
    StudyOrder.NEWEST: tr("Newest first"),
    StudyOrder.ALPHABETICAL: tr("Alphabetical"),
    StudyOrder.SUSPICION: tr("Most suspicious first"),
}


def search_text(study: Study) -> str:
    """All that the search box looks in, folded: names, patient ID, accession, dates and file names."""
    header = study.header
    parts = [str(header.patient_name), header.patient_name.phonetic, header.patient_id]
    parts += (film.header.accession_number for film in study.films)
    parts += (film.source.name for film in study.films)
    day = local_time(study.when)
    # The forms in which people type a date; the year has four figures, as in PS3.5 6.2 (DA).
    year, month, dom = f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"
    parts += [
        f"{year}-{month}-{dom}",
        f"{dom}.{month}.{year}",
        f"{dom}/{month}/{year}",
        f"{year}{month}{dom}",
    ]
    parts.append(date_text(day).replace("\u00a0", " "))
    return "\n".join(fold(part) for part in dict.fromkeys(parts))


def words_of(query: str) -> tuple[str, ...]:
    """The folded words of what was typed into the search box."""
    return tuple(fold(query).split())


def is_suspected(study: Study) -> bool:
    """Whether pneumonia is suspected on any film of the study."""
    return any(band_of(film) is Band.SUSPECTED for film in study.films)


def needs_check(study: Study) -> bool:
    """Whether a film of the study is unreadable, not judged or judged with a warning."""
    return any(
        film.status in (Status.CHECK, Status.UNREADABLE) and not is_covered_side_view(film, study)
        for film in study.films
    )


def filters_of(study: Study) -> frozenset[StudyFilter]:
    """The filters that the study passes."""
    passed = {StudyFilter.ALL}
    if study.read_at is None:
        passed.add(StudyFilter.UNREAD)
    if is_suspected(study):
        passed.add(StudyFilter.SUSPECTED)
    if needs_check(study):
        passed.add(StudyFilter.CHECK)
    return frozenset(passed)


def order_key(study: Study, order: StudyOrder) -> tuple[Any, ...]:
    """What to sort by for an order. No two studies share a key: the catalogue's number settles ties."""
    age = -(local_time(study.when) - datetime(1970, 1, 1)).total_seconds()
    match order:
        case StudyOrder.NEWEST:
            return (age, -study.id)
        case StudyOrder.ALPHABETICAL:
            return (natural_key(study.name), age, -study.id)
        case StudyOrder.SUSPICION:
            # As in the triage queue: what must not be judged comes first, what is not scored yet last.
            group = {Band.NOT_JUDGED: 0, Band.UNREADABLE: 0, Band.WAITING: 2}.get(band_of(study.lead), 1)
            return (group, -(study.lead.probability or 0.0), age, -study.id)


@dataclass(frozen=True, eq=False)
class _Entry:
    """A study with what is costly to find out about it."""

    study: Study
    key: tuple[Any, ...]

    @cached_property
    def filters(self) -> frozenset[StudyFilter]:
        return filters_of(self.study)

    @cached_property
    def text(self) -> str:
        return search_text(self.study)

    def holds(self, words: Sequence[str]) -> bool:
        return all(word in self.text for word in words)


class StudyList:
    """Studies under one order, filter and query, kept arranged while studies come, change and go."""

    def __init__(self, order: StudyOrder = StudyOrder.NEWEST) -> None:
        self.order = order
        self.filter = StudyFilter.ALL
        self.query = ""
        self._words: tuple[str, ...] = ()
        self._entries: dict[int, _Entry] = {}  # by study id
        self._listed: list[_Entry] = []  # sorted by key
        self._counts: Counter[StudyFilter] = Counter()

    def __len__(self) -> int:
        """All studies, listed or not."""
        return len(self._entries)

    @property
    def listed(self) -> list[Study]:
        """The studies that pass the filter and hold every word of the query, in order."""
        return [entry.study for entry in self._listed]

    def count(self, chosen: StudyFilter) -> int:
        """How many studies the list would show under a filter, with the query as it stands."""
        return self._counts[chosen]

    def get(self, study_id: int) -> Study | None:
        """A study by its id, listed or not."""
        entry = self._entries.get(study_id)
        return entry.study if entry else None

    def replace(self, studies: Iterable[Study]) -> None:
        """Start anew with these studies."""
        self._entries = {study.id: _Entry(study, order_key(study, self.order)) for study in studies}
        self._arrange()

    def put(self, study: Study) -> None:
        """Add a study, or replace the one of the same id."""
        self.remove(study.id)
        entry = _Entry(study, order_key(study, self.order))
        self._entries[study.id] = entry
        if entry.holds(self._words):
            self._counts.update(entry.filters)
            if self.filter in entry.filters:
                insort(self._listed, entry, key=lambda each: each.key)

    def remove(self, study_id: int) -> None:
        """Take a study out, if it is there."""
        entry = self._entries.pop(study_id, None)
        if entry is not None and entry.holds(self._words):
            self._counts.subtract(entry.filters)
            if self.filter in entry.filters:
                del self._listed[bisect_left(self._listed, entry.key, key=lambda each: each.key)]

    def order_by(self, order: StudyOrder) -> None:
        """Change the order."""
        self.order = order
        self.replace([entry.study for entry in self._entries.values()])

    def show_only(self, chosen: StudyFilter) -> None:
        """Change the filter."""
        self.filter = chosen
        self._arrange()

    def search(self, query: str) -> None:
        """Change what is searched for."""
        self.query = query
        self._words = words_of(query)
        self._arrange()

    def _arrange(self) -> None:
        found = [entry for entry in self._entries.values() if entry.holds(self._words)]
        self._counts = Counter(chosen for entry in found for chosen in entry.filters)
        listed = (entry for entry in found if self.filter in entry.filters)
        self._listed = sorted(listed, key=lambda entry: entry.key)
