"""The dialogs that follow from one table each."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.settings import Settings
from cxr_desktop.ui.settings_dialog import SettingsDialog
from cxr_desktop.ui.shortcuts_page import ShortcutsPage


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
