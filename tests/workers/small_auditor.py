"""An auditor whose films and checks come one by one, and wait where a test wants them to."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from pathlib import Path

from cxr_desktop.domain.audit.facts import Checked
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.domain.prediction import Grade, ImageCheck
from cxr_desktop.training.audit.audit import judge_films
from cxr_desktop.training.audit.facts import facts_of
from cxr_desktop.workers.audit_service import Seen

UPSIDE_DOWN = ImageCheck("orientation", Grade.OUT_OF_SCOPE, "Upside down.")


class Gate:
    """Lets so many through, and holds the next one until it is opened."""

    def __init__(self, free: int) -> None:
        self._free = free
        self.reached = threading.Event()
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    def pass_one(self) -> None:
        if self._free == 0:
            self.reached.set()
            self._opened.wait(120)
        else:
            self._free -= 1


class SmallAuditor:
    """The audit itself; its image checks find films whose names say so upside down.

    Attributes:
        looked_at, asked: the files that were decoded, and those that the checks were asked of.
        problem: why nothing can be looked at; "" where it can.
    """

    def __init__(self) -> None:
        self.looked_at: list[Path] = []
        self.asked: list[Path] = []
        self.looking = Gate(10_000)
        self.checking = Gate(10_000)
        self.problem = ""

    def look(self, films: Sequence[LabelledFilm]) -> Generator[Seen, None, None]:
        if self.problem:
            raise TrainingError(self.problem)
        for film in films:
            self.looking.pass_one()
            self.looked_at.append(film.path)
            yield from facts_of([film])

    def judge(
        self, found: FoundFilms, seen: Sequence[Seen], checked: Sequence[Checked], choice: AuditChoice
    ) -> AuditReport:
        return judge_films(found, seen, checked, choice)

    def check(self, films: Sequence[LabelledFilm]) -> Generator[Checked, None, None]:
        for film in films:
            self.checking.pass_one()
            self.asked.append(film.path)
            yield Checked(film, (UPSIDE_DOWN,) if "overturned" in film.path.name else (), 1)
