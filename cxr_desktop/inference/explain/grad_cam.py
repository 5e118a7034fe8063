"""Grad-CAM++ (Chattopadhay et al., 1710.11063): weighs each channel by where its gradient is positive."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.inference.bundle import CHANNELS_FIRST, FEATURES, Bundle
from cxr_desktop.inference.devices import Device
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.explain.graph import graph_giving, values_of
from cxr_desktop.language import tr


class GradCamPlusPlus:
    """A classifier's last feature map and the logit's gradient by it, and the map made from both."""

    def __init__(self, bundle: Bundle[ModelCard], devices: Sequence[Device]) -> None:
        """
        Raises:
            BundleError: the bundle lacks the feature map or the gradient.
            EngineError: no device can load it.
        """
        name = next((each for each in values_of(bundle.graph) if each.startswith(FEATURES)), None)
        if bundle.gradient is None or name is None:
            raise BundleError(tr("The model's files do not fit together. Install the model again."))
        self._channels_first = name == f"{FEATURES}{CHANNELS_FIRST}"
        self._name = name
        self._features = OnnxEngine(graph_giving(bundle.graph, [name]), devices)
        self._gradient = OnnxEngine(bundle.gradient, devices)

    def evidence(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """(rows, columns) float32 in [0, 1]: the evidence for suspicion.

        Args:
            image: (height, width, channels) as the network sees it.
        """
        features = self._features.run(image[None])[self._name]
        if self._channels_first:
            features = np.ascontiguousarray(features.transpose(0, 2, 3, 1))
        gradient = self._gradient.run(features)["gradient"]
        return grad_cam_plus_plus(features[0], gradient[0])


def grad_cam_plus_plus(features: NDArray[np.float32], gradient: NDArray[np.float32]) -> NDArray[np.float32]:
    """The map of one film.

    Args:
        features: (rows, columns, channels) of the last feature map, A.
        gradient: the same shape, of the logit by it, g. As in the paper, the score to explain is the logit's
            exponential, whose second and third derivatives have the ratio g² to g³; they cancel out the score
            itself.

    Returns:
        (rows, columns) float32, from 0 to 1: what speaks most is 1; all 0 where nothing does.
    """
    slope = gradient.astype(np.float64)  # its third power leaves float32's range
    seen = features.astype(np.float64)
    below = 2 * slope**2 + seen.sum(axis=(0, 1)) * slope**3
    # Where the gradient is negative the share is not used, and where it is nought there is none.
    share = np.divide(slope**2, below, out=np.zeros_like(slope), where=(slope > 0) & (below > 0))
    weights = (share * np.maximum(slope, 0)).sum(axis=(0, 1))  # (channels,)
    evidence = np.maximum(seen @ weights, 0)
    # Only ratios within a map mean something, and float32 would lose very small maps and very great ones.
    return np.asarray(evidence / (evidence.max() or 1), np.float32)
