"""*Help → Check this computer*: looked at beside the reading, to be copied or saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.app.check_up import models
from cxr_desktop.app.desk import Desk
from cxr_desktop.ui.check_up_window import CheckUpWindow


@pytest.fixture(autouse=True)
def few_films(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "FILMS", 2)


def opened(desk: Desk) -> CheckUpWindow:
    desk.actions["check_computer"].trigger()
    window = desk.window.findChild(CheckUpWindow)
    assert window is not None and window.isVisible()
    return window


def step_of(window: CheckUpWindow) -> str:
    # Where the reader sees it: a plain function that listens to a signal is called on the looking thread.
    return window.findChildren(QLabel)[0].text()


def test_what_is_found_can_be_copied_and_saved_and_the_window_goes_on_meanwhile(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[str] = []
    window = opened(desk)
    assert not window.copy_button.isEnabled()
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(step_of(window)))
    timer.start(10)
    qtbot.waitUntil(lambda: "All is well." in window.text, timeout=60_000)
    timer.stop()
    assert len(ticks) > 20  # it was alive while it was looked
    assert "Looking at: Models…" in ticks
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == window.text
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "check.txt"), ""))
    window.save_button.click()
    assert (tmp_path / "check.txt").read_text(encoding="utf-8") == window.text
    assert "Catalogue   sound" in window.text


def test_a_file_that_cannot_be_saved_is_worded(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(desk)
    window.show_text("found")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "x"), ""))
    with qtbot.captureExceptions() as raised:
        window.save_button.click()
    assert "could not be saved" in str(raised[0][1])


def test_closed_it_looks_no_further_and_opened_again_it_looks_anew(qtbot: QtBot, desk: Desk) -> None:
    window = opened(desk)
    qtbot.waitUntil(lambda: step_of(window).startswith("Looking at: "))
    window.close()
    before = step_of(window)
    qtbot.wait(300)
    assert (step_of(window), window.text) == (before, "")
    assert opened(desk) is window
    qtbot.waitUntil(lambda: "All is well." in window.text, timeout=60_000)
