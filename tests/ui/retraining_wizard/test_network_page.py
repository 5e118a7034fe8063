"""The page *Model*: start, recipe, preview and estimate, driven as a reader would."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QFileDialog, QRadioButton, QSpinBox
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.domain.film_preview import FilmPreview, PreviewQuestion
from cxr_desktop.domain.start_choices import StartChoice, StartQuestion, TrainingOrder, TrainingStart
from cxr_desktop.domain.training_estimate import TrainingEstimate
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.ui.retraining_wizard.network_page import NetworkPage
from cxr_desktop.ui.retraining_wizard.variation_box import SHOWN, SIDE
from cxr_desktop.workers.latest_answer import LatestAnswer

RECIPE = Tuning(16, 2e-4, 32, 0, 128, None, True, "none")
CURRENT = StartChoice(
    "continue", TrainingStart("xception", Path("model")), "Xception 7", "Sees lungs.",
    replace(RECIPE, learning_rate=2e-5), 32,
)  # fmt: skip
NEW = StartChoice("scratch", TrainingStart("cnn"), "Small", "Sees films.", replace(RECIPE, epochs=40), 64)
OTHER = StartChoice("scratch", TrainingStart("dense"), "Dense", "Sees films.", RECIPE, 200)
FILE = Path("imagenet.h5")
WANTED = StartChoice(
    "imagenet", TrainingStart("xception"), "Xception", "Sees lungs.", RECIPE, 71, "Choose that file once."
)
FOUND = replace(WANTED, start=TrainingStart("xception", weights=FILE), problem="")
FILMS = tuple(Path(f"film{n}.png") for n in range(6))


class Machine:
    """Answers the page's questions without an engine."""

    def __init__(self) -> None:
        self.known: list[Path] = []
        self.previewed: list[PreviewQuestion] = []
        self.measured = threading.Event()
        self.begun = threading.Event()
        self.given_up = threading.Event()

    def starts(self, question: StartQuestion, _: Callable[[], bool]) -> tuple[StartChoice, ...]:
        if question.weights is not None and question.weights != FILE:
            raise TrainingError("That is another file.")
        self.known += [question.weights] if question.weights else []
        return (CURRENT, NEW, OTHER, FOUND if self.known else WANTED)

    def preview(self, question: PreviewQuestion, _: Callable[[], bool]) -> tuple[FilmPreview, ...]:
        self.previewed.append(question)
        film = np.full((32, 32), 90, np.uint8)
        return tuple(FilmPreview(film, film + 1) for _ in question.films)

    def estimate(self, order: TrainingOrder, given_up: Callable[[], bool]) -> TrainingEstimate:
        self.begun.set()
        while not self.measured.wait(0.005):
            if given_up():
                self.given_up.set()
                raise Cancelled
        epochs = order.tuning.epochs or 16
        return TrainingEstimate("CPU", 500, epochs, 10, 30, 60, 2_000_000_000, 1_000_000_000)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def page(qtbot: QtBot, machine: Machine) -> Iterator[NetworkPage]:
    services = (
        LatestAnswer("starts", machine.starts),
        LatestAnswer("previews", machine.preview),
        LatestAnswer("estimates", machine.estimate),
    )
    page = NetworkPage(*services)
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    page.show_films(Path("films.csv"), FILMS)
    with qtbot.waitSignal(page.ready_changed) as ready:
        page.enter()
    assert ready.args == [True]
    yield page
    for service in services:
        service.close()


def kind(page: NetworkPage, words: str) -> QRadioButton:
    return next(each for each in page.findChildren(QRadioButton) if words in each.text())


def spin(page: NetworkPage, name: str) -> QSpinBox:
    found = page.form.findChild(QSpinBox, name)
    assert found is not None
    return found


def test_going_on_from_the_model_in_use_is_preselected_with_its_own_recipe(page: NetworkPage) -> None:
    assert kind(page, "recommended").isChecked()
    assert page.order == TrainingOrder(Path("films.csv"), CURRENT.start)
    rate = page.form.findChild(QDoubleSpinBox, "learning_rate")
    assert rate is not None and rate.text() == "0.00002"
    assert not spin(page, "image_size").isEnabled()  # the model settles it


def test_the_films_shown_make_the_page_no_wider_than_they_are(page: NetworkPage) -> None:
    pictures = SHOWN * SIDE
    assert page.variation.minimumSizeHint().width() < pictures + 70  # whatever the rows are called


def test_only_what_differs_from_the_recipe_is_ordered(qtbot: QtBot, page: NetworkPage) -> None:
    spin(page, "epochs").setValue(5)
    variation = page.form.findChild(QComboBox, "variation")
    assert variation is not None and variation.currentText() == "as its recipe has it"
    variation.setCurrentText("strong")
    rate = page.form.findChild(QDoubleSpinBox, "learning_rate")
    assert rate is not None
    rate.selectAll()
    qtbot.keyClicks(rate, "3e-4")
    assert page.order is not None
    assert page.order.tuning.changed == {"epochs": 5, "variation": "strong", "learning_rate": 3e-4}
    spin(page, "epochs").setValue(16)
    assert "epochs" not in page.order.tuning.changed
    page.form.back.click()
    assert page.order.tuning == Tuning()


def test_what_was_changed_stays_changed_for_another_network_where_it_can(
    qtbot: QtBot, page: NetworkPage
) -> None:
    qtbot.mouseClick(kind(page, "knows nothing"), Qt.MouseButton.LeftButton)
    assert page.order == TrainingOrder(Path("films.csv"), NEW.start)
    assert spin(page, "epochs").value() == 40
    spin(page, "epochs").setValue(7)
    spin(page, "image_size").setValue(96)
    networks = next(each for each in page.findChildren(QComboBox) if each.count() == 2)
    networks.setCurrentIndex(1)
    networks.activated.emit(1)
    assert page.order is not None and page.order.start == OTHER.start
    # Below 200 pixels this one cannot be built.
    assert page.order.tuning.changed == {"epochs": 7, "image_size": 200}


def test_an_imagenet_start_asks_once_for_its_file_and_refuses_another(
    qtbot: QtBot, page: NetworkPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    imagenet = kind(page, "everyday pictures")
    assert not imagenet.isEnabled()
    for chosen in ("other.h5", str(FILE)):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, name=chosen: (name, ""))
        page.start_box.choose_file.click()
        said = "That is another file." if chosen == "other.h5" else ""
        qtbot.waitUntil(lambda said=said: page.start_box.problem == said)
    qtbot.waitUntil(imagenet.isChecked)  # whoever gives its file wants to start there
    assert page.order is not None and page.order.start.weights == FILE
    assert not page.start_box.choose_file.isVisible()


def test_films_are_shown_varied_anew_and_by_what_is_chosen(
    qtbot: QtBot, page: NetworkPage, machine: Machine
) -> None:
    qtbot.waitUntil(lambda: bool(machine.previewed))
    page.variation.again.click()
    qtbot.waitUntil(lambda: machine.previewed[-1].seed == 1)
    page.variation.others.click()
    qtbot.waitUntil(lambda: machine.previewed[-1].films == (*FILMS[4:], *FILMS[:2]))
    variation = page.form.findChild(QComboBox, "variation")
    assert variation is not None
    variation.setCurrentText("gentle")
    qtbot.waitUntil(lambda: machine.previewed[-1].tuning.variation == "gentle")
    assert machine.previewed[-1].start == CURRENT.start


def test_an_estimate_is_measured_cancelled_and_forgotten_with_the_next_change(
    qtbot: QtBot, page: NetworkPage, machine: Machine
) -> None:
    box = page.estimate
    box.measure.click()
    assert box.bar.isVisible() and not box.measure.isEnabled()
    assert machine.begun.wait(30)
    box.cancel.click()
    assert machine.given_up.wait(30) and box.measure.isEnabled()
    machine.measured.set()
    spin(page, "epochs").setValue(3)
    box.measure.click()
    qtbot.waitUntil(lambda: box.figure.text() == "At most 4 min")
    assert "2.0 GB of memory" in box.words.text() and "On CPU" in box.words.text()
    spin(page, "epochs").setValue(4)
    assert not box.figure.isVisible()


def test_without_films_nothing_can_be_trained(qtbot: QtBot, page: NetworkPage) -> None:
    with qtbot.waitSignal(page.ready_changed) as ready:
        page.show_films(None)
    assert ready.args == [False] and page.order is None and not page.estimate.measure.isEnabled()


def test_the_wheel_scrolls_the_page_and_changes_nothing_on_its_way(page: NetworkPage) -> None:
    epochs = spin(page, "epochs")
    epochs.clearFocus()
    before = epochs.value()
    where = QPointF(epochs.rect().center())
    turn = QWheelEvent(
        where, QPointF(epochs.mapToGlobal(where.toPoint())), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(epochs, turn)
    assert epochs.value() == before
