"""Taking films in: paths dropped on the window become rows of the worklist."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.workers.lane import Lane

# Rows are stored in groups: one transaction each, shown only after it.
GROUP = 24
GROUP_SECONDS = 0.2


@dataclass(frozen=True)
class Found:
    """Something the paths hold.

    Attributes:
        film: describes it (reads, hashes, draws the thumbnail); None for a file that is no image by name and
            content, which is only counted.
    """

    source: FilmSource
    film: Callable[[], NewFilm] | None


class FilmStore(Protocol):
    """Where films are kept."""

    def store(self, films: Sequence[NewFilm]) -> StoredFilms:
        """Keeps them all in one transaction."""
        ...


@dataclass(frozen=True)
class StoredFilms:
    """What storing a group changed.

    Attributes:
        study_ids: the studies that changed.
        added: films that are new.
        known: films that were there already.
    """

    study_ids: tuple[int, ...]
    added: int
    known: int


@dataclass(frozen=True)
class IntakeSummary:
    """What one intake came to."""

    added: int = 0
    known: int = 0
    unreadable: int = 0
    ignored: int = 0
    cancelled: bool = False

    def sentence(self) -> str:
        """For the status bar."""
        parts = [f"{self.added:,} new film{'s' if self.added != 1 else ''}"]
        if self.known:
            parts.append(f"{self.known:,} known already")
        if self.unreadable:
            parts.append(f"{self.unreadable:,} could not be read")
        if self.ignored:
            parts.append(f"{self.ignored:,} other file{'s' if self.ignored != 1 else ''} left out")
        if self.cancelled:
            parts.append("stopped")
        return " · ".join(parts)


Find = Callable[[Sequence[Path], Callable[[], bool]], Iterator[Found]]


class IntakeService(QObject):
    """Takes paths in on a thread of its own, one request after another."""

    studies_changed = Signal(object)  # tuple of study ids, already stored
    progress_changed = Signal(object)  # Progress
    finished = Signal(object)  # IntakeSummary
    failed = Signal(str)

    def __init__(self, find: Find, store: FilmStore, parent: QObject | None = None) -> None:
        """
        Args:
            find: walks paths and yields what they hold.
            store: keeps films.
        """
        super().__init__(parent)
        self._find = find
        self._store = store
        self._requests: deque[tuple[Path, ...]] = deque()
        self._cancelled = False
        self._lane = Lane("intake", self._turn, self)
        self._lane.failed.connect(self.failed)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Adds what the paths hold to the worklist."""
        with self._lane.lock:
            self._cancelled = False
            self._requests.append(tuple(paths))
        self._lane.wake()

    def cancel(self) -> None:
        """Stops; what is stored already stays."""
        with self._lane.lock:
            self._cancelled = True
            self._requests.clear()

    def close(self) -> None:
        self.cancel()
        self._lane.close()

    def _stopped(self) -> bool:
        return self._cancelled or self._lane.closing

    def _turn(self) -> bool:
        with self._lane.lock:
            if not self._requests:
                return False
            paths = self._requests.popleft()
        self.finished.emit(self._take_in(paths))
        return True

    def _take_in(self, paths: Sequence[Path]) -> IntakeSummary:
        started = time.monotonic()
        group: list[NewFilm] = []
        last_stored = started
        added = known = unreadable = ignored = 0

        def store() -> None:
            nonlocal added, known, last_stored
            if group:
                stored = self._store.store(group)
                added, known = added + stored.added, known + stored.known
                group.clear()
                self.studies_changed.emit(stored.study_ids)
            last_stored = time.monotonic()
            self.progress_changed.emit(Progress(added + known, None, last_stored - started))

        try:
            for found in self._find(paths, self._stopped):
                if found.film is None:
                    ignored += 1
                    continue
                film = found.film()
                unreadable += bool(film.problem)
                group.append(film)
                if len(group) >= GROUP or time.monotonic() - last_stored > GROUP_SECONDS:
                    store()
                if self._stopped():
                    break
            store()
        except CxrError as error:
            # The catalogue cannot be written (full disk, say): what was stored stands, the rest did not show.
            self.failed.emit(str(error))
            return IntakeSummary(added, known, unreadable, ignored, cancelled=True)
        return IntakeSummary(added, known, unreadable, ignored, cancelled=self._stopped())
