"""From reading to labelled films: what the reader says in the worklist is what the wizard takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.queue_file import save_queue
from cxr_desktop.domain.errors import CxrError
from cxr_desktop.training.film_list import films_listed
from cxr_desktop.ui.retraining_wizard import FilmsPage, RetrainingWizard
from cxr_desktop.ui.rows.tooltip import film_tooltip
from tests.app.conftest import OpenDesk
from tests.app.test_reading import LONG, take_in


def said(desk: Desk) -> dict[str, str]:
    films = [film for study in desk.worklist.studies for film in study.films]
    return {film.source.name: film.own_reading.label for film in films if film.own_reading}


def films_page(desk: Desk) -> FilmsPage:
    desk.retraining.show()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    page = wizard.pages[0]
    assert isinstance(page, FilmsPage)
    return page


def test_keys_say_what_the_reader_thinks_and_it_is_there_on_the_next_day(
    qtbot: QtBot, open_desk: OpenDesk, films: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = open_desk()
    take_in(qtbot, desk, 8, films)
    first, second, third, *_ = desk.session.queue.ranked
    desk.session.show_film(first.id)
    desk.viewer.setFocus()
    qtbot.keyClick(desk.window, Qt.Key.Key_A)
    qtbot.keyClick(desk.window, Qt.Key.Key_N)
    qtbot.keyClick(desk.window, Qt.Key.Key_D)
    qtbot.keyClick(desk.window, Qt.Key.Key_N)
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("  Lobar   pneumonia ", True))
    qtbot.keyClick(desk.window, Qt.Key.Key_E)
    expected = {
        first.source.name: "PNEUMONIA",
        second.source.name: "NORMAL",
        third.source.name: "Lobar pneumonia",
    }
    assert said(desk) == expected
    assert desk.triage.own_reading.label_button.isChecked()
    table = tmp_path / "queue.csv"
    save_queue(desk.worklist.studies, table)
    assert table.read_text().splitlines()[0].endswith("own_label")
    desk = open_desk()
    assert said(desk) == expected
    film = desk.worklist.film(third.id)
    assert film is not None and "Lobar pneumonia" in film_tooltip(film)
    desk.session.show_film(third.id)
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("", True))
    desk.actions["own_label"].trigger()
    assert third.source.name not in said(desk)


def test_a_label_that_is_too_long_is_refused_and_the_reading_stays(
    qtbot: QtBot, desk: Desk, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(qtbot, desk, 8, films)
    first = desk.session.queue.ranked[0]
    desk.verbs.note_label(first.id, "NORMAL")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("x" * 61, True))
    with pytest.raises(CxrError, match="may have 60 characters, and this one has 61"):
        desk.verbs.ask_label(first.id)
    assert said(desk) == {first.source.name: "NORMAL"}


def test_the_wizard_takes_the_readings_and_leaves_out_films_whose_files_are_gone(
    qtbot: QtBot, desk: Desk, films: Path
) -> None:
    take_in(qtbot, desk, 8, films)
    for film in desk.session.queue.ranked:
        desk.verbs.note_label(film.id, film.source.name.split("-")[0])
    gone = next(films.glob("NORMAL-*"))
    gone.unlink()
    page = films_page(desk)
    with qtbot.waitSignal(page.plan_changed, timeout=LONG):
        page.readings.click()
    (listed,) = page.plan.sources
    assert {film.path.name: film.label for film in films_listed(listed)} == {
        path.name: path.name.split("-")[0] for path in films.iterdir()
    }
    assert "7 films" in page.sources.text() and "1 other left out" in page.sources.text()
    assert "Too few" in page.problem.text()  # eight films train nothing; the page says so


def test_without_readings_the_wizard_says_how_to_make_them(qtbot: QtBot, desk: Desk) -> None:
    page = films_page(desk)
    page.readings.click()
    qtbot.waitUntil(page.problem.isVisible, timeout=LONG)
    assert "Agree, Disagree" in page.problem.text()
    assert not page.plan.sources
