"""How a training stands, in words and as a share."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.training_state import Phase, TrainingState
from cxr_desktop.domain.training_words import (
    counts_words,
    end_words,
    left_words,
    phase_words,
    place_words,
    share_done,
    status_words,
)

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
