"""What networks see, and what readers see over a film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.overlay import heat_on_film, heat_rgba, overlay_picture
from cxr_desktop.imaging.overlay_file import write_overlay_png


def film(height: int, width: int) -> Radiograph:
    values = (np.arange(height * width).reshape(height, width) % 256).astype(np.uint8)
    return Radiograph(values, (picture_window(values),))


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([1, 3]), st.sampled_from(["film", "lungs"]))
def test_any_film_becomes_the_networks_input(height: int, width: int, channels: int, crop: str) -> None:
    spec = InputSpec(64, 48, channels, -1.0, 1.0, crop, 0.1)  # type: ignore[arg-type]
    image, box = model_input(film(height, width), spec, Box(0, 0, height / 2, width / 2))
    assert image.shape == (64, 48, channels)
    assert image.dtype == np.float32
    assert image.min() >= -1 - 1e-5
    assert image.max() <= 1 + 1e-5
    assert 0 <= box.top < box.bottom <= height
    assert 0 <= box.left < box.right <= width


def test_shrinking_keeps_the_mean_so_that_no_fine_line_is_lost() -> None:
    values = np.zeros((512, 512), np.uint8)
    values[:, ::4] = 255
    image, _ = model_input(Radiograph(values, (picture_window(values),)), InputSpec(128, 128))
    assert image.mean() == pytest.approx(0.25, abs=1e-3)
    assert image.std() < 1e-3


def test_a_lungs_network_sees_the_rectangle_around_the_lungs_with_its_margin() -> None:
    values = np.zeros((100, 200), np.uint8)
    values[40:60, 80:120] = 255
    bright = Radiograph(values, (picture_window(values),))
    spec = InputSpec(20, 20, crop="lungs", margin=0.5)
    image, box = model_input(bright, spec, Box(40, 80, 60, 120))
    assert box == Box(30, 60, 70, 140)
    assert image[10, 10, 0] == 1
    assert image[0, 0, 0] == 0


def test_without_lungs_a_lungs_network_sees_the_whole_film() -> None:
    _, box = model_input(film(100, 200), InputSpec(20, 20, crop="lungs"))
    assert box == Box(0, 0, 100, 200)


@pytest.mark.parametrize("low_is_white", [False, True])
@pytest.mark.parametrize("crop", ["film", "lungs"])
def test_a_picture_shrunk_before_its_window_gives_the_same_numbers(low_is_white: bool, crop: str) -> None:
    picture = Radiograph(film(300, 217).values, film(300, 217).transforms, low_is_white)
    masked = Radiograph(
        picture.values, picture.transforms, low_is_white, visible=np.ones(picture.shape, bool)
    )
    spec = InputSpec(64, 48, crop=crop)  # type: ignore[arg-type]
    one, other = (model_input(each, spec, Box(20.5, 11, 150, 190)) for each in (picture, masked))
    assert one.box == other.box
    assert one.image == pytest.approx(other.image, abs=1e-5)


def spot(row: int, column: int, shape: tuple[int, int] = (10, 10)) -> np.ndarray:
    evidence = np.full(shape, -1, np.float32)
    evidence[row, column] = 2
    return evidence


def test_a_spot_of_evidence_lies_where_it_was_found() -> None:
    heat = heat_on_film(Heatmap(spot(2, 7), Box(0, 0, 400, 200), "CAM"), (400, 200))
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert (row, column) == (pytest.approx(100, abs=3), pytest.approx(150, abs=3))
    assert heat.min() == 0
    assert heat.max() == pytest.approx(1, abs=0.05)


def test_a_map_of_the_lungs_alone_stays_inside_their_rectangle() -> None:
    heat = heat_on_film(Heatmap(np.ones((5, 5), np.float32), Box(100, 50, 300, 150), "CAM"), (400, 200))
    assert heat[100:300, 50:150].min() == pytest.approx(1)
    assert heat.sum() == pytest.approx(200 * 100)


def test_nothing_that_speaks_for_suspicion_draws_nothing() -> None:
    heatmap = Heatmap(np.full((4, 4), -1, np.float32), Box(0, 0, 40, 40), "CAM")
    assert not heatmap.has_evidence
    assert heat_on_film(heatmap, (40, 40)).max() == 0
    assert heat_rgba(heat_on_film(heatmap, (40, 40)))[..., 3].max() == 0


def test_colours_grow_more_opaque_with_evidence() -> None:
    rgba = heat_rgba(np.linspace(0, 1, 50, dtype=np.float32)[None])
    assert rgba.shape == (1, 50, 4)
    assert (np.diff(rgba[0, :, 3].astype(int)) >= 0).all()
    assert rgba[0, -1, 3] == 255


def test_without_heatmap_the_overlay_is_the_film() -> None:
    picture = overlay_picture(film(100, 50), None, longer_side=100)
    assert picture.shape == (100, 50, 3)
    assert (picture == film(100, 50).values[..., None]).mean() > 0.99


def test_the_saved_picture_holds_film_words_and_colour_bar(tmp_path: Path) -> None:
    heatmap = Heatmap(spot(5, 5), Box(0, 0, 300, 200), "Grad-CAM")
    write_overlay_png(tmp_path / "a.png", film(300, 200), heatmap, ["Suspected pneumonia: 97 %"])
    with Image.open(tmp_path / "a.png") as picture:
        pixels = np.asarray(picture)
    assert pixels.shape[1] == 512
    assert pixels.shape[0] > 768
    coloured = (pixels.max(axis=2).astype(int) - pixels.min(axis=2)) > 60
    assert coloured[:768].any()
    assert coloured[768:].any()


def test_a_no_break_space_is_drawn_as_a_space(tmp_path: Path) -> None:
    for name, space in (("plain", " "), ("no-break", "\u00a0")):
        write_overlay_png(tmp_path / f"{name}.png", film(64, 64), None, [f"97{space}%"])
    assert (tmp_path / "plain.png").read_bytes() == (tmp_path / "no-break.png").read_bytes()
