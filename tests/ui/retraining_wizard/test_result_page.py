"""The page Result with real widgets: what is said first, what can be looked at, what can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QTabWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.compared_kinds import FilmKind
from cxr_desktop.domain.comparison import ModelComparison, ModelsToCompare, Which
from cxr_desktop.domain.comparison_page import comparison_page
from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.heat_look import DEFAULT_LOOK
from cxr_desktop.domain.model_page import page_as_markdown
from cxr_desktop.ui.retraining_wizard.compared_grid import PICTURE_SIDE
from cxr_desktop.ui.retraining_wizard.result_page import ResultPage
from cxr_desktop.ui.theme import DARK, LIGHT, apply_theme
from cxr_desktop.workers.compared_films import ComparedFilmsService, FilmWithBoth
from cxr_desktop.workers.comparison_service import ComparisonService, OnStep
from tests.domain.two_models import FILMS, comparison
from tests.workers.test_compared_films import BOTH

MODELS = ModelsToCompare("xception", "mine", Path("films.csv"))


class Work:
    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.problem = ""
        self.times = 0
        self.drawn: list[tuple[str, Which | None]] = []

    def compare(self, models: ModelsToCompare, on_step: OnStep) -> ModelComparison:
        self.times += 1
        on_step("Xception", 1, 4)
        self.go_on.wait(5)
        on_step("Mine", 1, 4)
        if self.problem:
            raise TrainingError(self.problem)
        return comparison()

    def picture(self, film: str, heat_of: Which | None) -> bytes:
        self.drawn.append((film, heat_of))
        grey = np.full((8, 8, 3), 200, np.uint8)
        return cv2.imencode(".jpg", grey)[1].tobytes()

    def look(self, film: str) -> FilmWithBoth:
        if "missed" in film:
            raise UnreadableImage("The file is gone.")
        return BOTH


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, work: Work) -> Iterator[ResultPage]:
    apply_theme(qapp, "dark")
    comparing = ComparisonService(work.compare)
    films = ComparedFilmsService(work.picture, work.look)
    page = ResultPage(comparing, films, DEFAULT_LOOK)
    qtbot.addWidget(page)
    page.resize(1180, 860)
    page.show()
    qtbot.waitExposed(page)
    yield page
    work.go_on.set()
    comparing.close()
    films.close()
    apply_theme(qapp, "dark")


def compared(qtbot: QtBot, page: ResultPage, words: str = "") -> ResultPage:
    page.set_models(MODELS, words)
    with qtbot.waitSignal(page.compared):
        page.enter()
    return page


def test_without_a_new_model_it_says_so_and_leads_nowhere(page: ResultPage, work: Work) -> None:
    page.enter()
    assert "no new model yet" in page.message.text()
    assert not page.ready and work.times == 0


def test_the_verdict_stands_first_with_reasons_and_figures(qtbot: QtBot, page: ResultPage) -> None:
    compared(qtbot, page)
    verdict = page.verdict
    assert verdict.isVisible() and verdict.verdict.text() == "The new model is better"
    assert "AUC is higher" in verdict.reasons.text() and "were locked after" in verdict.reasons.text()
    assert verdict.auc.figure.text() == "0.900 → 0.950"
    assert verdict.recall.figure.text().replace("\u00a0", " ") == "80 % → 85 %"
    assert verdict.flips.figure.text() == "2"
    assert verdict.verdict.font().pointSizeF() > 1.5 * verdict.reasons.font().pointSizeF()
    assert page.ready


def test_films_are_compared_once_however_often_the_page_is_entered(
    qtbot: QtBot, page: ResultPage, work: Work
) -> None:
    compared(qtbot, page)
    page.enter()
    page.set_models(MODELS)
    page.enter()
    assert work.times == 1 and page.result is comparison()
    page.set_models(ModelsToCompare("xception", "another", MODELS.trained_on))
    assert page.result is None and not page.ready


def test_it_shows_how_far_it_is_and_can_be_stopped_and_asked_again(
    qtbot: QtBot, page: ResultPage, work: Work
) -> None:
    work.go_on.clear()
    page.set_models(MODELS)
    page.enter()
    qtbot.waitUntil(page.job.isVisible)
    assert page.step.text() == "Xception" and not page.ready
    page.job.cancel_requested.emit()
    work.go_on.set()
    qtbot.waitUntil(page.again.isVisible)
    assert "stopped" in page.message.text() and page.ready and page.result is None
    with qtbot.waitSignal(page.compared):
        qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)


def test_why_there_is_no_comparison_stands_in_its_place(qtbot: QtBot, page: ResultPage, work: Work) -> None:
    work.problem = "There is no locked test set yet."
    page.set_models(MODELS)
    page.enter()
    qtbot.waitUntil(page.again.isVisible)
    assert page.message.text() == work.problem
    assert page.ready  # the model can be kept or discarded all the same


def test_films_that_flip_come_first_and_others_by_kind_with_heatmaps_on_demand(
    qtbot: QtBot, page: ResultPage, work: Work
) -> None:
    films = compared(qtbot, page).films
    assert [film.film for film in films.grid.rows.films] == ["/films/better.png", "/films/worse.png"]
    assert films.kind.itemText(0) == "Verdict changes (2)"
    qtbot.waitUntil(lambda: {each for each, _ in work.drawn} == {"/films/better.png", "/films/worse.png"})
    assert all(heat is None for _, heat in work.drawn)
    films.kind.setCurrentIndex(list(FilmKind).index(FilmKind.ALL))
    films.heat.setCurrentIndex(2)
    qtbot.waitUntil(lambda: {each for each in work.drawn if each[1]} == {(f.film, Which.NEW) for f in FILMS})


def test_the_films_keep_what_qt_asks_of_models(
    qtbot: QtBot, qtmodeltester: ModelTester, page: ResultPage
) -> None:
    qtmodeltester.check(compared(qtbot, page).films.grid.rows)


def test_a_picture_is_painted_when_it_comes(qtbot: QtBot, page: ResultPage, work: Work) -> None:
    grid = compared(qtbot, page).films.grid

    def painted() -> bool:
        place = grid.visualRect(grid.rows.index(0)).center()
        return (
            grid.viewport().grab().toImage().pixelColor(place.x(), place.y() - PICTURE_SIDE // 4).red() > 150
        )

    qtbot.waitUntil(painted)


def test_a_click_opens_the_film_large_with_either_models_heatmap(qtbot: QtBot, page: ResultPage) -> None:
    films = compared(qtbot, page).films
    first = films.grid.visualRect(films.grid.rows.index(0)).center()
    qtbot.mouseClick(films.grid.viewport(), Qt.MouseButton.LeftButton, pos=first)
    large = films.large
    assert large is not None
    qtbot.waitUntil(lambda: large.viewer.canvas.shown is not None)
    assert large.label.text() == "Labelled PNEUMONIA: becomes right"
    words = large.words.text().replace("\u00a0", " ")
    assert "xception: 20.0 %, not suspected (wrong)" in words and "mine: 90.0 %, suspected (right)" in words
    assert large.heat.currentText() == "Heatmap of mine (new)"
    assert not large.previous.isEnabled()
    qtbot.keyClick(large, Qt.Key.Key_N)
    assert large.label.text() == "Labelled NORMAL: becomes wrong"
    assert not large.next.isEnabled()
    large.close()


def test_a_film_that_is_gone_says_so_in_its_place(qtbot: QtBot, page: ResultPage) -> None:
    films = compared(qtbot, page).films
    films.kind.setCurrentIndex(list(FilmKind).index(FilmKind.MISSED))
    films.grid.film_opened.emit(0)
    assert films.large is not None
    canvas = films.large.viewer.canvas
    qtbot.waitUntil(lambda: canvas.accessibleDescription() == "The file is gone.")
    films.large.close()


def test_curves_hold_both_models_and_follow_the_theme(
    qtbot: QtBot, qapp: QApplication, page: ResultPage
) -> None:
    curves = compared(qtbot, page).curves
    assert "xception (present)" in curves.legend.text() and "mine (new)" in curves.legend.text()
    drawn = [item.getData() for item in curves.roc.plot.listDataItems()]
    assert any(list(ys) == [0.0, 0.90, 1.0] for _, ys in drawn)
    assert any(list(ys) == [0.0, 0.95, 1.0] for _, ys in drawn)
    assert curves.roc.plot.backgroundBrush().color() == QColor(DARK.panel)
    apply_theme(qapp, "light")
    assert curves.roc.plot.backgroundBrush().color() == QColor(LIGHT.panel)


def test_on_a_small_screen_axes_keep_their_titles_and_nothing_lies_over_another(
    qtbot: QtBot, page: ResultPage
) -> None:
    page.resize(1130, 601)  # what a wizard of 1366 × 768 has for it
    curves = compared(qtbot, page, "This model judges already.").curves
    tabs = page.findChild(QTabWidget)
    assert tabs is not None
    tabs.setCurrentWidget(curves)
    assert page.remark.isVisible() and page.height() == 601
    for plot in (curves.roc, curves.precision_recall, curves.calibration):
        left = plot.plot.getAxis("left")
        qtbot.waitUntil(lambda left=left: left.label.boundingRect().width() <= left.size().height())
        explanation = plot.findChildren(QLabel)[-1]
        assert plot.plot.geometry().bottom() < explanation.geometry().top()
        assert explanation.height() >= explanation.heightForWidth(explanation.width())


def test_the_dots_of_calibration_stand_where_the_films_of_their_bins_are(
    qtbot: QtBot, page: ResultPage
) -> None:
    curves = compared(qtbot, page).curves
    drawn = [list(zip(*item.getData(), strict=True)) for item in curves.calibration.plot.listDataItems()]
    assert [(0.1, 0.0), (0.95, 1.0)] in drawn


def test_all_figures_can_be_read_with_their_contents(qtbot: QtBot, page: ResultPage) -> None:
    figures = compared(qtbot, page).figures
    titles = [figures.contents.item(row).text() for row in range(figures.contents.count())]
    assert titles[0] == "In short" and "Groups of films" in titles
    assert "Nothing is concluded from fewer than" in figures.text.toPlainText()


def test_all_figures_can_be_copied_for_a_report(qtbot: QtBot, page: ResultPage) -> None:
    qtbot.mouseClick(compared(qtbot, page).copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == page_as_markdown(comparison_page(comparison()))
