"""Distances on the film."""

from __future__ import annotations

import pytest

from cxr_desktop.ui.image_viewer.measurements import Distance, Measurements


def test_a_length_uses_the_spacing_of_each_direction() -> None:
    assert Distance((0, 0), (30, 40)).text((0.5, 0.5)) == "25.0 mm"
    assert Distance((0, 0), (100, 0)).text((9.0, 0.2)) == "20.0 mm"  # along a row: the column spacing
    assert Distance((0, 0), (0, 100)).text((0.1, 9.0)) == "10.0 mm"
    assert Distance((0, 0), (30, 40)).text(None) == "50 px (no spacing in the file)"


def drawn(measurements: Measurements, start: tuple[float, float], end: tuple[float, float]) -> None:
    measurements.press(start, 5)
    measurements.drag(end)
    measurements.release(2)


def test_distances_are_drawn_moved_by_an_end_and_deleted() -> None:
    measurements = Measurements()
    drawn(measurements, (10, 10), (50, 10))
    drawn(measurements, (10, 80), (50, 80))
    assert measurements.distances == [Distance((10, 10), (50, 10)), Distance((10, 80), (50, 80))]
    drawn(measurements, (51, 12), (70, 30))  # takes hold of the first one's end
    assert measurements.distances[0] == Distance((10, 10), (70, 30))
    assert measurements.selected == 0
    measurements.press((30, 81), 5)  # on the second line, away from its ends
    measurements.drag((90, 90))
    measurements.release(2)
    assert measurements.selected == 1
    assert measurements.distances[1] == Distance((10, 80), (50, 80))
    measurements.delete_selected()
    assert measurements.distances == [Distance((10, 10), (70, 30))]
    assert measurements.selected is None
    measurements.delete_selected()
    assert len(measurements.distances) == 1


@pytest.mark.parametrize("end", [(10.0, 10.0), (11.0, 10.5)])
def test_a_click_leaves_nothing_behind(end: tuple[float, float]) -> None:
    measurements = Measurements()
    drawn(measurements, (10, 10), end)
    assert measurements.distances == []
    assert measurements.selected is None
