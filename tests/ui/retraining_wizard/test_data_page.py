"""The page Look at the data: judged anew with each choice, and heard of on later pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit.problems import ProblemKind
from cxr_desktop.domain.labelled_films import FoundFilms
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.ui.retraining_wizard import DataPage, Page, RetrainingWizard
from cxr_desktop.workers.audit_service import AuditService
from cxr_desktop.workers.thumbnail_service import ThumbnailService
from tests.training.audit.pictures import drawn_films, picture, write
from tests.workers.small_auditor import Gate, SmallAuditor

LONG = 60_000  # scikit-learn is imported on the way


@pytest.fixture
def auditor() -> SmallAuditor:
    return SmallAuditor()


@pytest.fixture
def found(tmp_path: Path) -> FoundFilms:
    """Half of the films of one class are of another kind of file, and one film is upside down."""
    films = drawn_films(tmp_path, {"NORMAL": 24, "PNEUMONIA": 12}).films
    bitmaps = [write(tmp_path, f"{number}.bmp", picture(700 + number), "PNEUMONIA") for number in range(30)]
    return FoundFilms((*films, *bitmaps, write(tmp_path, "overturned.png", picture(777), "NORMAL")))


@pytest.fixture
def wizard(qtbot: QtBot, auditor: SmallAuditor, found: FoundFilms) -> Iterator[RetrainingWizard]:
    """The page between one that chose films and one that divides them."""
    audit, thumbnails = AuditService(auditor), ThumbnailService(lambda _: b"")
    first, later = Page("Films", ""), Page("Split", "")
    wizard = RetrainingWizard([first, DataPage(audit, thumbnails), later])
    qtbot.addWidget(wizard)
    wizard.show()
    qtbot.waitExposed(wizard)
    first.change(RetrainingPlan().with_films((found.films[0].path.parent,), found))
    first.set_ready(True)
    yield wizard
    wizard.close()
    auditor.checking.open()
    audit.close()
    thumbnails.close()


def looked_at(qtbot: QtBot, wizard: RetrainingWizard) -> DataPage:
    wizard.next.click()
    data = wizard.pages[1]
    assert isinstance(data, DataPage)
    qtbot.waitUntil(lambda: data.is_ready, timeout=LONG)
    return data


def kinds(data: DataPage) -> list[ProblemKind]:
    return [each.problem.kind for each in data.problems.cards]


def texts(data: DataPage) -> dict[str, list[str]]:
    """The rows of the tab Shortcuts by their first cell."""
    table = data.shortcuts.table
    found = {}
    for row in range(table.rowCount()):
        first, *others = (table.item(row, column) for column in range(table.columnCount()))
        found[first.text() if first else ""] = [each.text() if each else "" for each in others]
    return found


def test_shortcuts_are_measured_anew_without_the_films_left_out(
    qtbot: QtBot, wizard: RetrainingWizard, found: FoundFilms
) -> None:
    data = looked_at(qtbot, wizard)
    assert ProblemKind.SHORTCUT in kinds(data)
    data.samples.grid.film_toggled.emit(found.films[0].path)
    assert not wizard.next.isEnabled() and "measured anew" in data.verdict.text()
    for film in found.films:
        if film.path.suffix == ".bmp":
            data.samples.grid.film_toggled.emit(film.path)
    qtbot.waitUntil(lambda: texts(data)["The kind of file"][-1] == "the same on all films", timeout=LONG)
    assert ProblemKind.SHORTCUT not in kinds(data) and wizard.next.isEnabled()
    data.put_back.click()
    qtbot.waitUntil(lambda: ProblemKind.SHORTCUT in kinds(data), timeout=LONG)


def test_all_signs_are_told_those_that_were_found_harmless_too(
    qtbot: QtBot, wizard: RetrainingWizard
) -> None:
    rows = texts(looked_at(qtbot, wizard))
    assert len(rows) == 7
    assert rows["The width"] == ["–", "–", "the same on all films"]
    label, area, words = rows["The kind of file"]
    assert label in ("NORMAL", "PNEUMONIA") and words in ("tells something", "gives the class away")
    assert float(area[:4]) > 0.7 and area.endswith(")")


def test_what_the_image_checks_find_meanwhile_is_told_on_the_page_in_view(
    qtbot: QtBot, wizard: RetrainingWizard, auditor: SmallAuditor
) -> None:
    auditor.checking = Gate(0)
    data = looked_at(qtbot, wizard)
    wizard.next.click()
    assert wizard.steps.item(1).text().startswith("✓") and wizard.problem.isHidden()
    auditor.checking.open()
    qtbot.waitUntil(wizard.problem.isVisible, timeout=LONG)
    assert "found 1 film not to be judged" in wizard.problem.text()
    assert wizard.steps.item(1).text().startswith("!")
    wizard.back.click()
    qtbot.waitUntil(lambda: ProblemKind.OUT_OF_SCOPE in kinds(data), timeout=LONG)
    assert wizard.problem.isHidden()
    wizard.next.click()
    assert wizard.steps.item(1).text().startswith("✓") and wizard.problem.isHidden()  # it is known now


def test_image_checks_go_on_when_the_wizard_is_opened_again_at_a_later_page(
    qtbot: QtBot, wizard: RetrainingWizard, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(3)
    looked_at(qtbot, wizard)
    wizard.next.click()
    qtbot.waitUntil(auditor.checking.reached.is_set, timeout=LONG)
    wizard.close()
    auditor.checking.open()
    qtbot.waitUntil(lambda: len(auditor.asked) == 4)  # the one in hand
    wizard.show()
    qtbot.waitUntil(wizard.problem.isVisible, timeout=LONG)
    assert wizard.number == 2 and "not to be judged" in wizard.problem.text()
    assert len(auditor.asked) == len(found.films) + 1


def test_going_on_and_back_does_not_begin_the_image_checks_again(
    qtbot: QtBot, wizard: RetrainingWizard, auditor: SmallAuditor, found: FoundFilms
) -> None:
    auditor.checking = Gate(3)
    data = looked_at(qtbot, wizard)
    qtbot.waitUntil(auditor.checking.reached.is_set, timeout=LONG)
    wizard.next.click()
    wizard.back.click()
    wizard.next.click()
    wizard.back.click()
    auditor.checking.open()
    qtbot.waitUntil(lambda: ProblemKind.OUT_OF_SCOPE in kinds(data), timeout=LONG)
    assert auditor.asked == [film.path for film in found.films]
    assert data.checking.isHidden() and wizard.next.isEnabled()
