"""Labelled films looked at beside the window: figures and problems first, the slower image checks after."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.audit.problems import Problem
from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.lane import Lane

OnProgress = Callable[[int, int], None]
Asked = Callable[[], bool]

# Progress is told at most so often, in seconds: a thousand films are read in a second or two.
_TELL_EVERY = 0.1


class Auditor(Protocol):
    """What is asked of films, on the service's threads; each may raise CxrError, or Cancelled."""

    def look(
        self, films: Sequence[LabelledFilm], on_progress: OnProgress, cancelled: Asked
    ) -> Sequence[FilmFacts | Unreadable]:
        """Decodes films."""

    def judge(self, found: FoundFilms, seen: Sequence[FilmFacts | Unreadable]) -> AuditReport:
        """What is wrong with films that were decoded."""

    def check(
        self, films: Sequence[LabelledFilm], on_progress: OnProgress, cancelled: Asked
    ) -> tuple[Problem, ...]:
        """What the image checks say of films."""


class AuditService(QObject):
    """Two threads: one reads films, the other one asks the image checks of those that could be read.

    Films that were read before are not read again while the service lives.

    Signals:
        progress_changed: how far the reading is.
        reported: the report, without the image checks.
        checks_changed: how far the image checks are.
        checked: what they found; comes after `reported`.
    """

    progress_changed = Signal(object)  # Progress
    reported = Signal(object)  # AuditReport
    checks_changed = Signal(object)  # Progress
    checked = Signal(object)  # tuple[Problem, ...]
    failed = Signal(str)
    _judged = Signal(int, object)
    _found_amiss = Signal(int, object)

    def __init__(self, auditor: Auditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._auditor = auditor
        self._number = 0  # of the newest request; what belongs to an older one is dropped
        self._wanted: FoundFilms | None = None
        self._to_check: tuple[LabelledFilm, ...] | None = None
        self._seen: dict[Path, FilmFacts | Unreadable] = {}  # the reading thread's own
        self._reading = Lane("audit", self._read, self)
        self._checking = Lane("image checks", self._check, self)
        for lane in (self._reading, self._checking):
            lane.failed.connect(self.failed)
        self._judged.connect(self._take_report)
        self._found_amiss.connect(self._take_checks)

    def request(self, found: FoundFilms) -> None:
        """Looks at films, in place of those that were asked about before."""
        with self._reading.lock:
            self._number += 1
            self._wanted = found
        self._reading.wake()

    def cancel(self) -> None:
        """Ends whatever runs; nothing more is said of it."""
        with self._reading.lock:
            self._number += 1
            self._wanted = self._to_check = None

    def close(self) -> None:
        self.cancel()
        for lane in (self._reading, self._checking):
            lane.close()

    def _read(self) -> bool:
        with self._reading.lock:
            number, found, self._wanted = self._number, self._wanted, None
        if found is None:
            return False
        new = [film for film in found.films if film.path not in self._seen]
        if new:
            seen = self._auditor.look(
                new, self._telling(self.progress_changed.emit), lambda: number != self._number
            )
            self._seen |= {each.film.path: each for each in seen}
        # A film may have another class than when it was read.
        seen = [_of(self._seen[film.path], film) for film in found.films]
        self._judged.emit(number, self._auditor.judge(found, seen))
        return True

    def _check(self) -> bool:
        with self._reading.lock:
            number, films, self._to_check = self._number, self._to_check, None
        if films is None:
            return False
        problems = self._auditor.check(
            films, self._telling(self.checks_changed.emit), lambda: number != self._number
        )
        self._found_amiss.emit(number, problems)
        return True

    def _telling(self, tell: Callable[[Progress], None]) -> OnProgress:
        started = time.monotonic()
        told = 0.0

        def on_progress(done: int, of: int) -> None:
            nonlocal told
            now = time.monotonic()
            if done == of or now - told >= _TELL_EVERY:
                told = now
                tell(Progress(done, of, now - started))

        return on_progress

    @Slot(int, object)
    def _take_report(self, number: int, report: AuditReport) -> None:
        if number != self._number:
            return
        self.reported.emit(report)
        with self._reading.lock:
            if number == self._number:
                self._to_check = tuple(each.film for each in report.facts)
        self._checking.wake()

    @Slot(int, object)
    def _take_checks(self, number: int, problems: tuple[Problem, ...]) -> None:
        if number == self._number:
            self.checked.emit(problems)


def _of(seen: FilmFacts | Unreadable, film: LabelledFilm) -> FilmFacts | Unreadable:
    return seen if seen.film == film else replace(seen, film=film)
