"""Windows by name, and dragging them."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.windowing import LookupTable, Window, WindowFunction
from cxr_desktop.ui.image_viewer.presets import (
    draggable,
    dragged,
    file_presets,
    full_range,
    region_presets,
    value_span,
    value_text,
    window_text,
)


def a_film(values: np.ndarray, **more: object) -> Radiograph:
    return Radiograph(values, (picture_window(values),), **more)  # type: ignore[arg-type]


def test_the_files_windows_keep_their_names() -> None:
    film = Radiograph(
        np.zeros((2, 2), np.uint8),
        (
            Window(1, 2),
            Window(3, 4, name="BONE"),
            LookupTable(0, np.zeros(4, np.float32)),
            Window(5, 6, name="X"),
        ),
    )
    names = [preset.name for preset in file_presets(film)]
    assert names == ["As in file", "BONE", "File window 3", "X"]
    named_first = Radiograph(film.values, (Window(1, 2, name="NORMAL"),))
    assert [preset.name for preset in file_presets(named_first)] == ["As in file (NORMAL)"]


def test_the_full_range_is_the_visible_one() -> None:
    values = np.array([[-32_768, 5], [10, 905]], np.int16)
    film = a_film(values, visible=np.array([[False, True], [True, True]]))
    assert full_range(film).transform == Window.spanning(5, 905)


@pytest.mark.parametrize("low_is_white", [False, True])
def test_the_lung_window_opens_the_lungs_and_the_mediastinum_window_the_heart(
    rg1: Radiograph, low_is_white: bool
) -> None:
    # RG1 is MONOCHROME1; its complement is the same film stored the other way round.
    values = rg1.values if low_is_white else (32_767 - rg1.values.astype(np.int32)).astype(np.uint16)
    film = Radiograph(values, (picture_window(values),), low_is_white)
    height, width = film.shape
    region = Box(0.15 * height, 0.15 * width, 0.75 * height, 0.85 * width)
    lungs, mediastinum, _bones = (preset.transform for preset in region_presets(film, region))
    assert lungs is not None
    assert mediastinum is not None
    lung = np.s_[500:600, 1200:1350]  # the left upper zone
    spine = np.s_[1000:1300, 880:940]

    def spread(window: object, where: tuple[slice, slice]) -> float:
        assert isinstance(window, Window)
        return float(film.shown(window)[where].std())

    assert spread(lungs, lung) > 1.5 * spread(full_range(film).transform, lung)
    assert spread(mediastinum, spine) > 1.5 * spread(lungs, spine)
    assert film.shown(lungs)[lung].mean() < film.shown(lungs)[spine].mean()


def test_without_lungs_there_is_no_lung_window_and_a_reason(child_film: Radiograph) -> None:
    lungs, mediastinum, bones = region_presets(child_film, None)
    assert lungs.transform is None
    assert "not been found" in lungs.reason
    assert mediastinum.transform is not None
    assert bones.transform is not None


def test_a_film_of_one_value_has_windows_too() -> None:
    film = a_film(np.full((20, 20), 7, np.uint8))
    assert value_span(film) > 0
    for preset in (*region_presets(film, Box(2, 2, 9, 9)), full_range(film)):
        assert preset.transform is not None
        assert np.isfinite(film.shown(preset.transform)).all()


def test_a_lung_box_over_nothing_visible_falls_back_to_the_film() -> None:
    visible = np.ones((20, 20), bool)
    visible[:10, :10] = False
    film = a_film(np.arange(400, dtype=np.uint16).reshape(20, 20), visible=visible)
    for preset in region_presets(film, Box(0, 0, 8, 8)):
        assert preset.transform is not None


def test_a_drag_feels_alike_on_8_and_16_bit() -> None:
    ramp = np.linspace(0, 1, 10_000).reshape(100, 100)
    eight, sixteen = a_film((ramp * 255).astype(np.uint8)), a_film((ramp * 65_535).astype(np.uint16))
    shown = []
    for film in (eight, sixteen):
        window = dragged(draggable(film.transforms[0]), 40, -60, value_span(film), film.low_is_white)
        shown.append(film.shown(window))
    assert np.abs(shown[0] - shown[1]).max() < 0.02


@pytest.mark.parametrize("low_is_white", [False, True])
def test_dragging_down_darkens_whichever_end_is_white(low_is_white: bool) -> None:
    film = a_film(np.arange(256, dtype=np.uint8).reshape(16, 16), low_is_white=low_is_white)
    window = draggable(film.transforms[0])
    darker = dragged(window, 0, 80, value_span(film), low_is_white)
    assert film.shown(darker).mean() < film.shown(window).mean()
    flatter = dragged(window, 200, 0, value_span(film), low_is_white)
    assert film.shown(flatter).std() < film.shown(window).std()


@pytest.mark.parametrize("function", list(WindowFunction))
def test_a_window_cannot_be_dragged_shut(function: WindowFunction) -> None:
    window = Window(100, 200, function, "SOFT")
    for _ in range(50):
        window = dragged(window, -400, 0, 255, False)
    assert window.width > 0
    assert window.function is function
    assert window.name == ""  # no longer the file's


def test_a_lookup_table_is_dragged_from_the_window_that_it_resembles() -> None:
    levels = np.concatenate([np.zeros(100), np.linspace(0, 1, 50), np.ones(100)]).astype(np.float32)
    window = draggable(LookupTable(1000, levels))
    assert 1099 <= window.center - window.width / 2 <= 1101
    assert 1148 <= window.center + window.width / 2 <= 1151


def test_values_are_written_as_precisely_as_they_mean_something() -> None:
    assert value_text(1870.4, 4000) == "1870"
    assert value_text(0.51239, 1) == "0.512"
    assert window_text(Window(1020, 1870), 4000) == "W 1870  L 1020"
    assert "sigmoid" in window_text(Window(1, 2, WindowFunction.SIGMOID), 4000)
    assert window_text(LookupTable(0, np.zeros(4, np.float32), "LUNG"), 4000) == "grey curve LUNG"
