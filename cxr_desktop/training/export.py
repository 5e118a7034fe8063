"""Keras model -> bundle folder."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import onnx

from cxr_desktop.domain.card_file import card_to_json
from cxr_desktop.domain.model_card import Card
from cxr_desktop.inference.bundle import CARD, CHANNELS_FIRST, GRAPH
from cxr_desktop.training.digests import file_sha256


def write_graph(
    model: keras.Model,
    shape: tuple[int, int, int],
    outputs: Sequence[str],
    file: Path,
    entrance: str = "image",
    hidden: str = "",
) -> None:
    """Writes an inference graph with one input and named outputs, all with a free batch size.

    Args:
        model: gives one tensor, or a tuple of as many as `outputs` names.
        shape: (height, width, channels) of what it takes.
        entrance: the input's name.
        hidden: one of the outputs that keeps its name in the graph, but is not given unless it is made an
            output again, so that it costs nothing.
    """
    model(np.zeros((1, *shape), np.float32))
    signature = [keras.InputSpec(shape=(None, *shape), dtype="float32", name=entrance)]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # tf2onnx 1.17 asks NumPy for np.object, which NumPy answers with this warning.
        warnings.filterwarnings("ignore", category=FutureWarning, message=".*np.object.*")
        raw = Path(folder) / GRAPH
        model.export(raw, format="onnx", input_signature=signature, verbose=False)
        graph = onnx.load(raw)
    _rename(graph.graph, [value.name for value in graph.graph.input], [entrance])
    _rename(graph.graph, [value.name for value in graph.graph.output], outputs)
    for value in (*graph.graph.input, *graph.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    _modernise(graph.graph)
    if hidden in outputs:
        _hide(graph.graph, hidden)
    graph.graph.name, graph.graph.doc_string = "cxr-desktop", ""
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, file)


def write_bundle(folder: Path, names: Sequence[str], card: Callable[[dict[str, str]], Card]) -> None:
    """Completes a bundle whose other files are written: its card comes last, and whole.

    Args:
        names: the bundle's files besides the card.
        card: makes the card, given the SHA-256 of each file by its name.
    """
    digests = {name: file_sha256(folder / name) for name in names}
    fresh = folder / f"new-{CARD}"
    fresh.write_bytes(card_to_json(card(digests)))
    fresh.replace(folder / CARD)


def _hide(graph: onnx.GraphProto, name: str) -> None:
    """Takes an output off the graph's list, and a turning of axes with it that nothing else needs."""
    (output,) = (value for value in graph.output if value.name == name)
    graph.output.remove(output)
    (maker,) = (node for node in graph.node if name in node.output)
    if maker.op_type == "Transpose" and not any(name in node.input for node in graph.node):
        graph.node.remove(maker)
        _rename(graph, [maker.input[0]], [f"{name}{CHANNELS_FIRST}"])


def _modernise(graph: onnx.GraphProto) -> None:
    """tf2onnx 1.17 writes nearest-neighbour enlarging in a mode that ONNX has deprecated since opset 13.

    Twice as large, in its `floor` rounding, this one picks the same pixels: rows 0, 0, 1, 1, …
    """
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.name == "coordinate_transformation_mode" and attribute.s == b"tf_half_pixel_for_nn":
                attribute.s = b"asymmetric"


def _rename(graph: onnx.GraphProto, old: Sequence[str], new: Sequence[str]) -> None:
    if len(old) != len(new):
        raise ValueError(f"the graph has {len(old)} such values, {len(new)} names were given: {list(new)}")
    names = dict(zip(old, new, strict=True))
    for value in (*graph.input, *graph.output):
        value.name = names.get(value.name, value.name)
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
