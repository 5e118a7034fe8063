"""Films are looked at once and judged as often as the reader likes; what was broken off goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit.problems import ProblemKind
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.workers.audit_service import AuditService
from tests.training.audit.pictures import drawn_films, picture, write
from tests.workers.small_auditor import Gate, SmallAuditor

ALL = AuditChoice()


@pytest.fixture
def auditor() -> SmallAuditor:
    return SmallAuditor()


@pytest.fixture
def service(qtbot: QtBot, auditor: SmallAuditor) -> Iterator[AuditService]:
    service = AuditService(auditor)
    yield service
    auditor.looking.open()
    auditor.checking.open()
    service.close()


@pytest.fixture
def found(tmp_path: Path) -> FoundFilms:
    """Three films of one class, two of another; one of them is upside down."""
    films = drawn_films(tmp_path, {"NORMAL": 3, "PNEUMONIA": 1}).films
    return FoundFilms((*films, write(tmp_path, "overturned.png", picture(77), "PNEUMONIA")))


def looked(qtbot: QtBot, service: AuditService, found: FoundFilms) -> AuditReport:
    with qtbot.waitSignal(service.reported) as reported:
        service.look(found, ALL)
    report: AuditReport = reported.args[0]
    return report


def checked(qtbot: QtBot, service: AuditService, found: FoundFilms) -> AuditReport:
    with qtbot.waitSignal(service.checked) as answered:
        service.look(found, ALL)
    report: AuditReport = answered.args[0]
    return report


def without(*films: LabelledFilm) -> AuditChoice:
    return AuditChoice(left_out=frozenset(film.path for film in films))


def test_the_report_comes_first_and_the_image_checks_follow(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(0)
    with qtbot.waitSignal(service.progress_changed):
        report = looked(qtbot, service, found)
    assert [each.film for each in report.facts] == list(found.films)
    assert report.of_image_checks == ()
    with qtbot.waitSignal(service.checked) as answered, qtbot.waitSignal(service.checks_changed):
        auditor.checking.open()
    (problem,) = answered.args[0].of_image_checks
    assert problem.kind is ProblemKind.OUT_OF_SCOPE and problem.films == found.films[-1:]


def test_films_that_were_read_are_not_read_again_under_another_class(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    checked(qtbot, service, found)
    renamed = tuple(replace(film, label=f"{film.label} 2") for film in found.films)
    report = checked(qtbot, service, FoundFilms(renamed))
    assert [each.film for each in report.facts] == list(renamed)
    assert report.of_image_checks[0].films == renamed[-1:]
    assert auditor.looked_at == auditor.asked == [film.path for film in found.films]


def test_a_file_written_anew_is_read_again_and_so_is_one_that_could_not_be_read(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms, tmp_path: Path
) -> None:
    changed = found.films[0]
    broken = LabelledFilm(tmp_path / "NORMAL" / "broken.png", "NORMAL")
    broken.path.write_bytes(b"no film")
    found = FoundFilms((*found.films, broken))
    before = checked(qtbot, service, found)
    assert [each.film for each in before.unreadable] == [broken]
    write(tmp_path, changed.path.name, picture(50, (160, 150)), "NORMAL")
    write(tmp_path, broken.path.name, picture(51), "NORMAL")
    auditor.looked_at.clear()
    auditor.asked.clear()
    report = checked(qtbot, service, found)
    assert not report.unreadable and report.facts[0].shape == (160, 150)
    assert report.facts[0].fingerprint != before.facts[0].fingerprint
    assert auditor.looked_at == auditor.asked == [changed.path, broken.path]


def test_where_no_file_has_changed_the_report_is_the_same_one(
    qtbot: QtBot, service: AuditService, found: FoundFilms
) -> None:
    assert checked(qtbot, service, found) is looked(qtbot, service, found)


def test_reading_that_was_broken_off_goes_on_where_it_was(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.looking = Gate(3)
    service.look(found, ALL)
    qtbot.waitUntil(auditor.looking.reached.is_set)
    service.cancel()
    auditor.looking.open()
    qtbot.waitUntil(lambda: len(auditor.looked_at) == 4)  # the one in hand is lost
    auditor.looked_at.clear()
    assert len(looked(qtbot, service, found).facts) == 5
    assert auditor.looked_at == [film.path for film in found.films[3:]]


def test_image_checks_go_on_when_the_same_films_are_looked_at_again(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(2)
    looked(qtbot, service, found)
    qtbot.waitUntil(auditor.checking.reached.is_set)
    looked(qtbot, service, found)  # as by a reader who was on the next page and comes back
    with qtbot.waitSignal(service.checked):
        auditor.checking.open()
    assert auditor.asked == [film.path for film in found.films]


def test_image_checks_go_on_where_they_were_after_a_cancel(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(2)
    looked(qtbot, service, found)
    qtbot.waitUntil(auditor.checking.reached.is_set)
    service.cancel()
    auditor.checking.open()
    qtbot.waitUntil(lambda: len(auditor.asked) == 3)  # the one in hand is lost
    auditor.asked.clear()
    assert checked(qtbot, service, found).of_image_checks
    assert auditor.asked == [film.path for film in found.films[2:]]


def test_films_left_out_are_judged_without_and_only_the_last_choice_is_answered(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    checked(qtbot, service, found)
    first, *_, overturned = found.films
    told: list[AuditReport] = []
    service.reported.connect(told.append)
    service.judge(without(overturned))
    service.judge(without(first))
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(400)
    (report,) = told
    assert report.of_image_checks  # the film upside down was left out by the first choice only
    with qtbot.waitSignal(service.reported) as reported:
        service.judge(without(overturned))
    assert reported.args[0].of_image_checks == ()
    assert ProblemKind.OUT_OF_SCOPE in {each.kind for each in reported.args[0].before}
    assert len(auditor.looked_at) == len(found.films)


def test_after_a_cancel_nothing_more_is_said(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(0)
    looked(qtbot, service, found)
    said: list[object] = []
    service.checked.connect(said.append)
    service.cancel()
    auditor.checking.open()
    qtbot.wait(100)
    assert not said
    checked(qtbot, service, found)  # and a new request is heard
    assert len(said) == 1


def test_image_checks_that_were_stopped_do_not_begin_again_with_the_next_choice(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(0)
    looked(qtbot, service, found)
    qtbot.waitUntil(auditor.checking.reached.is_set)
    service.stop_checks()
    auditor.checking.open()
    with qtbot.waitSignal(service.reported):
        service.judge(without(found.films[0]))
    qtbot.wait(100)
    assert auditor.asked == [found.films[0].path]  # the one in hand


def test_why_films_could_not_be_looked_at_is_told(
    qtbot: QtBot, service: AuditService, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.problem = "The disk is gone."
    with qtbot.waitSignal(service.failed) as failed:
        service.look(found, ALL)
    assert failed.args == ["The disk is gone."]
    auditor.problem = ""
    with qtbot.waitSignal(service.reported):  # the next choice has them looked at after all
        service.judge(without(found.films[0]))
