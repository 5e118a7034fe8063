"""LIME (Ribeiro et al., 1602.04938): which superpixels speak for suspicion and which against it.

The superpixels are scikit-image's and the regression is `lime`'s. The variants are made here, in batches,
because `lime` copies the film for each of them and shows the network three channels of what is grey.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.explanation import LimeOptions, Superpixels
from cxr_desktop.domain.geometry import Box
from cxr_desktop.inference.engine import Engine

_BATCH = 32
# Of the kernel by which variants count the more, the less of the film is hidden: `lime`'s own for pictures.
_KERNEL_WIDTH = 0.25
# Of SLIC: smoothed by so many pixels first. Grain tears superpixels into shreds, and SLIC melts shreds into
# their neighbours until few are left (8 of 60 on a grainy film).
_SMOOTHING = 1.0
# How much nearness counts beside likeness of grey. Ribs and vessels bend the superpixels, but each
# stays one compact piece.
_COMPACTNESS = 0.1
AGREEMENT_SEEDS = 3


def superpixels_of(image: NDArray[np.float32], count: int) -> NDArray[np.int32]:
    """(rows, columns) int32: the number of each pixel's superpixel, from 0 on.

    Args:
        image: (height, width, channels) as the network sees it.
        count: about how many.
    """
    from skimage.segmentation import slic  # noqa: PLC0415 - slow to import

    grey = image.mean(axis=2)
    low, high = float(grey.min()), float(grey.max())
    even = (grey - low) / max(high - low, 1e-6)
    segments = slic(
        even,
        n_segments=count,
        compactness=_COMPACTNESS,
        sigma=_SMOOTHING,
        start_label=0,
        channel_axis=None,
    )
    # Numbered without gaps, whatever SLIC merged.
    return cast("NDArray[np.int32]", np.unique(segments, return_inverse=True)[1].reshape(grey.shape)).astype(
        np.int32
    )


def lime(
    engine: Engine,
    image: NDArray[np.float32],
    box: Box,
    options: LimeOptions,
    on_progress: Callable[[int, int], None],
    segments: NDArray[np.int32] | None = None,
) -> Superpixels:
    """Hides random superpixels under their own mean grey and fits the logit by what is seen.

    Args:
        image: (height, width, channels) as the network sees it.
        box: the rectangle of the film that it covers.
        on_progress: told how many of how many variants are done; what it raises ends the work.
        segments: superpixels of an earlier run; None: they are found.
    """
    if segments is None:
        segments = superpixels_of(image, options.superpixels)
    count = int(segments.max()) + 1
    seen = np.random.default_rng(options.seed).integers(0, 2, (options.samples, count), dtype=np.int8)
    seen[0] = 1  # the film itself: the regression is fitted around it
    covered = _covered(image, segments, count)
    logits = np.empty(options.samples, np.float32)
    on_progress(0, options.samples)
    for start in range(0, options.samples, _BATCH):
        masks = seen[start : start + _BATCH, segments, None] > 0  # (B, H, W, 1)
        variants = np.where(masks, image, covered)
        logits[start : start + _BATCH] = engine.run(variants)["logit"].reshape(-1)
        on_progress(min(start + _BATCH, options.samples), options.samples)
    weights, fit = _weigh(seen, logits)
    return Superpixels(segments, weights, box, fit)


def agreement(runs: list[Superpixels]) -> float:
    """How far runs with other seeds agree: the mean correlation of two runs' weights, -1 to 1.

    Args:
        runs: at least two, of the same superpixels.
    """
    weights = np.stack([run.weights for run in runs]).astype(np.float64)  # (runs, superpixels)
    apart = weights - weights.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    # Weights that are all alike correlate with nothing.
    apart = np.divide(apart, lengths, out=np.zeros_like(apart), where=lengths > 0)
    return float((apart @ apart.T)[np.triu_indices(len(runs), k=1)].mean())


def _covered(image: NDArray[np.float32], segments: NDArray[np.int32], count: int) -> NDArray[np.float32]:
    """The image with each superpixel in its mean grey."""
    sizes = np.bincount(segments.reshape(-1), minlength=count)
    channels = [
        np.bincount(segments.reshape(-1), image[..., channel].reshape(-1), count) / sizes
        for channel in range(image.shape[2])
    ]
    means = np.stack(channels, axis=1).astype(np.float32)  # (superpixels, channels)
    return means[segments]


def _weigh(seen: NDArray[np.int8], logits: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """Each superpixel's weight, and R² of the fit.

    Args:
        seen: (samples, superpixels) 1 where it is seen; the first sample is the whole film.
        logits: (samples,).
    """
    if np.ptp(logits) == 0:  # nothing that is hidden matters, and R² would compare nought with nought
        return np.zeros(seen.shape[1], np.float32), 1.0
    from lime.lime_base import LimeBase  # noqa: PLC0415 - brings scikit-learn, slow to import

    # The cosine of the angle between a variant and the whole film, of which a share s is seen, is √s.
    distances = 1 - np.sqrt(seen.mean(axis=1))
    base = LimeBase(lambda away: np.sqrt(np.exp(-(away**2) / _KERNEL_WIDTH**2)))
    columns = seen.shape[1]
    _, pairs, fit, _ = base.explain_instance_with_data(
        seen, logits[:, None], distances, 0, columns, feature_selection="none"
    )
    weights = np.zeros(columns, np.float32)
    for superpixel, weight in pairs:
        weights[superpixel] = weight
    return weights, float(fit)
