"""Weights kept in half precision: half the size on disk and in every download, computed with as before."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import onnx
from onnx import helper, numpy_helper

# Smaller tensors (biases, shapes) are not worth a cast.
_LEAST_VALUES = 1024


def halve_graph(source: Path, target: Path) -> None:
    """Writes a graph whose large weights are float16 in the file and float32 again before their first use.

    The engine casts them once, while it loads; what runs afterwards is the same network with rounded weights.
    """
    model = onnx.load(source)
    graph = model.graph
    casts = []
    for initializer in graph.initializer:
        values = numpy_helper.to_array(initializer)
        if values.dtype != np.float32 or values.size < _LEAST_VALUES or not _fits(values):
            continue
        name = initializer.name
        half = f"{name}_half"
        initializer.CopyFrom(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [name], to=onnx.TensorProto.FLOAT, name=f"{name}_cast"))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, target)


def halve_weights(source: Path, target: Path) -> None:
    """Writes a Keras weights file with its large arrays in float16; Keras casts them when it loads them."""
    with h5py.File(source) as full, h5py.File(target, "w") as half:

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Group):
                made = half.require_group(name)
            else:
                values = item[()]
                large = item.dtype == np.float32 and item.size >= _LEAST_VALUES and _fits(values)
                made = half.create_dataset(name, data=values.astype(np.float16) if large else values)
            for key, value in item.attrs.items():
                made.attrs[key] = value

        full.visititems(copy)
        for key, value in full.attrs.items():
            half.attrs[key] = value


def _fits(values: np.ndarray) -> bool:
    return bool(np.abs(values).max() < np.finfo(np.float16).max)
