"""What the studies' networks are made of. Keras is imported inside, when a network is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cxr_desktop.domain.model_card import InputSpec

if TYPE_CHECKING:
    import keras


def chain(input: InputSpec, *parts: Iterable[Any]) -> keras.Sequential:
    """The layers of all parts, one behind the other, on (batch, height, width, channels)."""
    import keras  # noqa: PLC0415 - seconds to import; the list of architectures must not cost them

    layers = [layer for part in parts for layer in part]
    return keras.Sequential([keras.Input((input.height, input.width, input.channels)), *layers])


def convolutions(
    *filters: int, dropouts: tuple[float, ...] = (), pool_last: bool = True, l2: float = 0.0
) -> Iterable[Any]:
    """3×3 convolutions without padding, ReLU, each with its 2×2 maximum pooling and dropout.

    Args:
        filters: of each convolution.
        dropouts: behind each pooling; none where it is empty.
        pool_last: whether the last one is pooled, too.
        l2: penalty on the kernels.
    """
    import keras  # noqa: PLC0415

    rates = dropouts or (0.0,) * len(filters)
    for number, (count, rate) in enumerate(zip(filters, rates, strict=True), start=1):
        yield keras.layers.Conv2D(
            count, 3, activation="relu", kernel_regularizer=_penalty(l2), name=f"conv{number}"
        )
        if pool_last or number < len(filters):
            yield keras.layers.MaxPooling2D(name=f"pool{number}")
        if rate:
            yield keras.layers.Dropout(rate)


def flatten(dropout: float = 0.0) -> Iterable[Any]:
    """(batch, rows, columns, channels) -> (batch, rows · columns · channels)."""
    import keras  # noqa: PLC0415

    yield keras.layers.Flatten()
    if dropout:
        yield keras.layers.Dropout(dropout)


def dense(*units: int, dropout: float = 0.0, l2: float = 0.0) -> Iterable[Any]:
    """Dense layers with ReLU, each with the dropout that stands behind it.

    Args:
        l2: penalty on the kernels.
    """
    import keras  # noqa: PLC0415

    for count in units:
        yield keras.layers.Dense(count, activation="relu", kernel_regularizer=_penalty(l2))
        if dropout:
            yield keras.layers.Dropout(dropout)


def logits(outputs: int, l2: float = 0.0) -> Iterable[Any]:
    """The last layer: (batch, outputs), from which a sigmoid or softmax makes scores."""
    import keras  # noqa: PLC0415

    yield keras.layers.Dense(outputs, kernel_regularizer=_penalty(l2), name="logits")


def probabilities(outputs: int) -> Iterable[Any]:
    """A whole classifier's end, on which further layers stand: a sigmoid, or a softmax beyond one output."""
    import keras  # noqa: PLC0415

    yield keras.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax")


def _penalty(l2: float) -> Any:
    import keras  # noqa: PLC0415

    return keras.regularizers.L2(l2) if l2 else None
