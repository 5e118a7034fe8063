"""Rates, stopping and the best epoch follow from the epochs so far."""

from __future__ import annotations

import math

import pytest

from cxr_desktop.training.recipe import Optimiser, Schedule, Stopping
from cxr_desktop.training.schedules import best_epoch, rate_by_step, rate_of_epoch, reason_to_stop


def losses(*values: float) -> list[dict[str, float]]:
    return [{"val_loss": value, "val_accuracy": 1 - value} for value in values]


def test_a_halving_rate_is_halved_in_the_first_epoch_already() -> None:
    words, schedule = Optimiser(learning_rate=1e-3), Schedule("halving", every=10)
    rates = [rate_of_epoch(words, schedule, losses(*[0.5] * done)) for done in (0, 9, 10, 20)]
    assert rates == pytest.approx([5e-4, 5e-4, 2.5e-4, 1.25e-4])


def test_a_plateau_halves_the_rate_each_time_that_patience_ends() -> None:
    words, schedule = Optimiser(learning_rate=0.8), Schedule("plateau", every=2, floor=0.25)
    history = losses(0.5, 0.6, 0.4, 0.4, 0.41, 0.5, 0.6, 0.7, 0.8, 0.9)
    rates = [rate_of_epoch(words, schedule, history[:done]) for done in range(len(history) + 1)]
    assert rates == pytest.approx([0.8] * 5 + [0.4, 0.4] + [0.2] * 4)


def test_a_cosine_rises_through_its_warm_up_and_falls_to_its_floor() -> None:
    rate = rate_by_step(Optimiser(learning_rate=0.4), Schedule("cosine", warm_up=0.5, floor=0.1), 10, 3)
    assert [float(rate(step)) for step in (0, 5, 30)] == pytest.approx([0.0, 0.4, 0.04], abs=1e-6)
    falling = [float(rate(step)) for step in range(5, 31)]
    assert sorted(falling, reverse=True) == falling


def test_a_cosine_without_warm_up_starts_at_its_peak() -> None:
    rate = rate_by_step(Optimiser(learning_rate=0.4), Schedule("cosine"), 10, 3)
    assert [float(rate(step)) for step in (0, 30)] == pytest.approx([0.4, 0.0], abs=1e-6)


def test_the_best_epoch_is_the_first_with_the_best_figure() -> None:
    assert best_epoch((), Stopping()) == 0
    assert best_epoch(losses(0.5, 0.3, 0.3, 0.4), Stopping()) == 2
    by_accuracy = [{"val_loss": 0.1, "val_accuracy": 0.8}, {"val_loss": 0.2, "val_accuracy": 0.9}]
    assert best_epoch(by_accuracy, Stopping("val_accuracy")) == 2


def test_learning_ends_for_the_first_reason_there_is() -> None:
    def reason(history: list[dict[str, float]], patience: int | None, seconds: float = 0.0) -> str | None:
        ending = reason_to_stop(history, Stopping("val_accuracy", patience), 5, seconds, 1.0)
        return ending and ending.english

    assert reason([], 1) is None
    assert reason(losses(0.5, 0.6), 2) is None
    assert reason(losses(0.5, 0.6, 0.6), 2) == "The validation accuracy has not risen for 2 epochs."
    assert reason(losses(0.5, 0.6, 0.6), None) is None
    assert reason(losses(*[0.5] * 5), None) == "All epochs are done."
    assert reason(losses(0.5), None, 61) == "The 1 minutes allowed are over."
    assert reason_to_stop(losses(0.5), Stopping(), 5, 1e9, math.inf) is None
