"""The rule by which a new model is called better, worse, or neither."""

from __future__ import annotations

import pytest

from cxr_desktop.domain.comparison import LEAST_OF_A_KIND, RULE, ComparedFilm, Verdict, judge
from cxr_desktop.domain.model_card import Estimate

HIGHER = Estimate(0.04, 0.01, 0.07)
LOWER = Estimate(-0.04, -0.07, -0.01)
NEITHER = Estimate(0.01, -0.02, 0.04)


@pytest.mark.parametrize(
    ("auc", "recall", "broken", "verdict"),
    [
        (HIGHER, HIGHER, (), Verdict.BETTER),
        (HIGHER, NEITHER, (), Verdict.BETTER),
        (HIGHER, None, (), Verdict.BETTER),
        (NEITHER, HIGHER, (), Verdict.NO_EVIDENCE),
        (NEITHER, NEITHER, (), Verdict.NO_EVIDENCE),
        (LOWER, NEITHER, (), Verdict.WORSE),
        (HIGHER, LOWER, (), Verdict.WORSE),
        (HIGHER, HIGHER, ("covering the corners",), Verdict.WORSE),
    ],
)
def test_a_model_is_better_only_where_nothing_speaks_against_it(
    auc: Estimate, recall: Estimate | None, broken: tuple[str, ...], verdict: Verdict
) -> None:
    found, reasons = judge(100, 100, auc, recall, broken)
    assert found is verdict
    assert reasons and all(reason.endswith(".") for reason in reasons)


def test_every_reason_against_a_model_is_named() -> None:
    _, reasons = judge(100, 100, LOWER, LOWER, ("blanking", "stretching"))
    assert "AUC is lower, by 0.040 (0.010 to 0.070)." in reasons
    assert "Recall at the same specificity" in reasons[1]
    assert "blanking, stretching" in reasons[2]


@pytest.mark.parametrize("kinds", [(LEAST_OF_A_KIND - 1, 500), (500, LEAST_OF_A_KIND - 1), (0, 0)])
def test_a_few_films_decide_nothing(kinds: tuple[int, int]) -> None:
    for difference in (HIGHER, LOWER):
        verdict, (reason,) = judge(*kinds, difference, difference, ("blanking",))
        assert verdict is Verdict.NO_EVIDENCE
        assert f"Only {kinds[0]} suspicious and {kinds[1]} other films" in reason


def test_the_rule_is_told_with_its_numbers() -> None:
    assert f"fewer than {LEAST_OF_A_KIND} suspicious" in RULE
    assert all(word in RULE for word in ("Better", "Worse", "no evidence"))


def test_a_verdict_flips_where_the_two_differ() -> None:
    assert ComparedFilm("a.png", "NORMAL", False, (0.6, 0.4), (True, False)).flips
    assert not ComparedFilm("a.png", "NORMAL", False, (0.9, 0.1), (True, True)).flips
