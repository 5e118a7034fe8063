"""Thousands of channels in one view: drawn where they are looked at, pointed at, clicked."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.imaging.feature_grid import channel_picture
from cxr_desktop.ui.feature_maps.channel_grid import DEFAULT_SIDE, SIDES, ChannelGrid
from cxr_desktop.ui.feature_maps.tile import Tile
from cxr_desktop.ui.theme import apply_theme
from tests.ui.feature_maps.layers import layer

MANY = layer("deep", "convolution", 2048, 10)
FEW = layer("conv1", "convolution", 8, 2)


@pytest.fixture
def grid(qtbot: QtBot, qapp: QApplication) -> Iterator[ChannelGrid]:
    apply_theme(qapp, "dark")
    grid = ChannelGrid()
    qtbot.addWidget(grid)
    grid.resize(900, 600)
    grid.show()
    qtbot.waitExposed(grid)
    yield grid


def of(feature_map: object, *numbers: int) -> list[Tile]:
    return [Tile(feature_map, number) for number in numbers]  # type: ignore[arg-type]


def pixels(grid: ChannelGrid, index: int) -> np.ndarray:
    """What is painted of one channel: (side, side, 3) uint8."""
    image = grid.viewport().grab(grid.place_of(index)).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    # Copied: the bytes are the image's, which goes when this returns.
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_of_two_thousand_channels_only_those_in_sight_are_drawn(grid: ChannelGrid) -> None:
    grid.show_tiles(of(MANY, *range(2048)), named=False)
    grid.grab()
    assert 20 <= grid.drawn <= 80
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    begun = time.perf_counter()
    grid.grab()
    assert time.perf_counter() - begun < 0.5
    assert grid.drawn <= 80
    assert (pixels(grid, 2047) == channel_picture(MANY.channels[2047], DEFAULT_SIDE)).all()


def test_each_value_is_a_crisp_square(grid: ChannelGrid) -> None:
    grid.show_tiles(of(FEW, *range(8)), named=False)
    drawn = pixels(grid, 5)
    assert drawn.shape == (DEFAULT_SIDE, DEFAULT_SIDE, 3)
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 4
    half = DEFAULT_SIDE // 2
    assert (drawn[:half, :half] == drawn[0, 0]).all()


def test_the_channel_under_the_pointer_is_told_with_its_range(qtbot: QtBot, grid: ChannelGrid) -> None:
    grid.show_tiles(of(FEW, *range(8)), named=False)
    said: list[str] = []
    grid.tile_hovered.connect(said.append)
    qtbot.mouseMove(grid.viewport(), grid.place_of(5).center())
    qtbot.waitUntil(lambda: said == ["conv1, channel 5: from 5 to 6"])
    qtbot.mouseMove(grid.viewport(), grid.place_of(0).center())
    qtbot.waitUntil(lambda: said[-1] == "conv1, channel 0: 0 everywhere")


def test_a_click_chooses_the_channel_that_was_pressed(qtbot: QtBot, grid: ChannelGrid) -> None:
    grid.show_tiles(of(FEW, *range(8)), named=False)
    chosen: list[int] = []
    grid.tile_chosen.connect(chosen.append)
    viewport, left = grid.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewport, left, pos=grid.place_of(6).center())
    qtbot.mousePress(viewport, left, pos=grid.place_of(1).center())
    qtbot.mouseRelease(viewport, left, pos=grid.place_of(2).center())
    qtbot.mouseClick(viewport, left, pos=QPoint(1, 1))
    assert chosen == [6]


def test_rows_begin_with_numbers_that_can_be_counted(grid: ChannelGrid) -> None:
    grid.show_tiles(of(MANY, *range(2048)), named=False)
    first_of_second_row = next(n for n in range(2048) if grid.place_of(n).top() > grid.place_of(0).top())
    assert first_of_second_row % 4 == 0
    assert grid.index_at(grid.place_of(9).center()) == 9


def test_larger_and_smaller_keep_what_stood_at_the_top(grid: ChannelGrid) -> None:
    grid.show_tiles(of(MANY, *range(2048)), named=False)
    grid.verticalScrollBar().setValue(5000)
    top = grid.index_at(QPoint(60, 40))
    grid.step_side(1)
    assert grid.side == SIDES[SIDES.index(DEFAULT_SIDE) + 1]
    assert grid.place_of(top).top() == grid.place_of(grid.index_at(QPoint(60, 40))).top()
    for _ in SIDES:
        grid.step_side(-1)
    assert grid.side == SIDES[0]


def test_a_marked_channel_comes_into_sight(grid: ChannelGrid) -> None:
    grid.show_tiles(of(MANY, *range(2048)), named=False)
    for index in (1500, 3):
        grid.mark(index)
        assert grid.viewport().rect().contains(grid.place_of(index))


def test_wide_and_high_channels_keep_their_shape() -> None:
    for rows, columns, size in ((4, 8, (96, 48)), (8, 4, (48, 96)), (1, 1, (96, 96))):
        image = Tile(layer("conv", "convolution", 2, rows, columns), 1).image(96)
        assert (image.width(), image.height()) == size
