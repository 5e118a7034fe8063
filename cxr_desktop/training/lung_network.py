"""The lung finder's network: a U-Net kept small, because it runs on every film.

About 80 million multiply-adds a film: it works at half resolution from its first layer on, and adds its skip
connections instead of concatenating them.
"""

from __future__ import annotations

from typing import Any

import keras

from cxr_desktop.domain.model_card import InputSpec

LUNG_INPUT = InputSpec(128, 128, 1)
_WIDTHS = (16, 32, 48, 64)  # channels at 64, 32, 16 and 8 rows


def lung_network() -> keras.Model:
    """(batch, 128, 128, 1) float32 in [0, 1] -> logits (batch, 128, 128, 1) of "this is lung"."""
    image = keras.Input((LUNG_INPUT.height, LUNG_INPUT.width, LUNG_INPUT.channels), name="image")
    # Exposure differs from film to film; what lungs look like does not.
    x = keras.layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False, epsilon=1e-4)(image)
    skips = []
    for width in _WIDTHS:
        x = _convolve(x, width, strides=2)
        # The rows at half resolution are many; a second convolution there would cost as much as all below.
        x = x if width == _WIDTHS[0] else _convolve(x, width)
        skips.append(x)
    x = _convolve(skips.pop(), _WIDTHS[-1])
    for width in reversed(_WIDTHS[:-1]):
        skip = skips.pop()
        x = _enlarge(keras.layers.Conv2D(width, 1)(x), skip, "nearest")
        x = keras.layers.add([x, skip])
        x = keras.layers.ReLU()(x) if width == _WIDTHS[0] else _convolve(x, width)
    logits = keras.layers.Conv2D(1, 3, padding="same")(x)
    return keras.Model(image, _enlarge(logits, image, "bilinear"))


def _convolve(x: Any, width: int, strides: int = 1) -> Any:
    x = keras.layers.Conv2D(width, 3, strides, padding="same", use_bias=False)(x)
    return keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.95)(x))


def _enlarge(x: Any, to: Any, interpolation: str) -> Any:
    # Not UpSampling2D: the repeated rows that it makes become a dozen operators in ONNX.
    return keras.ops.image.resize(x, to.shape[1:3], interpolation=interpolation)


def overlap_loss(mask: Any, logits: Any) -> Any:
    """Cross-entropy plus 1 − Dice of each film; a film without lungs has no Dice and counts by the former.

    Args:
        mask, logits: (batch, height, width, 1).
    """
    ops = keras.ops
    entropy = ops.mean(ops.binary_crossentropy(mask, logits, from_logits=True))
    lung = ops.sigmoid(logits)
    both = ops.sum(lung * mask, axis=(1, 2, 3))
    sizes = ops.sum(lung, axis=(1, 2, 3)) + ops.sum(mask, axis=(1, 2, 3))
    has_lungs = ops.cast(ops.sum(mask, axis=(1, 2, 3)) > 0, lung.dtype)
    missed = has_lungs * (1 - 2 * both / (sizes + 1.0))
    return entropy + 0.5 * ops.mean(missed)
