"""A small network with convolutions, as it ships: with its last feature map and the logit's gradient."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import msgspec

from cxr_desktop.domain.model_card import InputSpec, ModelCard
from cxr_desktop.inference.bundle import CARD, FEATURES, GRADIENT, GRAPH
from cxr_desktop.training.explained import ExplainedClassifier, LogitGradient
from cxr_desktop.training.export import write_graph
from tests.training.tiny_bundle import write_tiny_bundle

SIDE = 40


def small_network() -> Any:
    """Untrained, always the same: two convolutions, one of them separable, and two poolings."""
    keras.utils.set_random_seed(11)
    layers = keras.layers
    # What its last convolution finds speaks for suspicion, so that every film has a map.
    positive = keras.initializers.RandomUniform(0.0, 0.1)
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(4, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(6, 3, activation="relu", name="fine_2"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(5, activation="relu", kernel_initializer=positive),
            layers.Dense(1, kernel_initializer=positive),
        ]
    )


def write_small_bundle(folder: Path) -> ModelCard:
    """A real bundle of that network, its gradient beside it."""
    card = write_tiny_bundle(folder, folder.name)
    explained = ExplainedClassifier(small_network(), (False, True))
    shape = explained.features_shape
    assert shape is not None
    write_graph(explained, (SIDE, SIDE, 1), explained.graph_outputs, folder / GRAPH, hidden=FEATURES)
    write_graph(LogitGradient(explained), shape, ["gradient"], folder / GRADIENT, entrance=FEATURES)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (GRAPH, GRADIENT)}
    card = replace(card, input=InputSpec(SIDE, SIDE), heatmap=explained.spec, files=files)
    (folder / CARD).write_bytes(msgspec.json.encode(card))
    return card


def without_gradient(bundle: Path, folder: Path) -> None:
    """Copies a bundle as one that was packaged before gradients were."""
    folder.mkdir()
    (folder / GRAPH).write_bytes((bundle / GRAPH).read_bytes())
    card = msgspec.json.decode((bundle / CARD).read_bytes())
    del card["files"][GRADIENT]
    (folder / CARD).write_bytes(msgspec.json.encode(card))
