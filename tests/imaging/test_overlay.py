"""What readers see of a heatmap over a film, and what is saved of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import COLOUR_MAPS, DEFAULT_LOOK, ColourMap, HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.imaging.contours import contours_on_film, lines_rgba
from cxr_desktop.imaging.heat_colours import colour_bar, heat_rgba, line_colour
from cxr_desktop.imaging.overlay import evidence_on_film, heat_on_film
from cxr_desktop.imaging.overlay_file import overlay_picture, write_overlay_png

LINES = replace(DEFAULT_LOOK, contours_only=True)


def film(height: int, width: int) -> Radiograph:
    values = (np.arange(height * width).reshape(height, width) % 256).astype(np.uint8)
    return Radiograph(values, (picture_window(values),))


def spot(row: int, column: int, shape: tuple[int, int] = (10, 10)) -> NDArray[np.float32]:
    evidence = np.full(shape, -1, np.float32)
    evidence[row, column] = 2
    return evidence


def halves(rows: int, signed: bool = True) -> Heatmap:
    """For suspicion on the left, less strongly against it on the right."""
    evidence = np.full((rows, rows), 2, np.float32)
    evidence[:, rows // 2 :] = -0.8
    return Heatmap(evidence, Box(0, 0, 400, 400), "LIME", signed)


# Evidence


def test_a_spot_of_evidence_lies_where_it_was_found() -> None:
    heat = heat_on_film(Heatmap(spot(2, 7), Box(0, 0, 400, 200), "CAM"), (400, 200), (400, 200))
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert (row, column) == (pytest.approx(100, abs=3), pytest.approx(150, abs=3))
    assert heat.min() == 0
    assert heat.max() == pytest.approx(1, abs=0.05)


def test_a_map_of_the_lungs_alone_stays_inside_their_rectangle() -> None:
    heatmap = Heatmap(np.ones((5, 5), np.float32), Box(100, 50, 300, 150), "CAM")
    heat = heat_on_film(heatmap, (400, 200), (400, 200))
    assert heat[100:300, 50:150].min() == pytest.approx(1)
    assert heat.sum() == pytest.approx(200 * 100)
    small = heat_on_film(heatmap, (400, 200), (40, 20))
    assert small[10:30, 5:15].min() == pytest.approx(1)
    assert small.sum() == pytest.approx(20 * 10)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([(1, 1), (3, 7), (28, 28), (120, 110), (160, 160)]),
    st.sampled_from([(1, 1), (13, 17), (64, 64), (300, 200)]),
    st.booleans(),
)
def test_laying_evidence_over_a_film_invents_none(
    seed: int, cells: tuple[int, int], shape: tuple[int, int], signed: bool
) -> None:
    evidence = np.random.default_rng(seed).normal(0, 5, cells).astype(np.float32)
    heatmap = Heatmap(evidence, Box(30, 20, 270, 190), "any", signed)
    laid = evidence_on_film(heatmap, (300, 200), shape)
    assert laid.shape == shape
    assert laid.dtype == np.float32
    assert min(evidence.min(), 0) - 1e-4 <= laid.min() <= laid.max() <= max(evidence.max(), 0) + 1e-4
    heat = heat_on_film(heatmap, (300, 200), shape)
    assert (-1 if signed else 0) <= heat.min() <= heat.max() <= 1


def test_beside_strong_evidence_against_suspicion_none_for_it_appears() -> None:
    evidence = np.zeros((10, 10), np.float32)
    evidence[5, 5] = -100
    heatmap = Heatmap(evidence, Box(0, 0, 500, 500), "CAM")
    assert evidence_on_film(heatmap, (500, 500), (500, 500)).max() == 0


@pytest.mark.parametrize(("rows", "widest"), [(10, 80), (160, 5)])
def test_superpixels_keep_their_edges_and_coarse_maps_are_smooth(rows: int, widest: int) -> None:
    row = evidence_on_film(halves(rows), (400, 400), (400, 400))[200]
    between = ((row < 1.99) & (row > -0.79)).sum()
    assert widest / 4 < between <= widest


def test_nothing_that_speaks_for_suspicion_draws_nothing() -> None:
    heatmap = Heatmap(np.full((4, 4), -1, np.float32), Box(0, 0, 40, 40), "CAM")
    assert not heatmap.has_evidence
    assert heat_on_film(heatmap, (40, 40), (40, 40)).max() == 0
    alone = overlay_picture(film(40, 40), None)
    for look in (DEFAULT_LOOK, LINES):
        assert (overlay_picture(film(40, 40), heatmap, look) == alone).all()


# Colours


@pytest.mark.parametrize("colour_map", COLOUR_MAPS)
@pytest.mark.parametrize("threshold", [0, 0.15, 0.75])
def test_colours_grow_more_opaque_with_evidence_from_the_threshold_on(
    colour_map: ColourMap, threshold: float
) -> None:
    look = HeatLook(threshold=threshold, colour_map=colour_map)
    shares = np.linspace(0, 1, 101, dtype=np.float32)
    alpha = heat_rgba(shares[None], look, signed=False)[0, :, 3].astype(int)
    assert (alpha[shares <= threshold] == 0).all()
    assert (np.diff(alpha) >= 0).all()
    assert alpha[-1] == 255


def lightness(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n,) L* of (n, 3) colours."""
    found: NDArray[np.float32] = cv2.cvtColor((rgb[None] / 255).astype(np.float32), cv2.COLOR_RGB2Lab)[
        0, :, 0
    ]
    return found


@pytest.mark.parametrize("colour_map", [each for each in COLOUR_MAPS if each != "jet"])
def test_all_colour_maps_but_jet_are_the_lighter_the_more_evidence(colour_map: ColourMap) -> None:
    shares = np.linspace(0, 1, 60, dtype=np.float32)
    rgb = heat_rgba(shares[None], HeatLook(colour_map=colour_map), signed=False)[0, :, :3]
    assert (np.diff(lightness(rgb)) > 0).all()


def test_signed_maps_are_blue_for_and_red_against_and_no_side_looks_weightier() -> None:
    shares = np.linspace(-1, 1, 201, dtype=np.float32)
    rgba = heat_rgba(shares[None], DEFAULT_LOOK, signed=True)[0]
    red, blue = rgba[:, 0].astype(int), rgba[:, 2].astype(int)
    assert (red > blue + 20)[:100].all()
    assert (blue > red + 20)[101:].all()
    assert rgba[:, 3].astype(int) == pytest.approx(rgba[::-1, 3].astype(int), abs=4)  # one entry
    assert (rgba[np.abs(shares) <= 0.15, 3] == 0).all()
    assert lightness(rgba[:, :3]) == pytest.approx(lightness(rgba[::-1, :3]), abs=1.5)


def test_the_bar_shows_what_stands_on_the_film() -> None:
    fainter, stronger = HeatLook(opacity=0.2), HeatLook(opacity=0.9)
    for look in (fainter, stronger, replace(stronger, threshold=0.6)):
        bar = colour_bar(look, False, 200, 4)
        assert bar.shape == (4, 200, 3)
        grey = (bar == bar[0, 0]).all(axis=(0, 2))
        assert np.argmin(grey) / 200 == pytest.approx(look.threshold, abs=0.05)
    assert np.ptp(colour_bar(fainter, False, 200, 4)) < np.ptp(colour_bar(stronger, False, 200, 4))
    red_to_blue = colour_bar(stronger, True, 201, 1)[0].astype(int)
    assert red_to_blue[0, 0] > red_to_blue[0, 2]
    assert red_to_blue[-1, 2] > red_to_blue[-1, 0]


@pytest.mark.parametrize(
    ("signed", "threshold", "marks"), [(False, 0.15, 3), (False, 0.5, 2), (True, 0.7, 2)]
)
def test_the_bar_of_contours_has_a_mark_for_each_line(signed: bool, threshold: float, marks: int) -> None:
    bar = colour_bar(HeatLook(contours_only=True, threshold=threshold), signed, 180, 1)[0]
    coloured = np.ptp(bar.astype(int), axis=1) > 20
    assert (np.diff(coloured.astype(int)) == 1).sum() == marks


# Contours


def cone() -> Heatmap:
    """Falls evenly from 1 in the middle of a film of 400 × 400 to 0 at 200 pixels from there."""
    y, x = np.mgrid[:200, :200] * 2 + 1.0
    away = np.hypot(x - 200, y - 200)
    return Heatmap(np.maximum(1 - away / 200, 0).astype(np.float32), Box(0, 0, 400, 400), "CAM")


def test_lines_lie_where_the_evidence_has_their_level() -> None:
    for contour in contours_on_film(cone(), (400, 400)):
        (circle,) = contour.lines
        radius = np.hypot(*(circle - 200).T)
        assert radius == pytest.approx(200 * (1 - contour.level), abs=2)
        assert (circle[0] == circle[-1]).all()


def test_lines_are_drawn_whole_at_any_size_in_the_colours_of_the_bar() -> None:
    contours = contours_on_film(cone(), (400, 400))
    for scale in (0.25, 1, 6):
        side = int(400 * scale)
        picture = lines_rgba(
            contours, LINES, False,
            to_picture=np.array([[scale, 0, 0], [0, scale, 0]]), shape=(side, side), width=2,
        )  # fmt: skip
        angles = np.linspace(0, 2 * np.pi, 360)
        for contour in contours:
            radius = scale * np.hypot(*(contour.lines[0] - 200).T).mean()
            x, y = side / 2 + radius * np.cos(angles), side / 2 + radius * np.sin(angles)
            along = picture[y.astype(int), x.astype(int)]
            assert along[:, 3].min() > 100  # no gap
            colour = line_colour(contour.level, LINES, False)
            assert np.median(along[:, :3], axis=0) == pytest.approx(colour, abs=3)
        assert (picture[..., :3] <= picture[..., 3:]).all()  # premultiplied
    nothing = lines_rgba(
        contours, LINES, False,
        to_picture=np.array([[1.0, 0, -5000], [0, 1, 0]]), shape=(50, 60), width=2,
    )  # fmt: skip
    assert nothing.shape == (50, 60, 4)
    assert not nothing.any()


def test_a_signed_map_has_lines_on_both_sides() -> None:
    contours = contours_on_film(halves(160), (400, 400))
    assert [c.level for c in contours if c.lines] == [-0.25, 0.25, 0.5, 0.75]  # against: 40 %
    unsigned = contours_on_film(halves(160, signed=False), (400, 400))
    assert [c.level for c in unsigned] == [0.25, 0.5, 0.75]


# Saved pictures


def test_without_heatmap_the_overlay_is_the_film() -> None:
    picture = overlay_picture(film(100, 50), None, longer_side=100)
    assert picture.shape == (100, 50, 3)
    assert (picture == film(100, 50).values[..., None]).mean() > 0.99


def test_contours_leave_most_of_the_film_uncovered() -> None:
    alone = overlay_picture(film(400, 400), None)
    lines = (overlay_picture(film(400, 400), cone(), LINES) != alone).any(axis=2).mean()
    colours = (overlay_picture(film(400, 400), cone()) != alone).any(axis=2).mean()
    assert 0.005 < lines < 0.06
    assert colours > 0.4


@pytest.mark.parametrize("look", [DEFAULT_LOOK, LINES])
@pytest.mark.parametrize("signed", [False, True])
def test_the_saved_picture_holds_film_words_and_colour_bar(
    tmp_path: Path, look: HeatLook, signed: bool
) -> None:
    heatmap = Heatmap(spot(5, 5), Box(0, 0, 300, 200), "Grad-CAM", signed)
    write_overlay_png(tmp_path / "a.png", film(300, 200), heatmap, ["Suspected pneumonia: 97 %"], look)
    with Image.open(tmp_path / "a.png") as picture:
        pixels = np.asarray(picture)
    assert pixels.shape[1] == 512
    assert pixels.shape[0] > 768
    coloured = (pixels.max(axis=2).astype(int) - pixels.min(axis=2)) > 40
    assert coloured[:768].any()
    assert coloured[768:].any()


def test_words_that_are_too_long_for_the_picture_go_on_in_the_next_line(tmp_path: Path) -> None:
    words = "56 % of the evidence lies outside the lungs: look for markers, tubes, borders. " * 4
    heights = []
    for line in ("short", words):
        write_overlay_png(tmp_path / "a.png", film(300, 200), None, [line])
        with Image.open(tmp_path / "a.png") as picture:
            heights.append(picture.height)
    assert heights[1] > heights[0] + 3 * 20


def test_a_no_break_space_is_drawn_as_a_space(tmp_path: Path) -> None:
    for name, space in (("plain", " "), ("no-break", "\u00a0")):
        write_overlay_png(tmp_path / f"{name}.png", film(64, 64), None, [f"97{space}%"])
    assert (tmp_path / "plain.png").read_bytes() == (tmp_path / "no-break.png").read_bytes()
