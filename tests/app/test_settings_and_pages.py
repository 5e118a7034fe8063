"""The dialogs that follow from one table each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QScrollArea,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.app.window import speak
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.settings import Settings
from cxr_desktop.domain.start_choices import StartChoice, TrainingStart
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.ui.retraining_wizard.tuning_form import TuningForm
from cxr_desktop.ui.settings_dialog import SettingsDialog
from cxr_desktop.ui.shortcuts_page import ShortcutsPage
from cxr_desktop.ui.theme import apply_theme

RECIPE = Tuning(16, 2e-4, 32, 0, 128, "none", True, "none")


@pytest.fixture
def german_desktop(qapp: QApplication) -> Iterator[None]:
    """Where a point parts thousands, and the window has settled how figures are written."""
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    speak(qapp)
    yield
    QLocale.setDefault(before)


def test_every_setting_has_an_editor_with_its_title_and_help(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    for each in fields(Settings):
        if not each.metadata.get("hidden"):
            assert each.metadata["title"] in texts
            assert each.metadata["help"] in texts


def test_what_is_chosen_in_the_dialog_is_what_comes_back(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(recent_folders=("/films",)))
    qtbot.addWidget(dialog)
    dialog.findChild(QComboBox, "theme").setCurrentText("light")
    dialog.findChild(QSpinBox, "waiting_cap_hours").setValue(9999)  # held at its bound
    dialog.findChild(QCheckBox, "show_heatmap").setChecked(False)
    chosen = dialog.settings()
    assert chosen == Settings(
        theme="light", show_heatmap=False, waiting_cap_hours=240, recent_folders=("/films",)
    )


def test_a_choice_is_kept_by_its_value_whatever_word_it_is_shown_by(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    box = dialog.findChild(QComboBox, "theme")
    box.setItemText(box.findData("light"), "hell")
    box.setCurrentText("hell")
    assert dialog.settings().theme == "light"


@pytest.mark.parametrize(
    ("typed", "meant"), [("2.5", 2.5), ("2,5", 2.5), ("0,5", 0.5), ("12", 12.0), ("1.25", 1.2)]
)
@pytest.mark.usefixtures("german_desktop")
def test_a_share_is_typed_with_a_point_or_a_comma(qtbot: QtBot, typed: str, meant: float) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    share = dialog.findChild(QDoubleSpinBox, "pneumonia_share")
    share.selectAll()
    qtbot.keyClicks(share, typed)
    assert dialog.settings().pneumonia_share == pytest.approx(meant)
    share.interpretText()
    assert share.text() == f"{meant} %"


@pytest.mark.parametrize("typed", ["0.001", "0,001", "1e-3"])
@pytest.mark.usefixtures("german_desktop")
def test_a_learning_rate_is_typed_with_a_point_or_a_comma(qtbot: QtBot, typed: str) -> None:
    form = TuningForm()
    qtbot.addWidget(form)
    form.show_recipe(StartChoice("scratch", TrainingStart("cnn"), "Small", "Sees films.", RECIPE, 64))
    rate = form.findChild(QDoubleSpinBox, "learning_rate")
    rate.selectAll()
    qtbot.keyClicks(rate, typed)
    assert form.tuning().changed == {"learning_rate": 0.001}
    rate.interpretText()
    assert rate.text() == "0.001"


def test_a_recipe_without_variation_has_none_and_one_without_balance_no_balancing(qtbot: QtBot) -> None:
    form = TuningForm()
    qtbot.addWidget(form)
    form.show_recipe(StartChoice("scratch", TrainingStart("cnn"), "Small", "Sees films.", RECIPE, 64))
    for name, words in (("variation", "none"), ("balance", "no balancing")):
        box = form.findChild(QComboBox, name)
        assert box.currentText() == words
        assert any(label.text().endswith(f"(recipe: {words})") for label in box.parent().findChildren(QLabel))


def test_the_settings_fit_a_small_screen_and_need_no_scrolling_on_a_large_one(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, "dark")
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.minimumSizeHint().height() <= 600
    assert dialog.height() <= dialog.screen().availableSize().height()
    dialog.resize(dialog.width(), 960)  # of 1080, without the bars of desktop and window
    assert dialog.findChild(QScrollArea).verticalScrollBar().maximum() == 0


def test_the_page_of_shortcuts_lists_every_key(qtbot: QtBot, desk: Desk) -> None:
    page = ShortcutsPage(desk.actions.groups(desk.viewer.actions()), desk.window)
    texts = " ".join(label.text() for label in page.findChildren(QLabel))
    for action in (*desk.actions.by_name.values(), *desk.viewer.actions()):
        if action.shortcuts():
            assert action.text().replace("&", "").rstrip("…") in texts


def test_the_look_of_heatmaps_is_remembered(desk: Desk) -> None:
    look = HeatLook(opacity=0.7, threshold=0.3, colour_map="viridis", contours_only=True)
    desk.viewer.set_look(look)
    desk.viewer.set_heatmap_shown(False)
    assert desk.settings.heat_look == look
    assert not desk.settings.show_heatmap


def test_a_key_to_hold_is_listed_so_and_stands_in_no_menu(qtbot: QtBot, desk: Desk) -> None:
    page = ShortcutsPage(desk.actions.groups(desk.viewer.actions()), desk.window)
    assert "hold U" in [label.text() for label in page.findChildren(QLabel)]
    film_menu = next(a.menu() for a in desk.window.menuBar().actions() if a.text() == "F&ilm")
    texts = [action.text() for action in film_menu.actions()]
    assert "Contours only" in texts
    assert "Look under the heatmap" not in texts
