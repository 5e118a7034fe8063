"""Each image check, on what it asks."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.model_card import Population
from cxr_desktop.domain.prediction import Grade, Heatmap, Lungs
from cxr_desktop.inference.image_checks import (
    check_age,
    check_coverage,
    check_exposure,
    check_frontal,
    check_lungs,
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
    ],
)
def test_anything_else_is_out_of_scope(found: Lungs, said: str) -> None:
    check = check_lungs(found, SHAPE)
    assert check.grade is Grade.OUT_OF_SCOPE
    assert said in check.finding


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
        (FilmHeader(view_position="AP", body_part="EXTREMITY"), Grade.OUT_OF_SCOPE),
        (FilmHeader(body_part="Thorax ap"), Grade.PASSED),
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


def heatmap(top: int, left: int, bottom: int, right: int) -> Heatmap:
    evidence = np.zeros((40, 40), np.float32)
    evidence[top:bottom, left:right] = 1
    return Heatmap(evidence, Box.whole(SHAPE), "Grad-CAM")


def test_the_share_of_evidence_inside_the_lungs() -> None:
    assert evidence_in_lungs(heatmap(12, 8, 28, 14), TWO, SHAPE) == pytest.approx(1, abs=0.02)
    assert evidence_in_lungs(heatmap(0, 0, 5, 5), TWO, SHAPE) == pytest.approx(0, abs=0.02)
    assert evidence_in_lungs(heatmap(0, 0, 0, 0), TWO, SHAPE) is None
    assert evidence_in_lungs(None, TWO, SHAPE) is None
