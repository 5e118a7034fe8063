"""How a training stands, in words and as a share."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.start_choices import StartChoice, TrainingOrder, TrainingStart
from cxr_desktop.domain.training_estimate import TrainingEstimate
from cxr_desktop.domain.training_state import Phase, TrainingState
from cxr_desktop.domain.training_words import (
    counts_words,
    end_words,
    left_words,
    order_words,
    phase_words,
    place_words,
    run_words,
    share_done,
    status_words,
)
from cxr_desktop.domain.tuning import Tuning

LEARNING = TrainingState(
    phase="learning", epoch=3, epochs=16, done=40, of=130, seconds_left=1500, figures=({}, {})
)


def test_a_run_that_learns_tells_epoch_step_and_time_left() -> None:
    assert phase_words(LEARNING) == "Learning"
    assert place_words(LEARNING) == "epoch 3 of at most 16, step 40 of 130"
    assert left_words(LEARNING) == "at most 25 min left"
    assert status_words(LEARNING) == "training: epoch 3 of 16\nat most 25 min left"
    assert share_done(LEARNING) == pytest.approx((2 + 40 / 130) / 16)


def test_a_paused_run_promises_no_time() -> None:
    paused = replace(LEARNING, paused=True)
    assert (phase_words(paused), left_words(paused)) == ("Paused", "")
    assert status_words(paused).endswith("\npaused")


def test_a_run_without_its_trainer_is_interrupted_whatever_it_told_last() -> None:
    gone = replace(LEARNING, alive=False, paused=True, resumable=True)
    assert phase_words(gone) == "Interrupted"
    assert status_words(gone) == "training interrupted\ncan go on"
    assert end_words(gone).endswith("It can go on after its last whole epoch.")
    lost = replace(gone, resumable=False, ended="The memory was full.")
    assert "cannot" in status_words(lost)
    assert end_words(lost).startswith("The memory was full. No epoch was over")


def test_a_failed_run_that_can_go_on_says_so_in_the_status_line() -> None:
    failed = replace(LEARNING, phase="failed", alive=False, resumable=True, ended="Make room.")
    assert status_words(failed) == "training failed\ncan go on" and end_words(failed) == "Make room."
    assert status_words(replace(failed, resumable=False)) == "training failed\nsee why"


def test_a_run_is_told_from_others_by_its_beginning_and_its_network() -> None:
    state = TrainingState("Small", datetime(2026, 11, 21, 21, 48, 53))
    assert run_words(state) == "21\u00a0Nov\u00a02026 21:48 · Small"
    assert run_words(TrainingState()) == ""


def test_an_order_is_told_with_start_films_epochs_and_the_time_that_was_measured() -> None:
    choice = StartChoice("scratch", TrainingStart("cnn"), "Small", "Sees films.", Tuning(16), 64)
    order = TrainingOrder(Path("films.csv"), choice.start)
    words = "Small, a new network · 215 films, divided as on the page Split · at most 16 epochs"
    assert order_words(choice, order, 215, None) == words
    few = replace(order, tuning=Tuning(epochs=1))
    estimate = TrainingEstimate("CPU", 215, 1, 20, 10.0, 170.0, 10**9, 10**9)
    assert order_words(choice, few, 1, estimate).endswith(" · at most 1 epoch · at most 3 min")
    assert "1 film," in order_words(replace(choice, kind="continue"), few, 1, None)


@pytest.mark.parametrize(
    ("changes", "unseen", "nothing"),
    [
        ({}, False, False),
        ({"alive": False, "resumable": True}, False, False),
        ({"alive": False}, True, True),
        ({"phase": "finished"}, True, False),
        ({"phase": "finished", "alive": False, "seen": True}, False, False),
        ({"phase": "failed", "alive": False, "resumable": True, "seen": True}, False, False),
        ({"phase": "failed", "alive": False, "seen": True}, False, True),
        ({"phase": "cancelled", "alive": False}, True, True),
    ],
)
def test_an_end_is_news_until_it_was_seen_and_without_a_model_nothing_came_of_it(
    changes: dict[str, Any], unseen: bool, nothing: bool
) -> None:
    state = replace(LEARNING, **changes)
    assert (state.has_unseen_end, state.came_to_nothing) == (unseen, nothing)


def test_films_are_counted_by_what_they_are_for() -> None:
    counts = {"train": {"NORMAL": 1200, "PNEUMONIA": 3400}, "validation": {"NORMAL": 10}}
    assert counts_words(TrainingState(counts=counts)) == "4,600 films to learn from, 10 held out"
    assert counts_words(TrainingState()) == ""


@given(
    st.builds(
        TrainingState,
        phase=st.sampled_from(get_args(Phase)),
        paused=st.booleans(),
        alive=st.booleans(),
        done=st.integers(0, 200),
        of=st.just(200),
        epoch=st.integers(0, 16),
        epochs=st.just(16),
    )
)
def test_whatever_a_trainer_tells_there_are_words_for_it(state: TrainingState) -> None:
    share = share_done(state)
    assert share is None or 0 <= share <= 1
    assert phase_words(state)
    assert len(status_words(state).splitlines()) <= 2
    assert not (state.over and place_words(state))
