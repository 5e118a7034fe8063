"""LIME gives the same answer to the same question, and the right one where it is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.domain.explanation import LimeOptions, Superpixels
from cxr_desktop.domain.geometry import Box
from cxr_desktop.inference.explain import lime_map as module
from cxr_desktop.inference.explain.lime_map import agreement, lime, superpixels_of
from cxr_desktop.inference.scorer import Scorer
from tests.inference.explain.networks import Bent, Linear, heard

SIDE = 48
BOX = Box(0, 0, SIDE, SIDE)
OPTIONS = LimeOptions(samples=400, superpixels=16, seed=1)


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    coarse = np.random.default_rng(5).random((6, 6), dtype=np.float32)
    return cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)[..., None]


@pytest.fixture(scope="module")
def slopes() -> np.ndarray:
    return np.random.default_rng(6).normal(0, 0.02, (SIDE, SIDE, 1))


def test_a_network_that_is_linear_in_the_superpixels_gets_its_weights_back(
    image: np.ndarray, slopes: np.ndarray
) -> None:
    found = lime(Linear(slopes), image, BOX, LimeOptions(2000, 16, 1), heard)
    count = len(found.weights)
    assert count > 5
    # What a superpixel adds while it is seen, over its mean grey that stands for it while it is not.
    expected = [
        ((image - image[found.segments == number].mean()) * slopes)[found.segments == number].sum()
        for number in range(count)
    ]
    np.testing.assert_allclose(found.weights, expected, rtol=0.03, atol=2e-3)
    assert found.fit > 0.999
    assert found.box == BOX


def test_the_same_seed_gives_the_same_weights_and_another_one_much_the_same(
    image: np.ndarray, slopes: np.ndarray
) -> None:
    first, again = (lime(Bent(slopes), image, BOX, OPTIONS, heard) for _ in range(2))
    np.testing.assert_array_equal(first.weights, again.weights)
    np.testing.assert_array_equal(first.segments, again.segments)
    other = lime(Bent(slopes), image, BOX, OPTIONS.with_seed(2), heard)
    assert (first.weights != other.weights).all()
    assert 0.9 < agreement([first, other]) < 1


def test_in_batches_it_is_the_same_as_in_one_pass(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = scorer.card.input
    image = np.random.default_rng(3).random((spec.height, spec.width, spec.channels), dtype=np.float32)
    options = LimeOptions(samples=70, superpixels=9)
    in_batches = lime(scorer.engine, image, BOX, options, heard)
    monkeypatch.setattr(module, "_BATCH", 70)
    in_one = lime(scorer.engine, image, BOX, options, heard)
    np.testing.assert_allclose(in_batches.weights, in_one.weights, atol=1e-3)


def test_progress_is_told_and_who_has_enough_of_it_ends_the_work(
    image: np.ndarray, slopes: np.ndarray
) -> None:
    told: list[tuple[int, int]] = []
    lime(Linear(slopes), image, BOX, OPTIONS, lambda done, of: told.append((done, of)))
    assert told[0] == (0, 400)
    assert told[-1] == (400, 400)
    assert told == sorted(told)

    def enough(done: int, of: int) -> None:
        if done:
            raise Cancelled

    engine = Linear(slopes)
    with pytest.raises(Cancelled):
        lime(engine, image, BOX, OPTIONS, enough)
    assert engine.passes < 100


@given(
    st.integers(8, 40),
    st.integers(8, 40),
    st.integers(4, 60),
    st.sampled_from(["flat", "ramp", "noise", "halves"]),
)
def test_superpixels_are_numbered_without_gaps(height: int, width: int, count: int, kind: str) -> None:
    grey = np.zeros((height, width), np.float32)
    if kind == "ramp":
        grey[:] = np.linspace(-1, 1, width)
    elif kind == "noise":
        grey[:] = np.random.default_rng(count).random((height, width))
    elif kind == "halves":
        grey[: height // 2] = 1
    segments = superpixels_of(grey[..., None], count)
    assert segments.shape == (height, width)
    assert segments.dtype == np.int32
    np.testing.assert_array_equal(np.unique(segments), np.arange(segments.max() + 1))


def test_grain_does_not_melt_superpixels_into_one() -> None:
    grain = np.random.default_rng(0).random((128, 128, 1), dtype=np.float32)
    assert superpixels_of(grain, 60).max() + 1 >= 40


def test_a_network_that_says_the_same_whatever_is_hidden_has_no_weights(image: np.ndarray) -> None:
    runs = [
        lime(Linear(np.zeros((SIDE, SIDE, 1))), image, BOX, OPTIONS.with_seed(seed), heard) for seed in (1, 2)
    ]
    for run in runs:
        assert not run.weights.any()
        assert run.fit == 1
    assert agreement(runs) == 0  # what is nowhere cannot be in the same place


def test_agreement_is_the_mean_correlation_of_the_weights() -> None:
    segments = np.arange(4, dtype=np.int32)[None]

    def run(*weights: float) -> Superpixels:
        return Superpixels(segments, np.array(weights, np.float32), Box(0, 0, 1, 4), 1.0)

    up, down = run(1, 2, 3, 4), run(4, 3, 2, 1)
    assert agreement([up, run(10, 20, 30, 40)]) == pytest.approx(1)
    assert agreement([up, down]) == pytest.approx(-1)
    assert agreement([up, up, down]) == pytest.approx((1 - 1 - 1) / 3)


@pytest.mark.parametrize(
    ("field", "value"), [("samples", 49), ("samples", 20_001), ("superpixels", 3), ("seed", -1)]
)
def test_options_out_of_bounds_are_refused_with_the_bounds(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{field} must lie in .* to .*, got {value}"):
        LimeOptions(**{field: value})
    assert LimeOptions(seed=2**31 - 1).with_seed(2**31).seed == 0
