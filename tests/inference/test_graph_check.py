"""A card that does not match its network is refused with the field's name, before any film is judged."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from cxr_desktop.domain.card_file import card_to_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import HeatmapSpec, InputSpec, Label, ModelCard
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.graph_check import Signature, check_lung_finder
from cxr_desktop.inference.loading import load_scorer
from tests.inference.test_scorer import CARD, LUNG_CARD

THREE = (Label("VIRUS", True), Label("NORMAL", False), Label("BACTERIA", True))


def bundle(folder: Path, card: ModelCard, outputs: tuple[str, ...] = ("logit", "scores", "heatmap")) -> Path:
    """A bundle with a real, small graph: 32×32×3 in; means of the channels are the scores of three labels."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 32, 32, 3])
    nodes = [
        helper.make_node("ReduceMean", ["image", "plane"], ["scores"], keepdims=0),
        helper.make_node("ReduceMean", ["image", "all"], ["logit"], keepdims=0),
        helper.make_node("ReduceMean", ["image", "last"], ["heatmap"], keepdims=0),
    ]
    axes = [
        helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
        for name, values in (("plane", [1, 2]), ("all", [1, 2, 3]), ("last", [3]))
    ]
    shapes = {"logit": ["batch"], "scores": ["batch", 3], "heatmap": ["batch", 32, 32]}
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in outputs]
    used = [node for node in nodes if node.output[0] in outputs]
    graph = helper.make_graph(used, "means", [image], given, axes)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    folder.mkdir()
    onnx.save(model, folder / "model.onnx")
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    (folder / "card.json").write_bytes(card_to_json(replace(card, files={"model.onnx": digest})))
    return folder


def test_a_card_that_matches_its_network_loads(tmp_path: Path, lung_finder_folder: Path) -> None:
    scorer = load_scorer(bundle(tmp_path / "good", CARD), lung_finder_folder, [cpu(1)])
    assert scorer.card.id == CARD.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"input": InputSpec(64, 32, 3)}, r"“input\.height” is 64, the network takes 32"),
        ({"input": InputSpec(32, 31, 3)}, r"“input\.width” is 31, the network takes 32"),
        ({"input": InputSpec(32, 32, 1)}, r"“input\.channels” is 1, the network takes 3"),
        ({"labels": THREE[:2]}, "“labels” names 2, the network gives scores for 3"),
    ],
)
def test_a_card_of_another_network_is_refused_with_the_fields_name(
    tmp_path: Path, lung_finder_folder: Path, change: dict[str, object], said: str
) -> None:
    folder = bundle(tmp_path / "bad", replace(CARD, **change))  # type: ignore[arg-type]
    with pytest.raises(BundleError, match=said):
        load_scorer(folder, lung_finder_folder, [cpu(1)])


@pytest.mark.parametrize(
    ("outputs", "field"),
    [
        (("logit", "scores"), "heatmap"),
        (("scores", "heatmap"), "calibration"),
        (("logit", "heatmap"), "labels"),
    ],
)
def test_an_output_that_the_card_needs_and_the_network_lacks_is_refused(
    tmp_path: Path, lung_finder_folder: Path, outputs: tuple[str, ...], field: str
) -> None:
    with pytest.raises(BundleError, match=f"“{field}” needs the network's output"):
        load_scorer(bundle(tmp_path / "bad", CARD, outputs), lung_finder_folder, [cpu(1)])


def test_a_network_without_a_heatmap_serves_a_card_that_promises_none(
    tmp_path: Path, lung_finder_folder: Path
) -> None:
    card = replace(CARD, heatmap=None)
    scorer = load_scorer(bundle(tmp_path / "plain", card, ("logit", "scores")), lung_finder_folder, [cpu(1)])
    assert scorer.card.heatmap is None
    assert CARD.heatmap == HeatmapSpec("Grad-CAM")


def test_a_lung_finders_card_is_compared_too() -> None:
    image, mask = (None, 64, 64, 1), (None, 64, 64)
    check_lung_finder(LUNG_CARD, Signature({"image": image}, {"mask": mask}))
    with pytest.raises(BundleError, match=r"“input\.height” is 64, the network takes 128"):
        check_lung_finder(LUNG_CARD, Signature({"image": (None, 128, 64, 1)}, {"mask": mask}))
    with pytest.raises(BundleError, match="“kind” needs the network's output mask"):
        check_lung_finder(LUNG_CARD, Signature({"image": image}, {"logit": (None,)}))
