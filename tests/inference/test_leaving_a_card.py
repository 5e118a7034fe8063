"""A graphics card that fails, when a network is loaded or in the middle of a batch: no film is lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import EPFail, Fail, RuntimeException

from cxr_desktop.domain.errors import EngineError
from cxr_desktop.domain.explanation import LimeOptions, Method
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.phantom import phantom
from cxr_desktop.inference.devices import Device, cpu, find_devices, left_sentence
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.explain.explainer import Explainer
from cxr_desktop.inference.loading import load_explainer, load_scorer
from cxr_desktop.inference.scorer import Scorer
from tests.inference.failing_card import CARD, FailingCard


class Said:
    """Collects what is told of devices that were left."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def __call__(self, device: Device) -> None:
        self.sentences.append(left_sentence(device))


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def devices(said: Said) -> list[Device]:
    return [Device(CARD, 1, "NVIDIA T400 (CUDA)", said), cpu(1)]


@pytest.fixture
def films() -> list[Radiograph]:
    return [phantom(number, (512, 420)) for number in range(3)]


def scores(judged: Sequence[Judgement]) -> list[float]:
    return [each.prediction.score for each in judged]


def test_a_card_on_which_all_goes_well_is_used_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, classifier_folder: Path, devices: list[Device], said: Said
) -> None:
    card = FailingCard().plug_in(monkeypatch)
    engine = OnnxEngine(classifier_folder / "model.onnx", devices)
    engine.run(np.zeros((2, 128, 128, 1), np.float32))
    assert engine.device.name == "NVIDIA T400 (CUDA)"
    assert card.opened == 1
    assert said.sentences == []


@pytest.mark.parametrize(
    ("runs", "error"),
    [(0, EPFail), (1, EPFail), (4, EPFail), (1, Fail), (1, RuntimeException), (1, RuntimeError)],
)
def test_in_the_middle_of_a_batch_the_films_get_the_scores_that_the_processor_gives(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    classifier_folder: Path,
    lung_finder_folder: Path,
    scorer: Scorer,
    films: list[Radiograph],
    devices: list[Device],
    said: Said,
    runs: int,
    error: type[Exception],
) -> None:
    FailingCard(runs=runs, error=error).plug_in(monkeypatch)
    failing = load_scorer(classifier_folder, lung_finder_folder, devices)
    judged = [each for film in films for each in failing.score([film])]
    assert scores(judged) == pytest.approx(scores(scorer.score(films)), abs=1e-6)
    assert failing.device_name == "CPU, 1 thread"
    assert len(said.sentences) == 1  # though the lungs' network and the model's both ran there
    assert "NVIDIA T400 (CUDA) failed" in said.sentences[0]
    assert capfd.readouterr().out == ""  # ONNX Runtime would print its own way back there


@pytest.mark.parametrize("loads", [0, 1])
def test_a_card_that_cannot_load_one_of_the_networks_is_left_by_both(
    monkeypatch: pytest.MonkeyPatch,
    classifier_folder: Path,
    lung_finder_folder: Path,
    scorer: Scorer,
    films: list[Radiograph],
    devices: list[Device],
    said: Said,
    loads: int,
) -> None:
    FailingCard(loads=loads).plug_in(monkeypatch)
    failing = load_scorer(classifier_folder, lung_finder_folder, devices)
    assert failing.device_name == "CPU, 1 thread"
    assert scores(failing.score(films)) == pytest.approx(scores(scorer.score(films)), abs=1e-6)
    assert len(said.sentences) == 1


def test_a_network_that_no_device_can_load_leaves_the_card_where_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, devices: list[Device], said: Said
) -> None:
    FailingCard().plug_in(monkeypatch)
    (tmp_path / "model.onnx").write_bytes(b"no network")
    with pytest.raises(EngineError, match="could not be loaded"):
        OnnxEngine(tmp_path / "model.onnx", devices)
    assert not devices[0].is_left
    assert said.sentences == []


def test_a_card_that_was_left_is_not_tried_again_by_what_is_loaded_later(
    monkeypatch: pytest.MonkeyPatch, classifier_folder: Path, devices: list[Device], said: Said
) -> None:
    card = FailingCard(runs=0).plug_in(monkeypatch)
    graph = classifier_folder / "model.onnx"
    OnnxEngine(graph, devices).run(np.zeros((1, 128, 128, 1), np.float32))
    assert OnnxEngine(graph, devices).device.is_cpu
    assert card.opened == 1
    assert len(said.sentences) == 1


def test_many_threads_that_meet_the_failure_together_say_it_once_and_all_get_their_answer(
    monkeypatch: pytest.MonkeyPatch, classifier_folder: Path, devices: list[Device], said: Said
) -> None:
    FailingCard(runs=3).plug_in(monkeypatch)
    engine = OnnxEngine(classifier_folder / "model.onnx", devices)
    image = np.random.default_rng(1).random((1, 128, 128, 1), np.float32)
    answers: list[float] = []

    def ask() -> None:
        answers.extend(float(engine.run(image)["logit"][0]) for _ in range(4))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 24
    assert answers == pytest.approx([answers[0]] * 24, abs=1e-5)
    assert len(said.sentences) == 1


@pytest.mark.parametrize(("method", "runs"), [*((method, 2) for method in Method), (Method.LIME, 3)])
def test_explanations_are_made_on_the_processor_when_the_card_fails(
    monkeypatch: pytest.MonkeyPatch,
    classifier_folder: Path,
    lung_finder_folder: Path,
    films: list[Radiograph],
    devices: list[Device],
    said: Said,
    method: Method,
    runs: int,
) -> None:
    def evidence(explainer: Explainer) -> np.ndarray:
        asked = explainer.question(films[0])
        options = LimeOptions(samples=50)
        return explainer.explain(asked, method, lambda done, of: None, options, seeds=1).heatmap.evidence

    expected = evidence(load_explainer(classifier_folder, lung_finder_folder, [cpu(1)]))
    FailingCard(runs=runs).plug_in(monkeypatch)
    found = evidence(load_explainer(classifier_folder, lung_finder_folder, devices))
    assert found == pytest.approx(expected, abs=1e-4)
    assert len(said.sentences) == 1


def test_devices_tell_whoever_asked_for_them(said: Said) -> None:
    card, processor = find_devices(1, ["CUDAExecutionProvider", "CPUExecutionProvider"], said)
    card.leave(RuntimeError("gone"))
    card.leave(RuntimeError("still gone"))
    assert len(said.sentences) == 1
    assert not processor.is_left
