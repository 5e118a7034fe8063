"""A better model begins with films: from a drop to a list that a trainer reads, in the window."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QMessageBox,
    QRadioButton,
    QSpinBox,
    QTableWidgetItem,
)
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.retraining import Retraining
from cxr_desktop.domain.audit.problems import ProblemKind
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm, Side
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.locked_test_file import load_locked_test
from cxr_desktop.training.film_list import films_listed
from cxr_desktop.ui.retraining_wizard import (
    DataPage,
    FilmsPage,
    ModelStep,
    ResultStep,
    RetrainingWizard,
    SplitPage,
    TrainingStep,
    UseStep,
)
from cxr_desktop.ui.retraining_wizard.problem_card import ProblemCard
from tests.app.conftest import OpenDesk
from tests.app.finished_run import a_finished_run
from tests.training.audit.pictures import drawn_films, picture, write

LONG = 120_000
VERY_LONG = 240_000  # a trainer comes up
CLASSES = {"NORMAL": 14, "PNEUMONIA": 16}


@pytest.fixture
def retraining(desk: Desk) -> Retraining:
    desk.retraining.show()
    return desk.retraining


@pytest.fixture
def wizard(retraining: Retraining) -> RetrainingWizard:
    (wizard,) = retraining.parent().findChildren(RetrainingWizard)
    return wizard


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Drawn films of two classes; one is in both, and one file holds no film."""
    folder = tmp_path / "labelled"
    drawn_films(folder, CLASSES)
    write(folder, "again.png", picture(0), "PNEUMONIA")
    (folder / "NORMAL" / "broken.png").write_bytes(b"no film")
    return folder


def test_the_edition_without_training_says_in_the_window_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(
        sys, "excepthook", desk.take_exception
    )  # as the program does while its window is open
    desk.actions["train"].trigger()
    assert "Install the full edition" in desk.notices.sentences[0]
    assert not desk.window.findChildren(RetrainingWizard)


def pages(wizard: RetrainingWizard) -> tuple[FilmsPage, DataPage, SplitPage]:
    films, data, split = wizard.pages[:3]
    assert isinstance(films, FilmsPage) and isinstance(data, DataPage) and isinstance(split, SplitPage)
    return films, data, split


def drop(page: FilmsPage, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))


def taken(qtbot: QtBot, wizard: RetrainingWizard, *paths: Path) -> FilmsPage:
    films = pages(wizard)[0]
    with qtbot.waitSignal(films.plan_changed, timeout=LONG):
        drop(films, *paths)
    return films


def looked_at(qtbot: QtBot, wizard: RetrainingWizard) -> DataPage:
    wizard.next.click()
    data = pages(wizard)[1]
    qtbot.waitUntil(lambda: data.plan.report is not None, timeout=LONG)
    return data


def card(data: DataPage, kind: ProblemKind) -> ProblemCard:
    return next(each for each in data.problems.cards if each.problem.kind is kind)


def write_over(films: FilmsPage, row: int, name: str) -> None:
    item = films.table.item(row, 1)
    assert isinstance(item, QTableWidgetItem)
    item.setText(name)


def test_dropped_folders_become_classes_that_can_be_renamed_merged_and_left_out(
    qtbot: QtBot, wizard: RetrainingWizard, tmp_path: Path
) -> None:
    drawn_films(tmp_path, {"NORMAL": 10, "bacteria": 10, "virus": 10})
    assert not wizard.next.isEnabled()
    taken(qtbot, wizard, tmp_path / "NORMAL")
    films = pages(wizard)[0]
    assert films.problem.isVisible() and not wizard.next.isEnabled()  # one class, and loose by itself
    taken(qtbot, wizard, tmp_path / "bacteria", tmp_path / "virus")
    assert [each.found for each in wizard.plan.classes] == ["NORMAL", "bacteria", "virus"]
    assert wizard.next.isEnabled()
    for row in (1, 2):
        write_over(films, row, "PNEUMONIA")
    assert {film.label for film in wizard.plan.films} == {"NORMAL", "PNEUMONIA"}
    assert "30 films of 2 classes" in films.total.text()
    use = films.table.item(0, 0)
    assert use is not None
    use.setCheckState(Qt.CheckState.Unchecked)
    assert "one class only" in films.problem.text() and not wizard.next.isEnabled()
    films.anew.click()
    assert wizard.plan.films == () and not films.table.isVisible()


def test_a_list_that_is_wrong_is_refused_in_words_and_what_was_there_stays(
    qtbot: QtBot, wizard: RetrainingWizard, labelled: Path, tmp_path: Path
) -> None:
    films = taken(qtbot, wizard, labelled)
    before = wizard.plan
    bad = tmp_path / "bad.csv"
    bad.write_text("picture;size\na.png;3\n")
    drop(films, bad)
    qtbot.waitUntil(films.problem.isVisible, timeout=LONG)
    assert "no column" in films.problem.text()
    assert wizard.plan == before


def test_problems_are_told_shown_left_out_and_taken_back(
    qtbot: QtBot, wizard: RetrainingWizard, labelled: Path
) -> None:
    taken(qtbot, wizard, labelled)
    data = looked_at(qtbot, wizard)
    assert "1 problem has to be put right" in data.verdict.text() and not wizard.next.isEnabled()
    card(data, ProblemKind.UNREADABLE).leave_out.click()
    assert wizard.plan.left_out == {labelled / "NORMAL" / "broken.png"}
    qtbot.waitUntil(lambda: data.problems.cards[-1].problem.kind is ProblemKind.UNREADABLE)  # settled
    card(data, ProblemKind.UNREADABLE).take_back.click()
    assert not wizard.plan.left_out

    twice = card(data, ProblemKind.COPY_OF_TWO_CLASSES)
    twice.show_films.click()
    assert data.concerned.isVisible() and data.concerned.model().rowCount() == 2
    place = data.concerned.visualRect(data.concerned.model().index(1, 0)).center()
    qtbot.mouseClick(data.concerned.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wizard.plan.left_out == {labelled / "PNEUMONIA" / "again.png"}  # one of the two is enough
    qtbot.waitUntil(wizard.next.isEnabled)
    qtbot.keyClick(data.concerned, Qt.Key.Key_Space)
    assert not wizard.plan.left_out and not wizard.next.isEnabled()
    qtbot.waitUntil(lambda: "to be put right" in data.verdict.text())


def test_a_file_that_was_exported_again_is_read_again(
    qtbot: QtBot, wizard: RetrainingWizard, labelled: Path
) -> None:
    taken(qtbot, wizard, labelled)
    data = looked_at(qtbot, wizard)
    assert card(data, ProblemKind.UNREADABLE) and data.again.isVisible()
    write(labelled, "broken.png", picture(600), "NORMAL")
    data.again.click()
    qtbot.waitUntil(lambda: len(data.plan.report.facts if data.plan.report else ()) == 32, timeout=LONG)
    assert data.again.isHidden()
    assert ProblemKind.UNREADABLE not in {each.problem.kind for each in data.problems.cards}


def test_reading_can_be_stopped_and_begun_again(
    qtbot: QtBot, wizard: RetrainingWizard, labelled: Path
) -> None:
    taken(qtbot, wizard, labelled)
    data = pages(wizard)[1]
    wizard.next.click()
    data.reading.cancel_requested.emit()
    assert "stopped" in data.verdict.text() and not wizard.next.isEnabled()
    data.again.click()
    qtbot.waitUntil(lambda: data.plan.report is not None, timeout=LONG)
    qtbot.waitUntil(lambda: "stopped" not in data.verdict.text())
    assert data.problems.cards


def test_the_pattern_of_patients_is_tried_while_it_is_written(
    qtbot: QtBot, wizard: RetrainingWizard, labelled: Path
) -> None:
    taken(qtbot, wizard, labelled)
    data = looked_at(qtbot, wizard)
    data.pattern.edit.click()
    line = data.pattern.line
    line.clear()
    qtbot.keyClicks(line, r"(\w+) (")
    qtbot.waitUntil(lambda: "no pattern" in data.pattern.words.text())
    assert wizard.plan.pattern != line.text()
    qtbot.keyClicks(line, r"\d)")
    qtbot.waitUntil(lambda: wizard.plan.pattern == r"(\w+) (\d)")
    assert "30 of 32 names" in data.pattern.words.text()


def test_an_earlier_page_changed_makes_later_ones_be_looked_at_anew(
    qtbot: QtBot, wizard: RetrainingWizard, labelled: Path
) -> None:
    taken(qtbot, wizard, labelled)
    data = looked_at(qtbot, wizard)
    wizard.back.click()
    write_over(pages(wizard)[0], 0, "healthy")
    assert wizard.plan.report is None
    assert wizard.steps.item(2).flags() == Qt.ItemFlag.NoItemFlags
    looked_at(qtbot, wizard)
    assert data.plan.report is not None
    assert {each.film.label for each in data.plan.report.facts} == {"healthy", "PNEUMONIA"}


def test_models_are_compared_on_test_films_of_the_training_in_view_whatever_the_wizard_holds(
    qtbot: QtBot, open_desk: OpenDesk, folders: UserFolders, data_folder: Path
) -> None:
    films = [
        LabelledFilm(path, label)
        for label in CLASSES
        for path in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:2]
    ]
    a_finished_run(folders, "older", [replace(film, side=Side.TRAIN) for film in films])
    a_finished_run(folders, "newer", [replace(film, side=Side.TEST) for film in films])
    desk = open_desk()
    desk.retraining.show()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    _, _, _, _, training, result, _ = wizard.pages
    assert isinstance(training, TrainingStep) and isinstance(result, ResultStep)
    qtbot.waitUntil(lambda: len(desk.retraining.trainings.service.states) == 2, timeout=LONG)
    # The wizard holds a plan with test films, from which the older model learned.
    wizard.plan = replace(wizard.plan, found=FoundFilms(tuple(replace(f, side=Side.TEST) for f in films)))
    wizard.go_to(training)
    training.training.show_run("older")
    wizard.next.click()
    qtbot.waitUntil(lambda: result.is_ready, timeout=LONG)
    assert "was given no test films" in result.result.message.text()
    wizard.back.click()
    training.training.show_run("newer")
    wizard.next.click()
    qtbot.waitUntil(lambda: result.is_ready, timeout=LONG)
    found = result.result.result
    assert found is not None and found.new.id == "newer"
    assert {film.film for film in found.films} == {str(film.path) for film in films}


@pytest.mark.timeout(900)
def test_real_films_go_through_all_pages_to_a_model_in_use_and_back(
    qtbot: QtBot, desk: Desk, folders: UserFolders, data_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    films = tmp_path / "own"
    for label in CLASSES:
        (films / label).mkdir(parents=True)
        for path in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:30]:
            shutil.copy(path, films / label)
    desk.actions["train"].trigger()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    taken(qtbot, wizard, films)
    data = looked_at(qtbot, wizard)
    qtbot.waitUntil(lambda: not data.checking.isHidden(), timeout=LONG)
    qtbot.waitUntil(data.checking.isHidden, timeout=LONG)  # the image checks are through
    assert wizard.next.isEnabled(), data.verdict.text()
    for index in range(data.figures.choice.count()):
        data.figures.choice.setCurrentIndex(index)
    data.tabs.setCurrentWidget(data.samples)
    wizard.next.click()
    split = pages(wizard)[2]
    qtbot.waitUntil(lambda: split.is_ready, timeout=LONG)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    split.locked.make.click()
    qtbot.waitUntil(lambda: wizard.plan.split.locked is not None and split.is_ready, timeout=LONG)
    assert load_locked_test(folders.locked_test) == wizard.plan.split.locked
    split.share.setCurrentIndex(split.share.findData(50))
    split.share.activated.emit(split.share.currentIndex())
    qtbot.waitUntil(lambda: split.is_ready, timeout=LONG)
    wizard.next.click()
    assert wizard.plan.films_file is not None
    listed = films_listed(wizard.plan.films_file)
    assert split.division is not None and listed == split.division.films
    assert wizard.plan.split.locked is not None
    assert sum(film.side is Side.TEST for film in listed) == len(wizard.plan.split.locked.films)
    wizard.close()
    desk.actions["train"].trigger()
    assert wizard.isVisible() and wizard.page is wizard.pages[3]  # as it was left
    a_model_is_trained_compared_and_used(qtbot, desk, wizard)


def a_model_is_trained_compared_and_used(qtbot: QtBot, desk: Desk, wizard: RetrainingWizard) -> None:
    """The wizard's other half, with a small network that learns for an epoch."""
    _, _, _, model, training, result, use = wizard.pages
    assert isinstance(model, ModelStep) and isinstance(training, TrainingStep)
    assert isinstance(result, ResultStep) and isinstance(use, UseStep)
    qtbot.waitUntil(lambda: model.is_ready, timeout=LONG)
    choose_small_network(model, epochs=1)
    wizard.next.click()
    assert wizard.page is training and not wizard.next.isEnabled()
    training.training.start.click()
    qtbot.waitUntil(lambda: training.is_ready, timeout=VERY_LONG)
    wizard.next.click()
    qtbot.waitUntil(lambda: result.is_ready, timeout=VERY_LONG)
    assert result.result.result is not None, result.result.message.text()
    wizard.next.click()
    before = desk.model.folder
    use.use.switch.click()
    qtbot.waitUntil(lambda: use.is_ready, timeout=LONG)
    assert desk.model.card is not None and desk.model.card.provenance.architecture == "sharma-cnn"
    use.use.back.click()
    qtbot.waitUntil(lambda: desk.model.folder == before, timeout=LONG)
    wizard.next.click()
    assert not wizard.isVisible()


def choose_small_network(model: ModelStep, epochs: int) -> None:
    """On the page *Model*: a new network, and as little as it can learn from."""
    anew = next(each for each in model.findChildren(QRadioButton) if "nothing yet" in each.text())
    anew.click()
    networks = next(each for each in model.findChildren(QComboBox) if anew.text() in each.accessibleName())
    networks.setCurrentIndex(networks.findText("One convolution", Qt.MatchFlag.MatchContains))
    networks.activated.emit(networks.currentIndex())
    for name, value in (("epochs", epochs), ("image_size", 32)):
        box = model.network.form.findChild(QSpinBox, name)
        assert box is not None
        box.setValue(value)
    order = model.network.order
    assert order is not None and order.start.architecture == "sharma-cnn"
