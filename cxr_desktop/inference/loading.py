"""From bundle folders to a scorer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.inference.bundle import open_classifier, open_lung_finder
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer


def load_scorer(classifier: Path, lung_finder: Path, devices: Sequence[Device]) -> Scorer:
    """A classifier and the lung finder before it, each on the first device that can load it.

    Raises:
        BundleError: a bundle is missing or damaged.
        EngineError: no device can load a network.
    """
    model, finder = open_classifier(classifier), open_lung_finder(lung_finder)
    return Scorer(
        model.card,
        OnnxEngine(model.graph, devices),
        LungFinder(finder.card, OnnxEngine(finder.graph, devices)),
    )
