"""Small values: boxes, settings, progress, predictions."""

from __future__ import annotations

import pytest

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prediction import Grade, ImageCheck, LabelScore, Prediction, Status
from cxr_desktop.domain.progress import Progress, duration
from cxr_desktop.domain.settings import Settings

OUT = ImageCheck("lungs", Grade.OUT_OF_SCOPE, "No lungs found")
WARNING = ImageCheck("age", Grade.WARNING, "Age 41 y")
PASSED = ImageCheck("frontal", Grade.PASSED, "Frontal chest, PA")


def test_a_box_grows_but_never_beyond_the_film() -> None:
    assert Box(10, 10, 20, 30).grown(0.5, (22, 100)) == Box(5, 0, 22, 40)


@pytest.mark.parametrize("edges", [(0, 0, 0, 5), (5, 0, 4, 5)])
def test_an_empty_box_is_refused(edges: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Box(*edges)


def test_progress_tells_rate_and_time_left() -> None:
    assert Progress(312, 1000, 13).sentence("scoring") == "scoring 312 of 1,000 · 24 films/s · 29 s left"
    assert Progress(5, None, 0.5).sentence("taking in") == "taking in 5"
    assert Progress(0, 10, 0).seconds_left is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (90, "2 min"), (7800, "2 h 10 min")]
)
def test_durations_are_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_settings_outside_their_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="heatmap_opacity"):
        Settings(heatmap_opacity=101)


def test_a_film_out_of_scope_has_neither_probability_nor_verdict() -> None:
    prediction = Prediction("m", "1", 0.9, None, 0.5, (PASSED, OUT))
    assert prediction.suspected is None
    assert prediction.status is Status.CHECK
    with pytest.raises(ValueError, match="exactly"):
        Prediction("m", "1", 0.9, 0.9, 0.5, (OUT,))
    with pytest.raises(ValueError, match="exactly"):
        Prediction("m", "1", 0.9, None, 0.5, (PASSED,))


def test_a_warning_leaves_the_verdict_and_asks_for_a_check() -> None:
    prediction = Prediction("m", "1", 0.9, 0.9, 0.5, (PASSED, WARNING))
    assert prediction.suspected is True
    assert prediction.status is Status.CHECK
    assert prediction.remarks == ("Age 41 y",)
    assert Prediction("m", "1", 0.1, 0.1, 0.5, (PASSED,)).status is Status.SCORED


def of_labels(*scores: float) -> tuple[LabelScore, ...]:
    return tuple(LabelScore(f"label {index}", score) for index, score in enumerate(scores))


def test_label_scores_are_shares_of_one_over_more_than_two_labels() -> None:
    def judged(scores: tuple[LabelScore, ...], check: ImageCheck = PASSED) -> Prediction:
        probability = None if check is OUT else 0.9
        return Prediction("m", "1", 0.9, probability, 0.5, (check,), label_scores=scores)

    assert [each.score for each in judged(of_labels(0.7, 0.2, 0.1)).label_scores] == [0.7, 0.2, 0.1]
    assert judged(()).label_scores == ()
    with pytest.raises(ValueError, match="add up to one"):
        judged(of_labels(0.7, 0.2, 0.2))
    with pytest.raises(ValueError, match="more than two labels"):
        judged(of_labels(0.7, 0.3))
    with pytest.raises(ValueError, match="each once"):
        judged((*of_labels(0.5, 0.3), LabelScore("label 0", 0.2)))
    with pytest.raises(ValueError, match="out of scope"):
        judged(of_labels(0.7, 0.2, 0.1), OUT)


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_a_label_score_outside_its_range_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="VIRUS"):
        LabelScore("VIRUS", score)
