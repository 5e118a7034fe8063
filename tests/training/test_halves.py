"""Weights in half precision: half the file, the same judgement."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.training.export import write_graph
from cxr_desktop.training.halves import halve_graph, halve_weights

# Keras 3.15 hands TensorFlow's variables to h5py, whose __array__ does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def network() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((16, 16, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1),
        ]
    )


def test_a_halved_graph_is_half_as_large_and_judges_alike(tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    full, half = tmp_path / "full.onnx", tmp_path / "half.onnx"
    write_graph(network(), (16, 16, 1), ("logit",), full)
    halve_graph(full, half)
    assert half.stat().st_size < 0.6 * full.stat().st_size
    films = np.random.default_rng(1).random((5, 16, 16, 1), np.float32)
    before, after = (OnnxEngine(file, [cpu(1)]).run(films)["logit"] for file in (full, half))
    assert after.dtype == np.float32
    np.testing.assert_allclose(after, before, atol=2e-3)
    assert not np.array_equal(after, before)


def test_halved_weights_can_be_trained_on(tmp_path: Path) -> None:
    keras.utils.set_random_seed(4)
    trained, other = network(), network()
    full, half = tmp_path / "full.weights.h5", tmp_path / "half.weights.h5"
    trained.save_weights(full)
    halve_weights(full, half)
    assert half.stat().st_size < 0.75 * full.stat().st_size
    other.load_weights(half)
    for wanted, loaded in zip(trained.get_weights(), other.get_weights(), strict=True):
        assert loaded.dtype == np.float32
        np.testing.assert_allclose(loaded, wanted, atol=1e-3)
