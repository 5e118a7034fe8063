"""From a new model to a verdict on real films, to a switched window, and back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from cxr_desktop.app import models_kept
from cxr_desktop.app.desk import Desk
from cxr_desktop.app.result_pages import ResultPages
from cxr_desktop.domain.comparison import Verdict
from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.locked_test import LockedFilm, LockedTestSet
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.locked_test_file import load_locked_test, save_locked_test
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.training.film_list import write_list
from tests.app.conftest import OpenDesk, all_scored
from tests.training.tiny_bundle import write_tiny_bundle

LONG = 120_000
EACH = 3


@pytest.fixture
def new_model(folders: UserFolders) -> Path:
    """A network that goes by brightness: it takes no time."""
    write_tiny_bundle(folders.models / "bright", "bright", slope=20.0, middle=0.48)
    return folders.models / "bright"


@pytest.fixture
def labelled(data_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "labelled"
    for label in ("NORMAL", "PNEUMONIA"):
        (folder / label).mkdir(parents=True)
        for film in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:EACH]:
            shutil.copy(film, folder / label)
    return folder


@pytest.fixture
def trained_on(labelled: Path, tmp_path: Path) -> Path:
    """What the new model's training was given: these films are its test side."""
    return list_of(tmp_path / "films.csv", labelled, Side.TEST)


def list_of(file: Path, labelled: Path, side: Side) -> Path:
    films = sorted(labelled.rglob("*.jpeg"))
    write_list([LabelledFilm(path, path.parent.name, side) for path in films], file)
    return file


@pytest.fixture
def desk(new_model: Path, open_desk: OpenDesk) -> Desk:
    return open_desk()


@pytest.fixture
def pages(desk: Desk, folders: UserFolders) -> Iterator[ResultPages]:
    library = ModelLibrary(resources_folder() / "models", folders.models)
    pages = ResultPages(
        library, folders.locked_test, desk.model, desk.switch, desk.model_manager, desk.scoring,
        desk.settings.heat_look, desk.window,
    )  # fmt: skip
    yield pages
    pages.close()


def click(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    button.click()


def test_a_new_model_is_compared_used_and_left_again(
    qtbot: QtBot, desk: Desk, pages: ResultPages, new_model: Path, labelled: Path, trained_on: Path
) -> None:
    before = desk.model.name
    desk.take_in([labelled])
    qtbot.waitUntil(all_scored(desk, 2 * EACH), timeout=LONG)
    pages.offer(new_model, trained_on)
    pages.result.enter()
    qtbot.waitUntil(lambda: pages.result.result is not None, timeout=LONG)
    result = pages.result.result
    assert result is not None and result.new.id == "bright" and len(result.films) == 2 * EACH
    assert result.verdict is Verdict.NO_EVIDENCE and result.new.shortcuts  # six films tell nothing
    assert pages.use.heading.text() == "No evidence of a difference"

    click(qtbot, pages.use.switch)
    assert desk.model.name == "bright" and "judges from now on" in pages.use.outcome.text()
    assert not pages.use.discard.isEnabled()
    qtbot.waitUntil(lambda: "are judged by it" in pages.use.progress.text(), timeout=LONG)

    def judges() -> set[str]:
        films = [film for study in desk.worklist.studies for film in study.films]
        return {film.prediction.model_id if film.prediction else "" for film in films}

    qtbot.waitUntil(lambda: judges() == {"bright"}, timeout=LONG)

    # Back to the page Result and on again: what was decided upon is still there, and so is the way back.
    pages.offer(new_model, trained_on)
    pages.result.enter()
    assert pages.result.result is result and "judges already" in pages.result.remark.text()
    assert "judges from now on" in pages.use.outcome.text()

    click(qtbot, pages.use.back)
    assert desk.model.name == before and "judges again" in pages.use.outcome.text()
    pages.offer(new_model, trained_on)
    assert pages.result.result is result and not pages.result.remark.text()


def test_a_model_that_judged_before_the_program_started_stands_beside_the_one_before_it(
    qtbot: QtBot, desk: Desk, pages: ResultPages, new_model: Path, trained_on: Path
) -> None:
    qtbot.waitUntil(lambda: len(desk.model.uses()) == 1, timeout=LONG)
    title = desk.model.title
    desk.switch.choose("bright")
    qtbot.waitUntil(lambda: desk.model_manager.before is not None, timeout=LONG)
    pages.offer(new_model, trained_on)  # these pages saw nothing of all this
    assert "judges already" in pages.result.remark.text() and title in pages.result.remark.text()
    pages.result.enter()
    qtbot.waitUntil(lambda: pages.result.result is not None, timeout=LONG)
    result = pages.result.result
    assert result is not None and result.new.id == "bright" and result.now.id != "bright"
    assert title in pages.use.back.text()


def test_a_model_that_always_judged_can_be_compared_with_nothing(
    desk: Desk, pages: ResultPages, new_model: Path, trained_on: Path
) -> None:
    desk.model.choose("bright")
    pages.offer(new_model, trained_on)
    pages.result.enter()
    assert "nothing to compare it with" in pages.result.message.text()
    assert pages.result.ready and "judges from now on" in pages.use.outcome.text()


def test_a_discard_that_fails_says_why_and_the_model_stays(
    qtbot: QtBot, pages: ResultPages, new_model: Path, trained_on: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CatalogueError("The disk is full.")

    pages.offer(new_model, trained_on)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    with monkeypatch.context() as broken:
        broken.setattr(models_kept, "remove_model", full)  # on the service's thread
        click(qtbot, pages.use.discard)
        qtbot.waitUntil(lambda: pages.use.outcome.text() == "The disk is full.", timeout=LONG)
    assert not pages.use.ready and pages.use.discard.isEnabled()
    new_model.rename(new_model.parent.with_name("elsewhere"))  # found out before
    click(qtbot, pages.use.discard)
    assert "folder" in pages.use.outcome.text() and not pages.use.ready


def test_heatmaps_and_large_films_come_from_the_models_that_were_compared(
    qtbot: QtBot, pages: ResultPages, new_model: Path, trained_on: Path
) -> None:
    pages.offer(new_model, trained_on)
    pages.result.enter()
    qtbot.waitUntil(lambda: pages.result.result is not None, timeout=LONG)
    view = pages.result.films
    view.heat.setCurrentIndex(2)
    rows = view.grid.rows
    qtbot.waitUntil(
        lambda: rows.data(rows.index(0), Qt.ItemDataRole.DecorationRole) is not None, timeout=LONG
    )
    view.grid.film_opened.emit(0)
    large = view.large
    assert large is not None
    qtbot.waitUntil(lambda: large.viewer.canvas.shown is not None, timeout=LONG)
    shown = large.viewer.canvas.shown
    assert shown is not None and shown.heatmap is not None
    large.close()


@pytest.fixture
def locked(labelled: Path, folders: UserFolders) -> LockedTestSet:
    """All these films, locked where they are."""
    films = [
        LockedFilm(
            pixel_fingerprint(read_radiograph(FilmSource(path))),
            path.parent.name,
            "",
            str(path),
            "2026-11-21",
        )
        for path in sorted(labelled.rglob("*.jpeg"))
    ]
    save_locked_test(folders.locked_test, LockedTestSet(tuple(films), seed=1))
    return LockedTestSet(tuple(films), seed=1)


def test_the_locked_test_set_decides_and_a_film_of_it_that_is_gone_is_asked_about(
    qtbot: QtBot, pages: ResultPages, new_model: Path, trained_on: Path, locked: LockedTestSet
) -> None:
    gone = Path(locked.films[0].place)
    gone.unlink()
    pages.offer(new_model, trained_on)
    pages.result.enter()
    qtbot.waitUntil(lambda: not pages.result.do_without.isHidden(), timeout=LONG)
    assert f"1 of the {2 * EACH} films" in pages.result.message.text() and pages.result.ready
    assert str(gone.parent) in pages.result.message.text() and not pages.result.locate.isHidden()
    click(qtbot, pages.result.do_without)
    qtbot.waitUntil(lambda: pages.result.result is not None, timeout=LONG)
    result = pages.result.result
    assert result is not None and len(result.films) == 2 * EACH - 1
    assert [film.film for film in result.not_compared] == [str(gone)]
    assert "were locked after bright was trained" in pages.result.verdict.reasons.text()
    assert not result.now.remarks  # a bundled model never saw them


def test_a_locked_test_set_that_was_moved_is_compared_on_when_the_reader_says_where_it_is(
    qtbot: QtBot, pages: ResultPages, new_model: Path, labelled: Path, trained_on: Path,
    locked: LockedTestSet, folders: UserFolders, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    moved = labelled.rename(labelled.with_name("another drive"))
    pages.offer(new_model, trained_on)
    pages.result.enter()
    qtbot.waitUntil(lambda: not pages.result.locate.isHidden(), timeout=LONG)
    assert "cannot be found" in pages.result.message.text() and pages.result.do_without.isHidden()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(moved))
    click(qtbot, pages.result.locate)
    qtbot.waitUntil(lambda: pages.result.result is not None, timeout=LONG)
    result = pages.result.result
    assert result is not None and len(result.films) == 2 * EACH and not result.not_compared
    now = load_locked_test(folders.locked_test)
    assert now is not None and all(Path(film.place).is_relative_to(moved) for film in now.films)


def test_a_model_that_is_discarded_is_gone_after_asking(
    qtbot: QtBot, pages: ResultPages, new_model: Path, trained_on: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.offer(new_model, trained_on)
    for said, there in ((QMessageBox.StandardButton.No, True), (QMessageBox.StandardButton.Yes, False)):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, said=said: said)
        click(qtbot, pages.use.discard)
        qtbot.waitUntil(lambda there=there: new_model.exists() is there, timeout=LONG)
    qtbot.waitUntil(lambda: "is discarded" in pages.use.outcome.text())
    assert not pages.use.switch.isEnabled()


def test_a_model_can_be_kept_without_a_comparison(
    qtbot: QtBot, pages: ResultPages, new_model: Path, labelled: Path
) -> None:
    pages.offer(new_model, list_of(labelled / "films.csv", labelled, Side.TRAIN))
    pages.result.enter()
    qtbot.waitUntil(lambda: pages.result.ready, timeout=LONG)
    assert "no locked test set yet" in pages.result.message.text()
    assert "not compared" in pages.use.words.text()
    click(qtbot, pages.use.keep)
    assert "is kept" in pages.use.outcome.text() and pages.use.ready and new_model.exists()
