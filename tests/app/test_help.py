"""`F1`, in the whole window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.resources import resources_folder
from cxr_desktop.ui.help_window import HelpWindow
from cxr_desktop.ui.retraining_wizard import RetrainingWizard

pytestmark = pytest.mark.qt_log_ignore("raise\\(\\)")  # the offscreen platform has no order of windows


def test_f1_opens_the_help_once_and_it_keeps_its_place(qtbot: QtBot, desk: Desk) -> None:
    for _ in range(2):
        qtbot.keyClick(desk.window, Qt.Key.Key_F1)
    (help_window,) = desk.window.findChildren(HelpWindow)
    assert help_window.isVisible()
    titles = [help_window.contents.item(row).text() for row in range(help_window.contents.count())]
    assert "How to read the score" in titles and "For developers" not in titles
    help_window.contents.setCurrentRow(titles.index("Formats"))
    place = help_window.text.verticalScrollBar().value()
    assert place > 0
    help_window.close()
    desk.window.activateWindow()
    qtbot.keyClick(desk.window, Qt.Key.Key_F1)
    assert help_window.isVisible()
    assert help_window.text.verticalScrollBar().value() == place


def test_f1_helps_in_the_windows_beside_the_films_too(qtbot: QtBot, desk: Desk) -> None:
    desk.actions["train"].trigger()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    wizard.activateWindow()
    qtbot.waitUntil(wizard.isActiveWindow)
    qtbot.keyClick(wizard, Qt.Key.Key_F1)
    (help_window,) = desk.window.findChildren(HelpWindow)
    assert help_window.isVisible()


@pytest.mark.parametrize("dialog_of", ["settings", "shortcuts"])
def test_f1_helps_in_a_dialog_that_holds_up_the_other_windows(
    qtbot: QtBot, desk: Desk, dialog_of: str
) -> None:
    seen: list[bool] = []

    def ask_for_help() -> None:
        dialog = QApplication.activeModalWidget()
        qtbot.keyClick(dialog, Qt.Key.Key_F1)
        for help_window in dialog.findChildren(HelpWindow):  # any other would be held up
            qtbot.keyClicks(help_window.words, "heatmap")
            seen.append(help_window.isVisible() and help_window.words.text() == "heatmap")
        dialog.close()

    QTimer.singleShot(100, ask_for_help)
    desk.actions[dialog_of].trigger()
    assert seen == [True]
    (help_window,) = desk.window.findChildren(HelpWindow)
    assert help_window.parent() is desk.window and help_window.isVisible()  # is read on without the dialog


def test_the_page_of_the_benchmark_and_its_curves_come_along(qtbot: QtBot, desk: Desk) -> None:
    desk.actions["help"].trigger()
    (help_window,) = desk.window.findChildren(HelpWindow)
    help_window.text.anchorClicked.emit("resources/models/BENCHMARK.md")
    assert "The reference systems, trained again" in help_window.text.toPlainText()
    assert (resources_folder() / "models" / "benchmark-roc.svg").is_file()


def test_help_stands_first_in_its_menu(desk: Desk) -> None:
    menu = next(a.menu() for a in desk.window.menuBar().actions() if a.text() == "&Help")
    assert isinstance(menu, QMenu)
    assert menu.actions()[0] is desk.actions["help"]
