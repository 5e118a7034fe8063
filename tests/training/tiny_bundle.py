"""A bundle that takes a moment to make: its network calls a film suspicious by its brightness.

Drawn films have a mean grey of 0.478, those with a spot one of 0.503 or 0.504.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from cxr_desktop.domain.model_card import (
    Calibration,
    HeatmapSpec,
    InputSpec,
    Label,
    ModelCard,
    OperatingPoint,
    Provenance,
)
from cxr_desktop.domain.population import Population

SIDE = 16


def write_tiny_bundle(
    folder: Path,
    id: str,
    slope: float = 60.0,
    middle: float = 0.49,
    architecture: str = "tiny",
    labels: tuple[str, str] = ("NORMAL", "PNEUMONIA"),
) -> ModelCard:
    """A real graph with a real card: logit = slope · (mean grey - middle); slope 0 of 0 judges all alike."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_graph(folder / "model.onnx", slope, middle)
    card = ModelCard(
        id=id,
        version="2026.11.21",
        name="Brightness",
        labels=(Label(labels[0], False), Label(labels[1], True)),
        input=InputSpec(SIDE, SIDE),
        heatmap=HeatmapSpec("Grad-CAM"),
        calibration=Calibration(slope=0.5, intercept=0.2),
        operating_points=(OperatingPoint("balanced", 0.3, 0.96, 0.9),),
        population=Population("drawn films"),
        provenance=Provenance(architecture, "drawn films", "2026-11-21", counts={"train": {"NORMAL": 24}}),
        licence="CC0",
        files={"model.onnx": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()},
    )
    (folder / "card.json").write_bytes(msgspec.json.encode(card))
    return card


def _write_graph(file: Path, slope: float, middle: float) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Sub", ["mean", "middle"], ["apart"]),
        helper.make_node("Mul", ["apart", "slope"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
        helper.make_node("Sub", ["one", "probability"], ["other"]),
        helper.make_node("Unsqueeze", ["probability", "last"], ["right"]),
        helper.make_node("Unsqueeze", ["other", "last"], ["left"]),
        helper.make_node("Concat", ["left", "right"], ["scores"], axis=1),
        helper.make_node("Squeeze", ["image", "channel"], ["heatmap"]),
    ]
    constants = [
        numpy_helper.from_array(np.array(value, dtype), name)
        for name, value, dtype in (
            ("middle", middle, np.float32),
            ("slope", slope, np.float32),
            ("one", 1, np.float32),
            ("last", [1], np.int64),
            ("channel", [3], np.int64),
        )
    ]
    values = {
        "image": ["batch", SIDE, SIDE, 1],
        "logit": ["batch"],
        "scores": ["batch", 2],
        "heatmap": ["batch", SIDE, SIDE],
    }
    tensors = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values.items()
    }
    image = tensors.pop("image")
    graph = helper.make_graph(nodes, "tiny", [image], list(tensors.values()), constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, file)
