"""Colours: readable in both themes, and worn by the whole window at once."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.resources import resources_folder
from cxr_desktop.ui.icons import themed_icon
from cxr_desktop.ui.theme import (
    DARK,
    GROUND_ROLES,
    LIGHT,
    TEXT_ROLES,
    Theme,
    apply_theme,
    contrast,
    current_theme,
    set_role,
    style_sheet,
)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)
    assert contrast("#336699", "#336699") == 1


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_text_is_readable_on_every_ground(theme: Theme) -> None:
    colours = asdict(theme)
    for ground in GROUND_ROLES:
        for text in TEXT_ROLES:
            assert contrast(colours[text], colours[ground]) >= 4.5, f"{text} on {ground}"
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.film_text, theme.film_ground) >= 4.5
    assert contrast(theme.film_check, theme.film_ground) >= 4.5
    # What is no text but must be seen: WCAG 2.2, 1.4.11.
    for ground in GROUND_ROLES:
        assert contrast(theme.focus, colours[ground]) >= 3


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_a_colour_means_one_thing(theme: Theme) -> None:
    meanings = {theme.suspected, theme.not_suspected, theme.check, theme.neutral, theme.text}
    assert len(meanings) == 5
    assert "$" not in style_sheet(theme)


def test_the_window_changes_its_theme_while_it_runs(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel("97 %")
    qtbot.addWidget(label)
    set_role(label, "figure-suspected")
    label.show()
    for choice, theme in (("light", LIGHT), ("dark", DARK)):
        assert apply_theme(qapp, choice) == theme == current_theme()
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == theme.window
        assert label.palette().color(QPalette.ColorRole.WindowText).name() == theme.suspected
    apply_theme(qapp, "dark")


def test_the_system_theme_follows_the_desktop_and_a_chosen_one_does_not(qapp: QApplication) -> None:
    hints = qapp.styleHints()
    apply_theme(qapp, "system")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)  # as when the desktop changes it
    assert current_theme() == LIGHT
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert current_theme() == DARK
    apply_theme(qapp, "dark")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert current_theme() == DARK
    apply_theme(qapp, "dark")


def test_a_role_dresses_a_label_and_can_be_exchanged(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    label = QLabel("check")
    qtbot.addWidget(label)
    label.show()
    plain = label.font().pointSizeF()
    set_role(label, "figure-check")
    assert label.font().pointSizeF() > 2 * plain
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == DARK.check
    set_role(label, "muted")
    assert label.font().pointSizeF() == plain
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == DARK.muted


def test_the_drawings_that_the_style_sheet_names_are_there() -> None:
    named = re.findall(r'url\("(.+?)"\)', style_sheet(DARK))
    assert len(named) >= 3
    assert all(Path(drawing).is_file() for drawing in named)


def test_icons_wear_the_themes_colours(qapp: QApplication) -> None:
    every = (resources_folder() / "icons").glob("*.svg")
    drawings = [path for path in every if "currentColor" in path.read_text(encoding="utf-8")]
    assert len(drawings) >= 7
    for drawing in drawings:
        for theme in (DARK, LIGHT):
            image = themed_icon(drawing.stem, theme).pixmap(40, 40).toImage()
            solid = {
                image.pixelColor(x, y).name()
                for x in range(40)
                for y in range(40)
                if image.pixelColor(x, y).alpha() == 255
            }
            assert theme.text in solid, f"{drawing.stem} in {theme.name}"
