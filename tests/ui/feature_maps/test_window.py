"""The window of a network's layers: chosen, enlarged, followed through the network, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.explanation import NO_LAYERS, FilmLayers
from cxr_desktop.imaging.feature_grid import SCALE_WORDS
from cxr_desktop.ui.feature_maps import FeatureMapsWindow
from cxr_desktop.ui.theme import DARK, LIGHT, apply_theme
from cxr_desktop.ui.window_actions import VERBS
from tests.ui.feature_maps.layers import film_layers

Key = Qt.Key


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[FeatureMapsWindow]:
    apply_theme(qapp, "dark")
    window = FeatureMapsWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.show_layers(film_layers())
    yield window
    apply_theme(qapp, "dark")


def shown(window: FeatureMapsWindow) -> list[str]:
    return [tile.name for tile in window.grid.tiles]


def enlarged(window: FeatureMapsWindow) -> str:
    return window.pair.tile.name if window.pair.isVisible() and window.pair.tile is not None else ""


def visible_words(window: FeatureMapsWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def click_channel(qtbot: QtBot, window: FeatureMapsWindow, index: int) -> None:
    place = window.grid.place_of(index).center()
    qtbot.mouseClick(window.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_layers_are_listed_with_kind_and_size_and_the_first_is_shown(window: FeatureMapsWindow) -> None:
    texts = [window.layer_list.item(row).text() for row in range(window.layer_list.count())]
    assert texts == [
        "conv1\nconvolution 8×12×12",
        "pool1\npooling 8×6×6",
        "conv2\nconvolution 20×4×4",
    ]
    assert shown(window) == [f"conv1, channel {n}" for n in range(8)]
    assert SCALE_WORDS in visible_words(window)


def test_keys_go_from_layer_to_layer_wherever_the_keyboard_is(
    qtbot: QtBot, window: FeatureMapsWindow
) -> None:
    for widget in (window.layer_list, window.grid):
        widget.setFocus()
        for key, expected in (
            (Key.Key_PageDown, "pool1"),
            (Key.Key_Down, "conv2"),
            (Key.Key_PageDown, "conv2"),
            (Key.Key_Up, "pool1"),
            (Key.Key_PageUp, "conv1"),
        ):
            qtbot.keyClick(widget, key)
            assert window.layer is not None
            assert window.layer.layer == expected
            assert shown(window)[0] == f"{expected}, channel 0"


def test_a_click_shows_a_channel_beside_the_film_and_escape_leads_back(
    qtbot: QtBot, window: FeatureMapsWindow
) -> None:
    click_channel(qtbot, window, 6)
    assert enlarged(window) == "conv1, channel 6"
    film, channel = window.pair.places()
    assert film.size() == channel.size()
    assert film.width() / film.height() == pytest.approx(160 / 120, rel=0.01)  # the film's aspect, both
    assert window.pair.rect().contains(channel.toRect())
    assert "from 6 to 7" in window.heading.text()
    qtbot.keyClick(window.pair, Key.Key_Down)  # the same channel, a layer further
    assert enlarged(window) == "pool1, channel 6"
    qtbot.keyClick(window.pair, Key.Key_Right)
    assert enlarged(window) == "pool1, channel 7"
    qtbot.keyClick(window.pair, Key.Key_Escape)
    assert window.isVisible()
    assert enlarged(window) == ""
    assert shown(window)[0] == "pool1, channel 0"
    qtbot.keyClick(window.grid, Key.Key_Return)
    assert enlarged(window) == "pool1, channel 7"
    qtbot.mouseClick(window.back, Qt.MouseButton.LeftButton)
    assert enlarged(window) == ""
    qtbot.keyClick(window.grid, Key.Key_Escape)
    assert not window.isVisible()


def test_pointing_at_the_film_tells_the_channels_value_there(qtbot: QtBot, window: FeatureMapsWindow) -> None:
    click_channel(qtbot, window, 2)
    for place in window.pair.places():
        corner = place.bottomRight().toPoint()
        corner -= type(corner)(4, 4)
        qtbot.mouseMove(window.pair, place.center().toPoint())
        qtbot.mouseMove(window.pair, corner)
        qtbot.waitUntil(lambda: window.pointed.text() == "conv1, channel 2: 3 in row 11, column 11")


def test_one_channel_is_followed_through_all_layers(qtbot: QtBot, window: FeatureMapsWindow) -> None:
    qtbot.mouseClick(window.across, Qt.MouseButton.LeftButton)
    assert window.channel.value() == 3
    assert shown(window) == ["conv1, channel 3", "pool1, channel 3", "conv2, channel 3"]
    window.channel.setValue(15)
    assert shown(window) == ["conv2, channel 15"]
    assert "Without such a channel: conv1, pool1." in window.heading.text()
    click_channel(qtbot, window, 0)
    assert enlarged(window) == "conv2, channel 15"
    qtbot.keyClick(window.pair, Key.Key_Escape)
    assert shown(window) == ["conv2, channel 15"]
    assert window.channel.maximum() == 19
    qtbot.mouseClick(window.of_layer, Qt.MouseButton.LeftButton)
    assert shown(window) == [f"conv2, channel {n}" for n in range(20)]


def test_a_layer_with_fewer_channels_shows_its_last(qtbot: QtBot, window: FeatureMapsWindow) -> None:
    window.layer_list.setCurrentRow(2)
    click_channel(qtbot, window, 19)
    qtbot.keyClick(window.pair, Key.Key_PageUp)
    assert enlarged(window) == "pool1, channel 7"


def test_keys_and_buttons_make_pictures_larger_and_smaller(qtbot: QtBot, window: FeatureMapsWindow) -> None:
    before = window.grid.side
    qtbot.keyClick(window.layer_list, Key.Key_Plus)
    assert window.grid.side > before
    qtbot.keyClick(window.grid, Key.Key_Minus)
    assert window.grid.side == before
    qtbot.mouseClick(window.smaller, Qt.MouseButton.LeftButton)
    assert window.grid.side < before


def test_another_films_layers_keep_the_readers_place(qtbot: QtBot, window: FeatureMapsWindow) -> None:
    window.layer_list.setCurrentRow(2)
    click_channel(qtbot, window, 5)
    window.show_message("Reading…")
    assert enlarged(window) == ""
    assert "Reading…" in visible_words(window)
    assert shown(window) == []
    assert not window.channel.isEnabled()
    assert not window.layer_list.isEnabled()
    brighter = film_layers()
    maps = tuple(replace(each, channels=each.channels * np.float32(2)) for each in brighter.maps)
    window.show_layers(FilmLayers(maps, brighter.view))
    assert enlarged(window) == "conv2, channel 5"
    assert "from 10 to 12" in window.heading.text()


def test_a_network_without_convolution_and_pooling_says_why_the_page_is_empty(
    window: FeatureMapsWindow,
) -> None:
    window.layer_list.setFocus()
    window.show_layers(FilmLayers((), film_layers().view))
    assert NO_LAYERS in visible_words(window)
    assert window.layer_list.count() == 0
    assert not window.larger.isEnabled()
    assert not window.smaller.isEnabled()
    window.show_layers(film_layers())
    assert len(shown(window)) == 8
    assert window.larger.isEnabled()
    assert window.focusWidget() is window.layer_list  # the keyboard is where it was


def test_a_films_words_are_text_and_never_a_tag(window: FeatureMapsWindow) -> None:
    window.show_about("<b>Kowalska</b>")
    assert "<b>Kowalska</b>" in visible_words(window)
    assert window.about.textFormat() is Qt.TextFormat.PlainText


def test_both_themes_keep_the_pictures_on_black(qapp: QApplication, window: FeatureMapsWindow) -> None:
    for choice, theme in (("dark", DARK), ("light", LIGHT)):
        apply_theme(qapp, choice)  # type: ignore[arg-type]
        image = window.grab().toImage()
        assert image.pixelColor(2, 2) == QColor(theme.window)
        corner = window.grid.mapTo(window, window.grid.viewport().rect().topRight())
        assert image.pixelColor(corner.x() - 2, corner.y() + 2) == QColor(theme.film_ground)


def test_it_opens_beside_the_films_and_its_key_is_no_other_verbs(window: FeatureMapsWindow) -> None:
    assert not window.isModal()
    keys = [key for verb in VERBS.values() for key in verb.keys]
    assert "Shift+F" in keys
    assert len(set(keys)) == len(keys)
