"""Taking films in: paths dropped on the window become rows of the worklist."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import CxrError, mistake
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.wording import counted
from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.language import tr
from cxr_desktop.workers.lane import Lane

log = logging.getLogger(__name__)

# Rows are stored in groups: one transaction each, shown only after it.
GROUP = 24
GROUP_SECONDS = 0.2
# Before each film it is looked this long what else there is: finding is quick beside reading, so the reader
# soon knows how many films there will be, and the first one does not wait until a large folder is walked.
LOOK_AHEAD_S = 0.03


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
        parts = [counted(self.added, "new film", "new films")]
        if self.known:
            parts.append(tr("{known:,} known already", known=self.known))
        if self.unreadable:
            parts.append(tr("{unreadable:,} could not be read", unreadable=self.unreadable))
        if self.ignored:
            others = counted(self.ignored, "other file", "other files")
            parts.append(tr("{others} left out", others=others))
        if self.cancelled:
            parts.append(tr("stopped"))
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
        self._requests: deque[_Request] = deque()
        self._under_way: _Request | None = None
        self._lane = Lane("intake", self._turn, self)
        self._lane.failed.connect(self.failed)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Adds what the paths hold to the worklist."""
        with self._lane.lock:
            self._requests.append(_Request(tuple(paths)))
        self._lane.wake()

    def cancel(self) -> None:
        """Stops all that was asked for so far; what is stored already stays."""
        with self._lane.lock:
            self._requests.clear()
            if self._under_way is not None:
                self._under_way.is_cancelled = True

    def close(self) -> None:
        self.cancel()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            if not self._requests:
                return False
            request = self._under_way = self._requests.popleft()
        summary = IntakeSummary()
        try:
            summary = self._take_in(request)
        finally:
            self.finished.emit(summary)
        return True

    def _take_in(self, request: _Request) -> IntakeSummary:
        started = time.monotonic()
        group: list[NewFilm] = []
        last_stored = started
        added = known = unreadable = 0

        def is_stopped() -> bool:
            return request.is_cancelled or self._lane.closing

        finder = _Finder(self._find(request.paths, is_stopped))

        def store() -> None:
            nonlocal added, known, last_stored
            if group:
                stored = self._store.store(group)
                added, known = added + stored.added, known + stored.known
                group.clear()
                self.studies_changed.emit(stored.study_ids)
            last_stored = time.monotonic()
            done = added + known
            total = done + len(finder.ahead) if finder.is_through else None
            self.progress_changed.emit(Progress(done, total, last_stored - started))

        store()  # nothing yet: the reader sees at once that it has begun
        try:
            while (source := finder.next()) is not None and not is_stopped():
                film = _described(source)
                unreadable += bool(film.problem)
                group.append(film)
                if len(group) >= GROUP or time.monotonic() - last_stored > GROUP_SECONDS:
                    store()
            store()
        except CxrError as error:
            # The catalogue cannot be written (full disk, say): what was stored stands, the rest did not show.
            self.failed.emit(str(error))
            return IntakeSummary(added, known, unreadable, finder.ignored, cancelled=True)
        return IntakeSummary(added, known, unreadable, finder.ignored, cancelled=is_stopped())


@dataclass(eq=False)
class _Request:
    """Paths that were dropped together."""

    paths: tuple[Path, ...]
    is_cancelled: bool = False


def _described(found: Found) -> NewFilm:
    """A film's description; one film that the program stumbles over must not take the others with it."""
    assert found.film is not None
    try:
        return found.film()
    except Exception as error:
        log.error("a film could not be taken in: %s", mistake(error))
        problem = tr(
            "The program stumbled over this film ({kind}); the log tells where. Start the program again and "
            "open the film alone.",
            kind=type(error).__name__,
        )
        return NewFilm(found.source, problem=problem)


class _Finder:
    """Goes through what was found, ahead of whoever reads it.

    Attributes:
        ahead: films that were found and not taken yet.
        ignored: files found so far that are no images.
        is_through: whether all has been found.
    """

    def __init__(self, found: Iterator[Found]) -> None:
        self.ahead: deque[Found] = deque()
        self.ignored = 0
        self.is_through = False
        self._found = found

    def next(self) -> Found | None:
        """The next film, after a short look ahead; None after the last."""
        until = time.monotonic() + LOOK_AHEAD_S
        while not self.is_through and (not self.ahead or time.monotonic() < until):
            each = next(self._found, None)
            if each is None:
                self.is_through = True
            elif each.film is None:
                self.ignored += 1
            else:
                self.ahead.append(each)
        return self.ahead.popleft() if self.ahead else None
