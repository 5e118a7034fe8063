"""Occlusion finds what a network looks at, and which way it speaks."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.inference.explain import occlusion as module
from cxr_desktop.inference.explain.occlusion import GRID, occlusion
from cxr_desktop.inference.scorer import Scorer
from tests.inference.explain.networks import Linear, heard

SIDE = 64


def bright_corner() -> np.ndarray:
    image = np.full((SIDE, SIDE, 1), 0.4, np.float32)
    image[:8, -8:] = 0.9
    return image


@pytest.mark.parametrize("sign", [1, -1])
def test_a_network_that_looks_at_one_corner_is_found_out(sign: int) -> None:
    slopes = np.zeros((SIDE, SIDE, 1))
    slopes[:8, -8:] = sign
    found = occlusion(Linear(slopes), bright_corner(), heard)
    assert found.shape == (GRID, GRID)
    assert found.dtype == np.float32
    strongest = np.unravel_index(np.abs(found).argmax(), found.shape)
    assert strongest[0] <= 1
    assert strongest[1] >= GRID - 2
    assert np.sign(found[strongest]) == sign
    assert np.abs(found[4:]).max() == 0
    assert np.abs(found[:, : GRID - 4]).max() == 0


def test_what_is_lost_is_the_logit_itself() -> None:
    slopes = np.full((SIDE, SIDE, 1), 1.0)
    found = occlusion(Linear(slopes), bright_corner(), heard, grid=2)
    # A place of the four with half of its neighbours: the whole corner and nothing else lies in one.
    np.testing.assert_allclose(found, [[0, 64 * 0.5], [0, 0]], atol=1e-3)


@pytest.mark.parametrize("side", [5, 16, 17, 40])
def test_networks_of_any_size_are_asked_at_every_place(side: int) -> None:
    image = np.random.default_rng(0).random((side, side, 1), dtype=np.float32)
    engine = Linear(np.ones((side, side, 1)))
    found = occlusion(engine, image, heard)
    assert engine.passes == 1 + GRID**2
    assert np.isfinite(found).all()
    assert (found != 0).any()


def test_in_batches_it_is_the_same_as_in_one_pass(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = scorer.card.input
    image = np.random.default_rng(3).random((spec.height, spec.width, spec.channels), dtype=np.float32)
    in_batches = occlusion(scorer.engine, image, heard, grid=6)
    monkeypatch.setattr(module, "_BATCH", 36)
    np.testing.assert_allclose(in_batches, occlusion(scorer.engine, image, heard, grid=6), atol=1e-4)


def test_progress_is_told_and_who_has_enough_of_it_ends_the_work() -> None:
    engine = Linear(np.ones((SIDE, SIDE, 1)))
    told: list[tuple[int, int]] = []
    occlusion(engine, bright_corner(), lambda done, of: told.append((done, of)), grid=5)
    assert told[0] == (0, 25)
    assert told[-1] == (25, 25)
    assert told == sorted(told)

    def enough(done: int, of: int) -> None:
        if done:
            raise Cancelled

    engine.passes = 0
    with pytest.raises(Cancelled):
        occlusion(engine, bright_corner(), enough)
    assert engine.passes < GRID**2 / 2
