"""What may go wrong between a folder and a running network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.errors import BundleError, EngineError
from cxr_desktop.inference.bundle import open_classifier, open_lung_finder
from cxr_desktop.inference.devices import Device, cpu, find_devices, runtime_conflict
from cxr_desktop.inference.engine import OnnxEngine


def cuda() -> Device:
    return Device("CUDAExecutionProvider", 1, "NVIDIA T400 (CUDA)")


@pytest.fixture
def bundle(classifier_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(classifier_folder, tmp_path / "bundle")


def test_a_bundle_whose_files_fit_its_card_opens(bundle: Path) -> None:
    opened = open_classifier(bundle)
    assert opened.graph.is_file()
    assert [label.name for label in opened.card.labels] == ["NORMAL", "PNEUMONIA"]


def flip_a_byte(bundle: Path) -> None:
    graph = bytearray((bundle / "model.onnx").read_bytes())
    graph[len(graph) // 2] ^= 1
    (bundle / "model.onnx").write_bytes(graph)


def change_card(**changes: object) -> Callable[[Path], None]:
    def change(bundle: Path) -> None:
        raw = json.loads((bundle / "card.json").read_text())
        (bundle / "card.json").write_text(json.dumps(raw | changes))

    return change


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (flip_a_byte, "damaged or was changed"),
        (lambda bundle: (bundle / "model.onnx").unlink(), "cannot be read"),
        (lambda bundle: (bundle / "card.json").unlink(), "cannot be read"),
        (change_card(files={}), "lists no model.onnx"),
        (change_card(files={"model.onnx": "0" * 64, "../../evil": "0" * 64}), "(outside its folder|damaged)"),
        (change_card(schema=2), "schema 2"),
    ],
)
def test_a_damaged_bundle_is_refused_with_what_to_do(
    bundle: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(bundle)
    with pytest.raises(BundleError, match=said):
        open_classifier(bundle)


def test_a_bundle_of_the_wrong_kind_is_refused(classifier_folder: Path, lung_finder_folder: Path) -> None:
    with pytest.raises(BundleError, match="classifier is needed"):
        open_classifier(lung_finder_folder)
    with pytest.raises(BundleError, match="lung finder is needed"):
        open_lung_finder(classifier_folder)


def test_a_provider_that_is_not_there_leaves_the_processor(classifier_folder: Path) -> None:
    engine = OnnxEngine(classifier_folder / "model.onnx", [cuda(), cpu(1)])
    assert engine.device.name == "CPU, 1 thread"


def test_without_any_device_the_reasons_are_told(classifier_folder: Path) -> None:
    with pytest.raises(EngineError, match=r"NVIDIA T400 \(CUDA\)"):
        OnnxEngine(classifier_folder / "model.onnx", [cuda()])


def test_an_input_of_the_wrong_shape_is_an_engine_error(classifier_folder: Path) -> None:
    engine = OnnxEngine(classifier_folder / "model.onnx", [cpu(1)])
    with pytest.raises(EngineError):
        engine.run(np.zeros((1, 7, 7, 3), np.float32))


def test_the_best_device_comes_first_and_the_processor_last() -> None:
    offered = ["CPUExecutionProvider", "DmlExecutionProvider"]
    assert [d.name for d in find_devices(2, offered)] == ["GPU (DirectML)", "CPU, 2 threads"]
    assert [d.name for d in find_devices(1, ["CPUExecutionProvider"])] == ["CPU, 1 thread"]


def test_two_runtimes_that_overwrite_each_other_are_told_with_the_remedy() -> None:
    warning = runtime_conflict(["numpy", "onnxruntime", "onnxruntime_gpu"])
    assert "onnxruntime, onnxruntime-gpu" in warning
    assert "pip uninstall -y onnxruntime onnxruntime-gpu" in warning
    assert runtime_conflict(["onnxruntime", "numpy"]) == ""
    assert runtime_conflict() == ""
