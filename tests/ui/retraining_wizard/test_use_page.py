"""The page Use it: each choice says what it does, and a worse model is not switched to by a slip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.comparison import Verdict
from cxr_desktop.domain.library_entry import ModelInLibrary
from cxr_desktop.domain.progress import Progress
from cxr_desktop.ui.retraining_wizard.use_page import UsePage
from cxr_desktop.ui.theme import apply_theme
from tests.domain.full_card import FULL_CARD
from tests.domain.two_models import comparison

NOW = ModelInLibrary("xception", Path("/models/xception"), "Xception 1.0", FULL_CARD, bundled=True)
NEW = ModelInLibrary("mine", Path("/own/mine"), "Mine 1.0", FULL_CARD)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> UsePage:
    apply_theme(qapp, "dark")
    page = UsePage()
    qtbot.addWidget(page)
    page.show()
    return page


def wanted(page: UsePage) -> list[str]:
    names: list[str] = []
    page.switch_requested.connect(names.append)
    return names


def test_without_a_new_model_nothing_can_be_chosen(page: UsePage) -> None:
    page.show_model(None, NOW, None)
    assert not any(button.isEnabled() for button in (page.switch, page.keep, page.discard))
    assert not page.ready


def test_a_better_model_is_what_to_switch_to_next(page: UsePage) -> None:
    names = wanted(page)
    page.show_model(NEW, NOW, comparison())
    assert page.heading.text() == "The new model is better" and page.switch.isDefault()
    page.switch.click()
    assert names == ["mine"]


def test_a_worse_model_is_switched_to_only_when_meant(page: UsePage, monkeypatch: pytest.MonkeyPatch) -> None:
    names = wanted(page)
    page.show_model(NEW, NOW, replace(comparison(), verdict=Verdict.WORSE))
    assert not page.switch.isDefault()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    page.switch.click()
    assert names == []
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    page.switch.click()
    assert names == ["mine"]


def test_while_it_judges_the_way_back_stands_beneath(page: UsePage) -> None:
    names = wanted(page)
    page.show_model(NEW, NOW, comparison())
    assert not page.back.isVisible()
    page.show_in_use(NEW.folder)
    page.show_scoring(Progress(3, 10, 1.0))
    assert page.ready and "3 of 10" in page.progress.text()
    page.show_scoring(Progress(10, 10, 3.0))
    assert "are judged by it" in page.progress.text()
    assert page.back.text() == "Go back to Xception 1.0"
    page.back.click()
    assert names == ["xception"]
    page.show_in_use(NOW.folder)
    assert page.outcome.text() == "Xception 1.0 judges again." and not page.back.isVisible()
    assert page.switch.isEnabled()
