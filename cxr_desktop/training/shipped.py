"""The graph that ships: a fitted network for one grey channel, together with its explanation."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.explained import ExplainedClassifier


def shipped_graph(
    record: Architecture, network: keras.Model, suspicious: tuple[bool, ...]
) -> tuple[ExplainedClassifier, InputSpec]:
    """What is exported of a fitted network, and what it wants to see.

    Args:
        network: in float32, as `record.build` makes it.
        suspicious: of each label in order.
    """
    shipped, view = for_grey_films(record, network)
    return ExplainedClassifier(shipped, suspicious, record.head), view


def for_grey_films(record: Architecture, network: keras.Model) -> tuple[keras.Model, InputSpec]:
    """The same network for one channel, where it was trained on a grey film repeated over several.

    Equal channels meet the first layer's weights one by one, so their sum does the same in a third of the
    work: the outputs are equal but for rounding. A network that begins otherwise stays as it is.

    Returns:
        The network to ship and what it wants to see.
    """
    first, *others = network.get_weights()
    folded = _folded(first, record.input)
    if folded is None:
        return network, record.input
    view = replace(record.input, channels=1)
    grey = record.build(view, network.output_shape[-1])
    grey.set_weights([folded, *others])
    return grey, view


def _folded(kernel: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32] | None:
    """The first kernel for one channel; None where it is not one of a convolution or of all pixels."""
    channels, pixels = spec.channels, spec.height * spec.width
    if channels == 1:
        return None
    if kernel.ndim == 4 and kernel.shape[2] == channels:
        # (rows, columns, channels, filters) -> (rows, columns, 1, filters)
        return np.asarray(kernel.sum(axis=2, keepdims=True), np.float32)
    if kernel.ndim == 2 and kernel.shape[0] == pixels * channels:
        # (pixels · channels, units) -> (pixels, units)
        return np.asarray(kernel.reshape(pixels, channels, -1).sum(axis=1), np.float32)
    return None
