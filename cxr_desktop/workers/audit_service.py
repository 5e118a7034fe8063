"""Labelled films looked at beside the window: figures and problems first, the slower image checks after."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cxr_desktop.domain.audit.facts import Checked, FilmFacts, Unreadable
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.domain.progress import Progress
from cxr_desktop.workers.file_stamp import Stamp, file_stamp
from cxr_desktop.workers.lane import Lane

Seen = FilmFacts | Unreadable

# Progress is told at most so often, in seconds: a thousand films are read in a second or two.
_TELL_EVERY = 0.1
# Films are judged anew so long after the reader's last choice: several are often left out in a row.
_JUDGED_AFTER_MS = 250


class Auditor(Protocol):
    """What is asked of films, on the service's threads; each may raise CxrError."""

    def look(self, films: Sequence[LabelledFilm]) -> Generator[Seen, None, None]:
        """Decodes films; what each gave, as it comes. Closing it gives up the rest."""

    def check(self, films: Sequence[LabelledFilm]) -> Generator[Checked, None, None]:
        """What the image checks say of films, likewise."""

    def judge(
        self, found: FoundFilms, seen: Sequence[Seen], checked: Sequence[Checked], choice: AuditChoice
    ) -> AuditReport:
        """What is wrong with films that were decoded."""


class AuditService(QObject):
    """Two threads: one reads and judges films, the other one asks the image checks of those that can be read.

    What came of a film is kept while it is among those that are looked at and its file stays as it is; what
    was broken off goes on where it was.

    Signals:
        progress_changed: how far the reading is.
        reported: what is wrong with the films by the last choice; the same object where nothing changed.
        checks_changed: how far the image checks are.
        checked: the report that all image checks are in; comes after `reported`.
        failed: why films could not be read or judged.
        checks_failed: why the image checks could not be asked.
    """

    progress_changed = Signal(object)  # Progress
    reported = Signal(object)  # AuditReport
    checks_changed = Signal(object)  # Progress
    checked = Signal(object)  # AuditReport
    failed = Signal(str)
    checks_failed = Signal(str)
    _judged = Signal(int, object, object, bool)
    _all_checked = Signal(int)

    def __init__(self, auditor: Auditor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._auditor = auditor
        # Shared by the threads, under the reading lane's lock:
        self._number = 0  # of the films that are looked at; what belongs to others is dropped
        self._found: FoundFilms | None = None
        self._choice = AuditChoice()
        self._is_to_look = self._is_to_judge = self._wants_checks = False
        self._to_check: tuple[LabelledFilm, ...] | None = None
        self._checked: dict[Path, Checked] = {}
        # The reading thread's own:
        self._facts: dict[Path, tuple[Stamp | None, FilmFacts]] = {}
        self._seen: tuple[Seen, ...] | None = None  # of the films that are looked at
        self._last: tuple[object, AuditReport] | None = None  # what was judged, and the report
        self._reading = Lane("audit", self._read, self)
        self._checking = Lane("image checks", self._check, self)
        self._reading.failed.connect(self.failed)
        self._checking.failed.connect(self.checks_failed)
        self._judged.connect(self._take_report)
        self._all_checked.connect(self._take_checks)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_JUDGED_AFTER_MS)
        self._later.timeout.connect(self._judge_now)

    def look(self, found: FoundFilms, choice: AuditChoice, checks: bool = True) -> None:
        """Reads films, in place of those that were looked at before; of the same ones, those whose files are
        others now or could not be read. What already runs for the same films goes on.

        Args:
            checks: whether the image checks are to follow.
        """
        with self._reading.lock:
            if found != self._found:
                self._number += 1
                self._found, self._to_check = found, None
            self._choice = choice
            self._wants_checks = checks
            self._is_to_look = True
        self._reading.wake()

    def judge(self, choice: AuditChoice) -> None:
        """Judges the same films anew, as soon as no other choice follows."""
        with self._reading.lock:
            self._choice = choice
        self._later.start()

    def stop_checks(self) -> None:
        """Ends the image checks; what is known by then stays."""
        with self._reading.lock:
            self._wants_checks, self._to_check = False, None

    def cancel(self) -> None:
        """Ends whatever runs; nothing more is said of it."""
        self._later.stop()
        with self._reading.lock:
            self._number += 1
            self._to_check = None
            self._is_to_look = self._is_to_judge = False

    def close(self) -> None:
        self.cancel()
        for lane in (self._reading, self._checking):
            lane.close()

    # On the reading thread

    def _read(self) -> bool:
        with self._reading.lock:
            number, found = self._number, self._found
            is_to_look, is_to_judge = self._is_to_look, self._is_to_judge
            self._is_to_look = self._is_to_judge = False
        if found is None or not (is_to_look or is_to_judge):
            return False
        if is_to_look or self._seen is None:
            self._seen = None  # until all are read
            self._seen = self._look(found, number)
        with self._reading.lock:
            choice = self._choice
            readable = [each.film for each in self._seen if isinstance(each, FilmFacts)]
            checked = [
                replace(self._checked[film.path], film=film)
                for film in readable
                if film.path in self._checked
            ]
        report = self._report(found, self._seen, checked, choice)
        self._judged.emit(number, choice, report, len(checked) == len(readable))
        return True

    def _look(self, found: FoundFilms, number: int) -> tuple[Seen, ...]:
        stamps = {film.path: file_stamp(film.path) for film in found.films}
        self._facts = {
            path: kept
            for path, stamp in stamps.items()
            if stamp is not None and (kept := self._facts.get(path)) is not None and kept[0] == stamp
        }
        with self._reading.lock:
            self._checked = {path: each for path, each in self._checked.items() if path in self._facts}
        new = [film for film in found.films if film.path not in self._facts]
        unreadable: dict[Path, Unreadable] = {}  # not kept: they may be readable the next time
        if new:
            tell = self._telling(self.progress_changed.emit, len(new))
            with closing(self._auditor.look(new)) as results:
                for done, each in enumerate(results, start=1):
                    if number != self._number:
                        raise Cancelled
                    if isinstance(each, Unreadable):
                        unreadable[each.film.path] = each
                    else:
                        self._facts[each.film.path] = (stamps[each.film.path], each)
                    tell(done)
        return tuple(unreadable.get(film.path) or self._facts_of(film) for film in found.films)

    def _facts_of(self, film: LabelledFilm) -> FilmFacts:
        """What is kept of a film, which may have another class than when it was read."""
        stamp, facts = self._facts[film.path]
        if facts.film != film:
            facts = replace(facts, film=film)
            self._facts[film.path] = (stamp, facts)
        return facts

    def _report(
        self, found: FoundFilms, seen: tuple[Seen, ...], checked: list[Checked], choice: AuditChoice
    ) -> AuditReport:
        judged = (found, seen, checked, choice)
        if self._last is None or self._last[0] != judged:
            self._last = (judged, self._auditor.judge(found, seen, checked, choice))
        return self._last[1]

    # On the checking thread

    def _check(self) -> bool:
        with self._reading.lock:
            number, films, self._to_check = self._number, self._to_check, None
            new = [film for film in films or () if film.path not in self._checked]
        if not new:
            return films is not None
        tell = self._telling(self.checks_changed.emit, len(new))
        with closing(self._auditor.check(new)) as results:
            for done, each in enumerate(results, start=1):
                with self._reading.lock:
                    if number != self._number or not self._wants_checks:
                        raise Cancelled
                    self._checked[each.film.path] = each
                tell(done)
        self._all_checked.emit(number)
        return True

    # On the window's

    def _judge_now(self) -> None:
        with self._reading.lock:
            self._is_to_judge = True
        self._reading.wake()

    @Slot(int, object, object, bool)
    def _take_report(self, number: int, choice: AuditChoice, report: AuditReport, is_checked: bool) -> None:
        if number != self._number or choice != self._choice:
            return
        self.reported.emit(report)
        if is_checked:
            self.checked.emit(report)
            return
        with self._reading.lock:
            if number == self._number and self._wants_checks:
                self._to_check = tuple(each.film for each in report.facts)
        self._checking.wake()

    @Slot(int)
    def _take_checks(self, number: int) -> None:
        if number == self._number:
            self._judge_now()

    def _telling(self, tell: Callable[[Progress], None], of: int) -> Callable[[int], None]:
        """What tells how many films are done."""
        started = time.monotonic()
        told = started
        tell(Progress(0, of, 0))

        def on_progress(done: int) -> None:
            nonlocal told
            now = time.monotonic()
            if done == of or now - told >= _TELL_EVERY:
                told = now
                tell(Progress(done, of, now - started))

        return on_progress
