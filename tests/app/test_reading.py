"""A day at the reading desk, with real films and the real models."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.worklist import Film
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.storage.folders import UserFolders
from tests.app.conftest import OpenDesk, all_scored

LONG = 60_000


def drop(window: QWidget, *paths: Path) -> None:
    """Drops files on the window as the desktop does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    action = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(300, 300), action, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), action, data, buttons, keys))


def take_in(qtbot: QtBot, desk: Desk, count: int, *paths: Path) -> None:
    """Drops files and waits until they are scored and in the queue."""
    drop(desk.window, *paths)
    qtbot.waitUntil(all_scored(desk, count), timeout=LONG)
    qtbot.waitUntil(lambda: not desk.session.queue.waiting, timeout=LONG)


def names(films: tuple[Film, ...]) -> list[str]:
    return [film.source.path.name for film in films]


def test_dropped_films_are_scored_and_sorted_the_most_suspicious_first(
    qtbot: QtBot, desk: Desk, films: Path
) -> None:
    take_in(qtbot, desk, 8, films)
    ranked = desk.session.queue.ranked
    assert len(ranked) == 8
    probabilities = [film.probability or 0.0 for film in ranked]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(name.startswith("PNEUMONIA") for name in names(ranked)[:4]) >= 3
    assert desk.worklist.studies[0].lead.thumbnail.startswith(b"\xff\xd8")


def test_the_window_says_on_what_it_scores_and_that_it_is_no_diagnosis(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.scoring.model_ready, timeout=LONG) as ready:
        pass
    texts = [label.text() for label in desk.status.findChildren(type(desk.status._device))]
    assert ready.args[0] in texts
    assert any("Not a diagnosis" in text for text in texts)


def test_the_film_in_view_has_its_heatmap_and_its_words(qtbot: QtBot, desk: Desk, films: Path) -> None:
    take_in(qtbot, desk, 8, films)
    desk.session.show_film(desk.session.queue.ranked[0].id)
    qtbot.waitUntil(
        lambda: desk.viewer.canvas.shown is not None and desk.viewer.canvas.shown.heat is not None
    )
    film = desk.session.film
    assert film is not None
    assert film.prediction is not None
    assert film.prediction.suspected


def test_keys_step_through_the_queue_and_mark_as_read(qtbot: QtBot, desk: Desk, films: Path) -> None:
    take_in(qtbot, desk, 8, films)
    first, second, third, *_ = (film.id for film in desk.session.queue.ranked)
    desk.session.show_film(first)
    desk.viewer.setFocus()
    qtbot.keyClick(desk.window, Qt.Key.Key_N)
    assert desk.session.film is not None
    assert desk.session.film.id == second
    qtbot.keyClick(desk.window, Qt.Key.Key_B)
    assert desk.session.film.id == first
    qtbot.keyClick(desk.window, Qt.Key.Key_M)
    assert desk.session.film.id == second
    assert first not in {film.id for film in desk.session.queue.ranked}
    qtbot.keyClick(desk.window, Qt.Key.Key_M)
    assert desk.session.film.id == third
    assert len(desk.session.queue.ranked) == 6


def test_a_read_study_can_be_put_back(qtbot: QtBot, desk: Desk, films: Path) -> None:
    take_in(qtbot, desk, 8, films)
    study = desk.worklist.study_of(desk.session.queue.ranked[0].id)
    assert study is not None
    desk.session.mark_study(study.id, True)
    assert len(desk.session.queue.ranked) == 7
    desk.session.mark_study(study.id, False)
    assert len(desk.session.queue.ranked) == 8


def test_bad_files_and_films_out_of_scope_are_pinned_with_their_reasons(
    qtbot: QtBot, desk: Desk, films: Path, pydicom_films: Path
) -> None:
    (films / "empty.jpg").write_bytes(b"")
    (films / "letter.png").write_text("Dear colleague,")
    (films / "notes.csv").write_text("a,b")
    shutil.copy(pydicom_films / "693_UNCI.dcm", films / "slice")
    shutil.copy(pydicom_films / "RG3_UNCR.dcm", films / "hand.dcm")
    take_in(qtbot, desk, 12, films)
    pinned = {film.source.path.name: film for film in desk.session.queue.pinned}
    assert set(pinned) == {"empty.jpg", "letter.png", "slice", "hand.dcm"}
    assert "empty" in pinned["empty.jpg"].problem
    assert "CT" in pinned["slice"].problem
    assert pinned["hand.dcm"].status is Status.CHECK
    assert pinned["hand.dcm"].probability is None
    desk.session.show_film(pinned["slice"].id)
    assert desk.viewer.canvas.shown is None


def test_the_same_films_again_are_known(qtbot: QtBot, desk: Desk, films: Path) -> None:
    take_in(qtbot, desk, 8, films)
    with qtbot.waitSignal(desk.intake.finished, timeout=LONG) as end:
        drop(desk.window, films)
    assert end.args[0].added == 0
    assert end.args[0].known == 8


def test_films_out_of_an_archive_are_kept_in_the_data_folder(
    qtbot: QtBot, desk: Desk, films: Path, folders: UserFolders
) -> None:
    archive = films.parent / "films.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for film in films.iterdir():
            file.write(film, f"inner/{film.name}")
    take_in(qtbot, desk, 8, archive)
    archive.unlink()
    kept = [path for path in folders.films.rglob("*") if path.is_file()]
    assert len(kept) == 8
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    film = desk.session.queue.ranked[-1]
    assert desk.films.read(film).shape == film.shape


def test_the_next_start_shows_what_was_there(qtbot: QtBot, open_desk: OpenDesk, films: Path) -> None:
    desk = open_desk()
    take_in(qtbot, desk, 8, films)
    study = desk.worklist.study_of(desk.session.queue.ranked[0].id)
    assert study is not None
    desk.session.mark_study(study.id, True)
    before = desk.session.queue
    again = open_desk()
    assert [f.id for f in again.session.queue.ranked] == [f.id for f in before.ranked]
    qtbot.waitUntil(lambda: again.session.film is not None)
    assert again.session.film is not None
    assert again.session.film.id == before.ranked[0].id
    qtbot.waitUntil(
        lambda: again.viewer.canvas.shown is not None and again.viewer.canvas.shown.heat is not None
    )


def test_films_left_unscored_are_scored_at_the_next_start(
    qtbot: QtBot, open_desk: OpenDesk, films: Path
) -> None:
    desk = open_desk()
    desk.scoring.request = lambda films: None  # type: ignore[method-assign]  # a program killed before scoring
    with qtbot.waitSignal(desk.intake.finished, timeout=LONG):
        drop(desk.window, films)
    again = open_desk()
    qtbot.waitUntil(all_scored(again, 8), timeout=LONG)


def test_a_film_whose_file_moved_says_so_and_can_be_located(
    qtbot: QtBot, open_desk: OpenDesk, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    take_in(qtbot, desk, 8, films)
    film = desk.session.queue.ranked[-1]
    moved = films.parent / "moved.jpeg"
    again = open_desk()  # nothing is at hand any more
    film.source.path.rename(moved)
    with qtbot.waitSignal(again.viewing.film_failed, timeout=LONG) as failed:
        again.session.show_film(film.id)
    assert failed.args[0] == film.id
    assert again.viewer.canvas.shown is None
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    again.browser.locate_requested.emit(film.study_id)
    qtbot.waitUntil(lambda: again.viewer.canvas.shown is not None)
    located = again.worklist.film(film.id)
    assert located is not None
    assert located.source.path == moved


def test_a_film_whose_file_was_overwritten_is_never_shown_as_the_new_one(
    qtbot: QtBot, open_desk: OpenDesk, films: Path
) -> None:
    desk = open_desk()
    one, other, *_ = sorted(films.iterdir())
    export = films.parent / "IM0001.jpeg"  # of a machine that calls each film alike
    shutil.copy(one, export)
    take_in(qtbot, desk, 1, export)
    first = desk.worklist.studies[0].lead
    shutil.copy(other, export)
    take_in(qtbot, desk, 2, export)
    assert pixel_fingerprint(desk.films.read(first)) == first.fingerprint  # still at hand
    with pytest.raises(UnreadableImage, match="another picture"):
        open_desk().films.read(first)


def test_another_film_is_not_taken_for_the_missing_one(
    qtbot: QtBot, desk: Desk, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(qtbot, desk, 8, films)
    film, other = desk.session.queue.ranked[:2]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other.source.path), ""))
    with qtbot.captureExceptions() as caught:
        desk.browser.locate_requested.emit(film.study_id)
    assert "another picture" in str(caught[0][1])


def test_removing_a_study_keeps_its_file(
    qtbot: QtBot, desk: Desk, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(qtbot, desk, 8, films)
    film = desk.session.queue.ranked[0]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    desk.browser.remove_requested.emit(film.study_id)
    assert desk.worklist.film(film.id) is None
    assert len(desk.session.queue.ranked) == 7
    assert film.source.path.is_file()


def test_the_queue_is_saved_as_a_table(
    qtbot: QtBot, desk: Desk, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(qtbot, desk, 8, films)
    table = films.parent / "queue.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(table), ""))
    desk.actions["save_table"].trigger()
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [Path(row["file"]).name for row in rows] == names(desk.session.queue.ranked)


def test_a_drop_anywhere_reaches_the_window(desk: Desk) -> None:
    assert desk.window.acceptDrops()
    assert not any(child.acceptDrops() for child in desk.window.findChildren(QWidget))


def test_no_two_actions_share_a_key(desk: Desk) -> None:
    actions = [*desk.actions.by_name.values(), *desk.viewer.actions()]
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_typing_a_search_does_not_step_through_the_queue(qtbot: QtBot, desk: Desk, films: Path) -> None:
    take_in(qtbot, desk, 8, films)
    before = desk.session.film
    desk.actions["search"].trigger()
    search = QApplication.focusWidget()
    assert isinstance(search, QLineEdit)
    qtbot.keyClicks(search, "npmi?")
    assert search.text() == "npmi?"
    assert desk.session.film == before


def test_a_worded_problem_in_the_window_is_shown_and_a_mistake_is_logged_without_data(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise KeyError("DOE^JANE")
    except KeyError as error:
        desk.take_exception(KeyError, error, error.__traceback__)
    assert "KeyError" in desk.notices.sentences[0]
    assert "DOE" not in desk.notices.sentences[0] + caplog.text


def test_nothing_of_a_patient_is_in_the_log(
    qtbot: QtBot, desk: Desk, films: Path, pydicom_films: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for film in (*pydicom_films.glob("RG1_*.dcm"), *pydicom_films.glob("SC_rgb*.dcm")):
        shutil.copy(film, films / f"DOE-{film.name}")
    take_in(qtbot, desk, 20, films)
    for word in ("DOE", "CompressedSamples", "Lestrade", ".dcm", ".jpeg"):
        assert word not in caplog.text
