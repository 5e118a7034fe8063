"""From bundle folders to a scorer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.inference.bundle import open_classifier, open_lung_finder
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.graph_check import check_classifier, check_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer


def load_scorer(classifier: Path, lung_finder: Path, devices: Sequence[Device]) -> Scorer:
    """A classifier and the lung finder before it, each on the first device that can load it.

    Raises:
        BundleError: a bundle is missing or damaged, or a card does not match its network.
        EngineError: no device can load a network.
    """
    model, finder = open_classifier(classifier), open_lung_finder(lung_finder)
    engine, finder_engine = OnnxEngine(model.graph, devices), OnnxEngine(finder.graph, devices)
    check_classifier(model.card, engine.signature)
    check_lung_finder(finder.card, finder_engine.signature)
    return Scorer(model.card, engine, LungFinder(finder.card, finder_engine))
