"""Before the window stands: the log, a damaged catalogue, and films that the desktop hands over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from cxr_desktop.app.logs import start_logging
from cxr_desktop.app.window import FileOpenListener, open_catalogue
from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.storage.backups import back_up
from cxr_desktop.storage.catalogue import Catalogue


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A catalogue with one film and a backup of it, whose file was damaged afterwards."""
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue.open(path)
    catalogue.add_films([NewFilm(FilmSource(Path("/films/a.dcm")), fingerprint="a")])
    catalogue.close()
    back_up(path, datetime.now(UTC).date())
    path.write_bytes(b"this was a catalogue once" * 1000)
    return path


def choose(button_text: str) -> None:
    """Presses a button of the box that will stand there, as the reader does."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        buttons: list[QAbstractButton] = box.buttons()
        next(button for button in buttons if button.text().startswith(button_text)).click()

    QTimer.singleShot(50, press)


def test_a_damaged_catalogue_is_restored_from_its_backup_when_the_reader_wants_it(
    qtbot: QtBot, damaged: Path
) -> None:
    choose("Restore the backup of")
    catalogue = open_catalogue(damaged)
    assert catalogue is not None
    assert [study.name for study in catalogue.studies(None)] == ["a.dcm"]
    catalogue.close()


def test_the_reader_may_begin_anew_and_the_damaged_file_is_kept(qtbot: QtBot, damaged: Path) -> None:
    before = damaged.read_bytes()
    choose("Start an empty catalogue")
    catalogue = open_catalogue(damaged)
    assert catalogue is not None
    assert catalogue.studies(None) == []
    catalogue.close()
    (kept,) = damaged.parent.glob("catalogue-damaged-*.sqlite")
    assert kept.read_bytes() == before


def test_quitting_leaves_everything_as_it_was(qtbot: QtBot, damaged: Path) -> None:
    before = damaged.read_bytes()
    choose("Quit")
    assert open_catalogue(damaged) is None
    assert damaged.read_bytes() == before


def test_a_film_that_the_desktop_opens_with_the_program_is_taken_in(qtbot: QtBot, tmp_path: Path) -> None:
    app = QApplication.instance()
    assert app is not None
    listener = FileOpenListener()
    app.installEventFilter(listener)
    film = tmp_path / "Ünïcode film.dcm"
    with qtbot.waitSignal(listener.path_opened) as opened:
        app.sendEvent(app, QFileOpenEvent(str(film)))  # what macOS sends for a double click
    app.removeEventFilter(listener)
    assert opened.args == [film]


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """A log that was begun in `tmp_path`; the logger is left as it was."""
    logger = logging.getLogger("cxr_desktop")
    before = list(logger.handlers), logger.level, logger.propagate
    start_logging(tmp_path)
    yield tmp_path / "cxr-desktop.log"
    for handler in set(logger.handlers) - set(before[0]):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(before[1])
    logger.propagate = before[2]


def test_the_log_is_its_owners_alone_also_after_it_was_turned_over(log_file: Path) -> None:
    logger = logging.getLogger("cxr_desktop.anything")
    for _ in range(1200):
        logger.warning("x" * 1000)
    logs = list(log_file.parent.glob("cxr-desktop.log*"))
    assert len(logs) == 2
    assert all(file.stat().st_mode & 0o077 == 0 for file in logs)
