"""Each image check, on what it asks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import Grade, Heatmap, Lungs
from cxr_desktop.inference.image_checks import (
    check_age,
    check_coverage,
    check_exposure,
    check_frontal,
    check_lungs,
    check_size,
)
from cxr_desktop.inference.lungs import lung_fields
from cxr_desktop.inference.scorer import evidence_in_lungs

SHAPE = (400, 400)
CHILDREN = Population("children of 1 to 5 years", 1, 5)


def lungs(*fields: tuple[int, int, int, int]) -> Lungs:
    """Lungs at (top, left, bottom, right) on a mask of 100 by 100."""
    mask = np.zeros((100, 100), np.float32)
    for top, left, bottom, right in fields:
        mask[top:bottom, left:right] = 1
    return Lungs(mask, lung_fields(mask, SHAPE))


TWO = lungs((20, 15, 80, 42), (20, 58, 80, 85))


def test_two_lungs_side_by_side_pass() -> None:
    assert check_lungs(TWO, SHAPE).grade is Grade.PASSED
    assert TWO.box == Box(80, 60, 320, 340)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (lungs(), "No lungs"),
        (lungs((20, 15, 80, 42)), "Only one lung"),
        (lungs((10, 20, 40, 60), (60, 20, 95, 60)), "No two lungs side by side"),
        (lungs((0, 10, 8, 45), (0, 55, 8, 90)), "No two lungs side by side"),
        (lungs((5, 5, 7, 7), (9, 9, 10, 10)), "No lungs"),
        (lungs((15, 30, 85, 75)), "as on a side view"),
    ],
)
def test_anything_else_is_out_of_scope(found: Lungs, said: str) -> None:
    check = check_lungs(found, SHAPE)
    assert check.grade is Grade.OUT_OF_SCOPE
    assert said in check.finding


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (lungs((40, 30, 60, 45), (40, 55, 60, 70)), "cover only 6%"),
        (lungs((20, 10, 80, 48), (30, 65, 70, 80)), "only 26% of the other’s area"),
    ],
)
def test_small_or_unequal_lungs_are_a_warning_with_their_measure(found: Lungs, said: str) -> None:
    check = check_lungs(found, SHAPE)
    assert check.grade is Grade.WARNING
    assert said in check.finding


@pytest.mark.parametrize(
    ("field", "probability", "grade"),
    [
        ((20, 58, 80, 85), 0.95, Grade.PASSED),
        ((20, 58, 80, 85), 0.85, Grade.PASSED),
        ((20, 58, 80, 85), 0.75, Grade.OUT_OF_SCOPE),
        ((30, 65, 60, 80), 0.85, Grade.OUT_OF_SCOPE),  # unequal and not quite sure
        ((30, 65, 60, 80), 0.95, Grade.WARNING),
    ],
)
def test_lungs_that_the_network_doubts_are_out_of_scope(
    field: tuple[int, int, int, int], probability: float, grade: Grade
) -> None:
    found = lungs((20, 15, 80, 42), field)
    faint = Lungs(found.mask * np.float32(probability), found.regions)
    assert check_lungs(faint, SHAPE).grade is grade


def test_gas_below_the_chest_is_not_taken_for_a_lung() -> None:
    gas = (82, 0, 98, 100)  # larger than either lung
    found = lungs(gas, (20, 15, 60, 42), (20, 58, 60, 85))
    assert check_lungs(found, SHAPE).grade is Grade.PASSED
    assert found.box == Box(80, 60, 240, 340)
    assert len(found.regions) == 3


def test_lungs_that_run_into_each_other_come_apart_where_the_network_is_surer() -> None:
    mask = TWO.mask.copy()
    mask[40:50, 42:58] = 0.6
    found = Lungs(mask, lung_fields(mask, SHAPE))
    assert check_lungs(found, SHAPE).grade is Grade.PASSED
    assert found.box == TWO.box


@given(arrays(np.float32, (24, 24), elements=st.floats(0, 1, width=32)), st.booleans())
def test_a_mirrored_mask_gets_the_same_grade(mask: np.ndarray, coarse: bool) -> None:
    mask = np.kron(mask[:6, :6], np.ones((4, 4), np.float32)) if coarse else mask
    mirrored = np.ascontiguousarray(mask[:, ::-1])
    for shape in ((24, 24), (480, 240)):
        one, other = (Lungs(each, lung_fields(each, shape)) for each in (mask, mirrored))
        assert check_coverage(one).grade is check_coverage(other).grade
        assert sorted(box.height for box in one.regions) == sorted(box.height for box in other.regions)
        box = one.box
        assert box is None or (
            0 <= box.left < box.right <= shape[1] and 0 <= box.top < box.bottom <= shape[0]
        )


@pytest.mark.parametrize(
    ("shape", "grade"),
    [
        ((16, 16), Grade.OUT_OF_SCOPE),
        ((2000, 63), Grade.OUT_OF_SCOPE),
        ((64, 64), Grade.WARNING),
        ((127, 500), Grade.WARNING),
        ((128, 128), Grade.PASSED),
    ],
)
def test_a_thumbnail_is_too_small_to_judge(shape: tuple[int, int], grade: Grade) -> None:
    check = check_size(shape)
    assert check.grade is grade
    assert f"{shape[1]:,} × {shape[0]:,} pixels" in check.finding


def test_lungs_cut_by_the_edge_are_a_warning_that_names_it() -> None:
    check = check_coverage(lungs((40, 15, 100, 42), (40, 58, 100, 85)))
    assert check.grade is Grade.WARNING
    assert "lower edge" in check.finding
    assert check_coverage(TWO).grade is Grade.PASSED


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.tile(np.where(np.arange(100) % 2, 255, 60), (100, 1)), "burnt out"),
        (np.tile(np.where(np.arange(100) % 2, 0, 200), (100, 1)), "lost in black"),
        (np.tile(np.linspace(100, 120, 100), (100, 1)), "Little contrast"),
        (np.tile(np.linspace(0, 90, 100) ** 2 / 100, (100, 1)), "Very dark"),
        (np.tile(255 - np.linspace(0, 90, 100) ** 2 / 100, (100, 1)), "Very bright"),
    ],
)
def test_bad_exposure_is_a_warning_with_its_measure(values: np.ndarray, said: str) -> None:
    check = check_exposure(values / np.float32(255), TWO)
    assert check.grade is Grade.WARNING
    assert said in check.finding


def test_sound_exposure_passes() -> None:
    values = np.tile(np.linspace(20, 230, 100), (100, 1))
    assert check_exposure(values / np.float32(255), TWO).grade is Grade.PASSED


@pytest.mark.parametrize(
    ("header", "grade"),
    [
        (FilmHeader(view_position="PA", body_part="CHEST"), Grade.PASSED),
        (FilmHeader(), Grade.PASSED),
        (FilmHeader(view_position="LL"), Grade.OUT_OF_SCOPE),
        (FilmHeader(view_position="LAO", body_part="CHEST"), Grade.OUT_OF_SCOPE),
        (FilmHeader(view_position="oblique"), Grade.OUT_OF_SCOPE),
        (FilmHeader(view_position=" lateral "), Grade.OUT_OF_SCOPE),
        (FilmHeader(view_position="AP", body_part="PULMON"), Grade.PASSED),
        (FilmHeader(view_position="AP", body_part="EXTREMITY"), Grade.OUT_OF_SCOPE),
        (FilmHeader(body_part="Thorax ap"), Grade.PASSED),
        (FilmHeader(body_part="PORT CHEST"), Grade.PASSED),
        (FilmHeader(body_part="Portable "), Grade.PASSED),
        (FilmHeader(view_position="AP", body_part="ABDOMEN PORTABLE"), Grade.OUT_OF_SCOPE),
        (FilmHeader(view_position="AP", body_part="PORT ABDOMEN"), Grade.OUT_OF_SCOPE),
    ],
)
def test_what_the_file_calls_itself(header: FilmHeader, grade: Grade) -> None:
    assert check_frontal(header).grade is grade


@pytest.mark.parametrize(
    ("age", "grade"),
    [
        (None, Grade.PASSED),
        (0.5, Grade.WARNING),
        (1.0, Grade.PASSED),
        (5.9, Grade.PASSED),
        (6.0, Grade.WARNING),
    ],
)
def test_an_age_outside_the_population_is_a_warning(age: float | None, grade: Grade) -> None:
    assert check_age(FilmHeader(age_years=age), CHILDREN).grade is grade


@pytest.mark.parametrize(
    ("population", "age", "grade"),
    [
        (Population("anyone"), 41, Grade.PASSED),
        (Population("adults", 18), 41, Grade.PASSED),
        (Population("adults", 18), 4, Grade.WARNING),
        (Population("children", max_age_years=14), 14.5, Grade.PASSED),
        (Population("children", max_age_years=14), 41, Grade.WARNING),
    ],
)
def test_a_population_may_be_open_at_either_end(population: Population, age: float, grade: Grade) -> None:
    assert check_age(FilmHeader(age_years=age), population).grade is grade


BOTH = Population("children and adults", age_ranges=((1, 5), (18, 85)))


@pytest.mark.parametrize(
    ("age", "grade"), [(4, Grade.PASSED), (10, Grade.WARNING), (40, Grade.PASSED), (99, Grade.WARNING)]
)
def test_an_age_in_the_gap_between_two_groups_or_beyond_them_is_a_warning(age: float, grade: Grade) -> None:
    check = check_age(FilmHeader(age_years=age), BOTH)
    assert check.grade is grade
    assert "1 to 5 y and 18 to 85 y" in check.finding


def heatmap(top: int, left: int, bottom: int, right: int) -> Heatmap:
    evidence = np.zeros((40, 40), np.float32)
    evidence[top:bottom, left:right] = 1
    return Heatmap(evidence, Box.whole(SHAPE), "Grad-CAM")


def test_the_share_of_evidence_inside_the_lungs() -> None:
    assert evidence_in_lungs(heatmap(12, 8, 28, 14), TWO, SHAPE) == pytest.approx(1, abs=0.02)
    assert evidence_in_lungs(heatmap(0, 0, 5, 5), TWO, SHAPE) == pytest.approx(0, abs=0.02)
    assert evidence_in_lungs(heatmap(0, 0, 0, 0), TWO, SHAPE) is None
    assert evidence_in_lungs(None, TWO, SHAPE) is None
