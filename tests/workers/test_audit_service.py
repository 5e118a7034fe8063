"""Films are looked at once; the image checks follow, and can be ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity
from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.training.audit.audit import judge_films, look_at_films
from cxr_desktop.workers.audit_service import AuditService, OnProgress
from tests.training.audit.pictures import drawn_films


class SmallAuditor:
    """The audit itself; its image checks find every film upside down once they may."""

    def __init__(self) -> None:
        self.looked_at: list[Path] = []
        self.may_check = threading.Event()
        self.problem = ""

    def look(
        self, films: Sequence[LabelledFilm], on_progress: OnProgress, cancelled: Callable[[], bool]
    ) -> Sequence[FilmFacts | Unreadable]:
        if self.problem:
            raise TrainingError(self.problem)
        self.looked_at += [film.path for film in films]
        return look_at_films(films, 1, on_progress, cancelled)

    def judge(self, found: FoundFilms, seen: Sequence[FilmFacts | Unreadable]) -> AuditReport:
        return judge_films(found, seen)

    def check(
        self, films: Sequence[LabelledFilm], on_progress: OnProgress, cancelled: Callable[[], bool]
    ) -> tuple[Problem, ...]:
        while not self.may_check.wait(0.01):
            if cancelled():
                raise Cancelled
        on_progress(len(films), len(films))
        cases = tuple(Case((film,)) for film in films)
        return (Problem(ProblemKind.IMAGE_CHECK, Severity.NOTE, "Upside down.", cases=cases),)


@pytest.fixture
def auditor() -> SmallAuditor:
    return SmallAuditor()


@pytest.fixture
def service(qtbot: QtBot, auditor: SmallAuditor) -> Iterator[AuditService]:
    service = AuditService(auditor)
    yield service
    service.close()


@pytest.fixture
def found(tmp_path: Path) -> FoundFilms:
    return drawn_films(tmp_path, {"NORMAL": 3, "PNEUMONIA": 2})


def test_the_report_comes_first_and_the_image_checks_follow(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    with qtbot.waitSignal(service.reported) as reported, qtbot.waitSignal(service.progress_changed):
        service.request(found)
    assert [each.film for each in reported.args[0].facts] == list(found.films)
    with qtbot.waitSignal(service.checked) as checked, qtbot.waitSignal(service.checks_changed):
        auditor.may_check.set()
    assert checked.args[0][0].films == found.films


def test_films_that_were_read_are_not_read_again_under_another_class(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    with qtbot.waitSignal(service.reported):
        service.request(found)
    renamed = tuple(replace(film, label=f"{film.label} 2") for film in found.films)
    with qtbot.waitSignal(service.reported) as reported:
        service.request(FoundFilms(renamed))
    assert [each.film for each in reported.args[0].facts] == list(renamed)
    assert len(auditor.looked_at) == len(found.films)


def test_after_a_cancel_nothing_more_is_said(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    with qtbot.waitSignal(service.reported):
        service.request(found)
    said: list[object] = []
    service.checked.connect(said.append)
    service.cancel()
    auditor.may_check.set()
    with qtbot.waitSignal(service.reported):  # and a new request is heard
        service.request(found)
    qtbot.waitUntil(lambda: len(said) > 0)
    qtbot.wait(50)
    assert len(said) == 1


def test_why_films_could_not_be_looked_at_is_told(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.problem = "The disk is gone."
    with qtbot.waitSignal(service.failed) as failed:
        service.request(found)
    assert failed.args == ["The disk is gone."]
