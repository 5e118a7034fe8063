"""The window around the panes: what has the keyboard, and what a narrow screen does to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.heat_look import DEFAULT_LOOK
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.notice_bar import NoticeBar
from cxr_desktop.ui.status_line import DISCLAIMER, StatusLine
from cxr_desktop.ui.study_browser import StudyBrowser
from cxr_desktop.ui.theme import apply_theme
from cxr_desktop.ui.triage_panel import TriagePanel
from cxr_desktop.ui.window_actions import WindowActions
from tests.ui.worklist_examples import film, prediction, study


def empty_window() -> MainWindow:
    viewer = ImageViewer(True, DEFAULT_LOOK)
    return MainWindow(StudyBrowser(), viewer, TriagePanel(), StatusLine(), NoticeBar())


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> MainWindow:
    apply_theme(qapp, "dark")  # its style makes everything wider
    window = empty_window()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitActive(window)
    return window


def pane(window: MainWindow, kind: type[QWidget]) -> QWidget:
    found = window.findChild(kind)
    assert found is not None
    return found


def test_the_first_keys_go_to_the_film_and_not_into_the_search_box(window: MainWindow) -> None:
    viewer = pane(window, ImageViewer)
    assert isinstance(viewer, ImageViewer)
    assert QApplication.focusWidget() is viewer.canvas


def test_single_letters_reach_their_actions_from_the_lists_too(qtbot: QtBot, window: MainWindow) -> None:
    actions = WindowActions(window)
    browser, triage = pane(window, StudyBrowser), pane(window, TriagePanel)
    assert isinstance(browser, StudyBrowser) and isinstance(triage, TriagePanel)
    # Names that begin with the keys: a list's own search by first letter would find them.
    browser.show_studies([study(n, name=name) for n, name in enumerate(("Nkosi^Ada", "Bauer^Max"), start=1)])
    triage.queue.ranked_model.show([film(3, name="Nuñez^Eva", judged=prediction(0.9))])
    for view in (browser.view, triage.queue.ranked_view, browser.filter_bar.order_box):
        view.setFocus()
        with qtbot.waitSignal(actions["next"].triggered):
            qtbot.keyClick(view, Qt.Key.Key_N)


def test_stopping_a_job_leaves_the_keyboard_with_the_film(qtbot: QtBot, window: MainWindow) -> None:
    status, viewer = pane(window, StatusLine), pane(window, ImageViewer)
    assert isinstance(status, StatusLine) and isinstance(viewer, ImageViewer)
    status.scoring.show_progress(Progress(1, 10, 1))
    (stop,) = status.scoring.findChildren(QPushButton)
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    status.scoring.finish()
    assert QApplication.focusWidget() is viewer.canvas
    status.scoring.show_progress(Progress(1, 10, 1))
    stop.setFocus()
    status.scoring.finish()
    assert not isinstance(QApplication.focusWidget(), QLineEdit)


def test_escape_empties_the_search_box_and_then_leaves_it(qtbot: QtBot, window: MainWindow) -> None:
    browser = pane(window, StudyBrowser)
    assert isinstance(browser, StudyBrowser)
    browser.show_studies([study(1, name="Nkosi^Ada")])
    browser.focus_search()
    box = browser.filter_bar.search_box
    qtbot.keyClicks(box, "nk")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (box.text(), box.hasFocus()) == ("", True)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.hasFocus()


def test_two_jobs_and_a_long_result_fit_into_a_narrow_window(window: MainWindow) -> None:
    status = pane(window, StatusLine)
    assert isinstance(status, StatusLine)
    before = status.height()
    status.show_device("CPU, 2 threads")
    status.show_result("1,060 new films · 14 known already · 46 could not be read · 2 other files left out")
    for job in (status.intake, status.scoring):
        job.show_progress(Progress(1999, 12000, 100))
    assert status.minimumSizeHint().width() <= 1280
    assert status.height() == before  # the film does not move when a job begins
    words = [label.text() for label in status.findChildren(QLabel)]
    assert "scoring 1,999 of 12,000\n20 films/s · 8 min left" in words
    assert DISCLAIMER in words


def test_a_training_is_told_beside_the_jobs_and_a_click_opens_it(qtbot: QtBot, window: MainWindow) -> None:
    status = pane(window, StatusLine)
    assert isinstance(status, StatusLine)
    before = status.height()
    assert not status.training.isVisible()
    state = TrainingState(phase="learning", epoch=120, epochs=1000, done=1, of=2, seconds_left=36_000)
    status.training.show_state(state)
    for job in (status.intake, status.scoring):
        job.show_progress(Progress(1999, 12000, 100))
    assert status.training.text() == "training: epoch 120 of 1,000\nat most 10 h left"
    assert status.minimumSizeHint().width() <= 1366
    assert status.height() == before
    with qtbot.waitSignal(status.training.opened):
        qtbot.mouseClick(status.training, Qt.MouseButton.LeftButton)
    status.training.show_state(None)
    assert not status.training.isVisible()


def test_the_panes_sizes_come_back_at_the_next_start(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(790, 620)  # within the screen of a test
    kept = window.arrangement
    again = empty_window()
    qtbot.addWidget(again)
    again.arrange(kept)
    again.show()
    assert again.size() == window.size()
    again.arrange("not an arrangement")
    assert again.size() == window.size()
