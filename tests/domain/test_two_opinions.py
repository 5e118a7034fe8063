"""Films as two models judge them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.two_opinions import TwoOpinions, differing, two_opinions
from tests.ui.worklist_examples import prediction, study

STUDIES = [
    study(number, judged=prediction(probability)) for number, probability in ((1, 0.9), (2, 0.2), (3, 0.7))
]


def test_only_films_that_both_have_judged_are_compared() -> None:
    others: dict[int, Prediction] = {1: prediction(0.8), 2: prediction(None)}
    found = two_opinions(STUDIES, lambda film: film.prediction, lambda film: others.get(film.id))
    assert [each.film.id for each in found] == [1]
    assert found[0].agree
    assert found[0].apart == pytest.approx(0.1)


def test_what_they_disagree_about_comes_with_the_furthest_apart_first() -> None:
    others = {1: prediction(0.5), 2: prediction(0.95), 3: prediction(0.65)}
    found = two_opinions(STUDIES, lambda film: film.prediction, lambda film: others[film.id])
    assert [each.film.id for each in differing(found)] == [2, 1]


def test_each_verdict_goes_by_its_own_operating_point() -> None:
    low = replace(prediction(0.5), operating_point=0.4)
    (opinions,) = two_opinions(STUDIES[:1], lambda _: low, lambda _: prediction(0.5))
    assert not opinions.agree
    assert opinions.apart == 0


def test_without_a_probability_there_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="probability"):
        TwoOpinions(STUDIES[0], STUDIES[0].films[0], prediction(None), prediction(0.5))
