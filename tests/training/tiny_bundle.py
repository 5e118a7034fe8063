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

from cxr_desktop.domain.calibration import Calibration
from cxr_desktop.domain.model_card import HeatmapSpec, InputSpec, Label, ModelCard, OperatingPoint, Provenance
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
    return _write_card(folder, id, architecture, (Label(labels[0], False), Label(labels[1], True)))


def write_bundle_of_three(folder: Path, id: str) -> ModelCard:
    """A real graph of three labels: dark films are normal, bright ones bacterial, others viral."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_softmax(folder / "model.onnx")
    labels = (Label("VIRUS", True), Label("NORMAL", False), Label("BACTERIA", True))
    return _write_card(folder, id, "tiny", labels)


def _write_card(folder: Path, id: str, architecture: str, labels: tuple[Label, ...]) -> ModelCard:
    card = ModelCard(
        id=id,
        version="2026.11.21",
        name="Brightness",
        labels=labels,
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
    numbers = {"middle": middle, "slope": slope, "one": 1.0}
    _save(file, nodes, {name: np.array(value, np.float32) for name, value in numbers.items()}, labels=2)


def _write_softmax(file: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["mean", "last"], ["column"]),
        helper.make_node("Gemm", ["column", "slopes", "offsets"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["scores"], axis=1),
        helper.make_node("MatMul", ["scores", "suspicious"], ["share_of_suspicion"]),
        helper.make_node("MatMul", ["scores", "others"], ["share_of_others"]),
        helper.make_node("Div", ["share_of_suspicion", "share_of_others"], ["odds"]),
        helper.make_node("Log", ["odds"], ["logit_column"]),
        helper.make_node("Squeeze", ["logit_column", "last"], ["logit"]),
        helper.make_node("Squeeze", ["image", "channel"], ["heatmap"]),
    ]
    slopes = np.array([[0, -12, 12]])
    numbers = {
        "slopes": slopes,
        "offsets": np.array([0.5, 0, 0]) - 0.49 * slopes[0],
        "suspicious": np.array([[1], [0], [1]]),
        "others": np.array([[0], [1], [0]]),
    }
    constants = {name: number.astype(np.float32) for name, number in numbers.items()}
    _save(file, nodes, constants, labels=3)


def _save(file: Path, nodes: list[onnx.NodeProto], numbers: dict[str, np.ndarray], labels: int) -> None:
    numbers = numbers | {"last": np.array([1]), "channel": np.array([3])}
    constants = [numpy_helper.from_array(np.asarray(value), name) for name, value in numbers.items()]
    values = {
        "image": ["batch", SIDE, SIDE, 1],
        "logit": ["batch"],
        "scores": ["batch", labels],
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
