"""The window "Two models": what is asked, stopped, chosen and dragged in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QSplitter, QSplitterHandle, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.explanation import (
    Answer,
    Explanation,
    FilmLayers,
    LayersQuestion,
    LimeOptions,
    Method,
    Question,
)
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.ui.image_viewer import Caption
from cxr_desktop.ui.model_choice import ModelChoice
from cxr_desktop.ui.model_comparison import AllFilms, ModelComparisonWindow
from cxr_desktop.ui.theme import apply_theme
from cxr_desktop.ui.triage_panel.lime_dialog import LimeDialog, LimeMemory
from cxr_desktop.workers.questioning_service import QuestioningService
from cxr_desktop.workers.scoring_service import FilmScorer
from cxr_desktop.workers.second_opinion import SecondOpinionService
from cxr_desktop.workers.worklist import Worklist
from tests.ui.worklist_examples import film, model_card, prediction, study
from tests.workers.rows import judgement, radiograph

CHOICES = [ModelChoice(name, f"{name} 1", model_card()) for name in ("left", "right")]
IN_COMMON = "The two maps have 24 % of their evidence in common: the models look at different places."
LAPTOP = (1257, 706)  # what a screen of 1366×768 leaves


def reply(asked: Question | LayersQuestion, tell: Callable[[int, int], None]) -> Answer | FilmLayers:
    """An answer at once; LIME asks until nobody waits any more."""
    assert isinstance(asked, Question)
    while asked.method is Method.LIME:
        tell(1, 2)
        time.sleep(0.005)
    heatmap = Heatmap(np.ones((2, 2), np.float32), Box(0, 0, 300, 300), asked.method.value)
    return Answer(judgement(), Explanation(heatmap, 0.9), None, ("Grad-CAM finds it elsewhere.",), 0.1)


@dataclass
class Opened:
    """A window on one film, and what stands behind it."""

    window: ModelComparisonWindow
    questioning: QuestioningService
    worklist: Worklist
    lime: LimeMemory
    loaded: list[str]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    """Both models have answered with the map of the score."""
    apply_theme(qapp, "dark")
    loaded: list[str] = []

    def load(name: str) -> FilmScorer:
        loaded.append(name)
        raise BundleError("The model is damaged.")

    questioning = QuestioningService(reply)
    second = SecondOpinionService(load, lambda row: radiograph(row.id))
    studies = [study(number, judged=prediction(0.9)) for number in (1, 2)]
    worklist = Worklist(lambda ids: [each for each in studies if each.id in ids])
    worklist.fill(studies)
    lime = LimeMemory()
    all_films = AllFilms(second, worklist, lambda _, said: said)
    main = QWidget()
    window = ModelComparisonWindow(
        questioning, lambda _, said: said, lambda *_: IN_COMMON, HeatLook(), lime, all_films, main
    )
    window.offer(CHOICES, "left")
    window.show()
    qtbot.waitExposed(window)
    window.show_film(film(1), radiograph(side=300), Caption())
    qtbot.waitUntil(lambda: settled(window))
    yield Opened(window, questioning, worklist, lime, loaded)
    main.deleteLater()  # and the window with it, unless it was closed
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    questioning.close()
    second.close()


def settled(window: ModelComparisonWindow) -> bool:
    return all(side.told is not None for side in window.sides) and not window.running.isVisible()


def choose(window: ModelComparisonWindow, method: Method) -> None:
    window.methods.setFocus()
    window.methods.choose(method)
    window.methods.activated.emit(window.methods.currentIndex())


def ask_lime(qtbot: QtBot, opened: Opened) -> None:
    with qtbot.waitSignal(opened.questioning.progress_changed):
        choose(opened.window, Method.LIME)


def methods(window: ModelComparisonWindow) -> list[Method]:
    return [side.told[0].method for side in window.sides if side.told is not None]


def test_escape_takes_back_what_is_asked(qtbot: QtBot, opened: Opened) -> None:
    ask_lime(qtbot, opened)
    with qtbot.waitSignal(opened.questioning.cancelled):
        qtbot.keyClick(opened.window, Qt.Key.Key_Escape)


def test_escape_closes_the_window_from_within_a_film(qtbot: QtBot, opened: Opened) -> None:
    canvas = opened.window.sides[0].viewer.canvas
    qtbot.waitUntil(lambda: canvas.shown is not None)
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not opened.window.isVisible()


def test_what_was_stopped_is_said_and_the_box_names_the_map_that_is_shown(
    qtbot: QtBot, opened: Opened
) -> None:
    window = opened.window
    ask_lime(qtbot, opened)
    assert window.superpixels.isVisible()
    window.running.stop.click()
    assert methods(window) == [Method.CAM, Method.CAM]
    assert window.methods.currentText().startswith("With the score")
    assert window.again.text() == "Ask again: LIME"
    assert not window.superpixels.isVisible()
    for side in window.sides:
        assert side.doubts.text().splitlines() == [
            "LIME: stopped before this model had answered. The map before stays.",
            "Grad-CAM finds it elsewhere.",
        ]
    with qtbot.waitSignal(opened.questioning.progress_changed):
        window.again.click()
    assert window.method is Method.LIME  # what was stopped is asked again
    assert "stopped" not in window.sides[0].doubts.text()


def test_after_a_choice_the_keys_go_to_a_film(qtbot: QtBot, opened: Opened) -> None:
    window = opened.window
    window.activateWindow()
    choose(window, Method.OCCLUSION)
    qtbot.waitUntil(lambda: methods(window) == [Method.OCCLUSION] * 2)
    assert window.sides[0].viewer.canvas.hasFocus()
    right = window.sides[1]
    right.box.setFocus()
    right.box.activated.emit(right.box.currentIndex())
    assert right.viewer.canvas.hasFocus()
    qtbot.waitUntil(lambda: settled(window))
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, "H")
    assert not any(side.viewer.canvas.look.heat_shown for side in window.sides)


def test_films_have_half_of_a_small_window_and_are_divided_alike(qtbot: QtBot, opened: Opened) -> None:
    window = opened.window
    window.resize(*LAPTOP)
    canvases = [side.viewer.canvas for side in window.sides]
    qtbot.waitUntil(lambda: window.height() == LAPTOP[1])
    QCoreApplication.processEvents()
    assert min(canvas.height() for canvas in canvases) >= LAPTOP[1] / 2
    before = canvases[0].height()
    handle = window.sides[0].findChildren(QSplitter)[0].handle(1)
    assert isinstance(handle, QSplitterHandle)
    middle = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(handle, middle - QPoint(0, 60))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    assert canvases[0].height() < before
    assert canvases[0].height() == canvases[1].height()


def test_limes_options_are_those_chosen_last_wherever_that_was(qtbot: QtBot, opened: Opened) -> None:
    opened.lime.options = LimeOptions(seed=7)
    shown: list[LimeOptions] = []

    def agree() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, LimeDialog)
        shown.append(dialog.options())
        dialog.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Ok).click()

    ask_lime(qtbot, opened)
    QTimer.singleShot(0, agree)
    opened.window.options.click()
    assert shown == [LimeOptions(seed=7)]
    assert opened.lime.options == LimeOptions(seed=7)


def test_a_model_that_cannot_be_loaded_says_why_and_is_asked_again_when_the_reader_wants(
    qtbot: QtBot, opened: Opened
) -> None:
    page = opened.window.all_films
    opened.window.pages.setCurrentWidget(page)
    qtbot.waitUntil(page.problem.isVisible)
    assert page.problem.text() == "The model is damaged."
    with qtbot.waitSignal(opened.worklist.changed):
        opened.worklist.mark_changed([1])
    assert page.problem.isVisible()
    assert opened.loaded == ["right"]
    page.go_on.click()
    assert not page.problem.isVisible()
    qtbot.waitUntil(page.problem.isVisible)
    assert opened.loaded == ["right", "right"]
