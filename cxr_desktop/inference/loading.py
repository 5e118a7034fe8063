"""From bundle folders to a scorer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.inference.bundle import Bundle, open_classifier, open_lung_finder
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.explain.explainer import Explainer
from cxr_desktop.inference.freed_memory import give_back_memory
from cxr_desktop.inference.graph_check import check_classifier, check_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer


def load_scorer(classifier: Path, lung_finder: Path, devices: Sequence[Device]) -> Scorer:
    """A classifier and the lung finder before it, each on the first device that can load it.

    Raises:
        BundleError: a bundle is missing or damaged, or a card does not match its network.
        EngineError: no device can load a network.
    """
    return _scorer_of(open_classifier(classifier), lung_finder, devices)


def load_explainer(classifier: Path, lung_finder: Path, devices: Sequence[Device]) -> Explainer:
    """The same, to question its scores.

    Raises:
        BundleError: a bundle is missing or damaged, or a card does not match its network.
        EngineError: no device can load a network.
    """
    bundle = open_classifier(classifier)
    return Explainer(bundle, _scorer_of(bundle, lung_finder, devices), devices)


def load_lung_finder(folder: Path, devices: Sequence[Device]) -> LungFinder:
    """The lung finder alone.

    Raises:
        BundleError: its bundle is missing or damaged, or its card does not match its network.
        EngineError: no device can load its network.
    """
    bundle = open_lung_finder(folder)
    engine = OnnxEngine(bundle.graph, devices)
    check_lung_finder(bundle.card, engine.signature)
    return LungFinder(bundle.card, engine)


def _scorer_of(model: Bundle[ModelCard], lung_finder: Path, devices: Sequence[Device]) -> Scorer:
    engine = OnnxEngine(model.graph, devices)
    check_classifier(model.card, engine.signature)
    scorer = Scorer(model.card, engine, load_lung_finder(lung_finder, devices))
    give_back_memory()  # as much as the model itself
    return scorer
