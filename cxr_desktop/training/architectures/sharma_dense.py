"""Study 002, first part: networks of dense layers on the flattened film."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.architectures.blocks import chain, dense, flatten, logits
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.recipe import Optimiser, Published, Stopping

if TYPE_CHECKING:
    import keras

STUDY = "Sharma, study 002: pneumonia detection for a remote hospital with one radiologist"
INPUT = InputSpec(128, 128, 3)
_DEEP = (256, 128, 64, 32, 10)


def _dense_network(
    input: InputSpec, outputs: int, units: Iterable[int], dropout: float = 0.0, l2: float = 0.0
) -> keras.Model:
    """Dropout stands before every layer, the first included."""
    return chain(input, flatten(dropout), dense(*units, dropout=dropout, l2=l2), logits(outputs))


_SHALLOW = Architecture(
    id="sharma-ann",
    name="One dense layer (Sharma)",
    input=INPUT,
    build=partial(_dense_network, units=(10,)),
    parameters=491_541,
    batch=44,
    epochs=100,
    stopping=Stopping(keep="last"),
    source=STUDY,
    published=Published(0.8141, 0.99, 0.52),
)

_DEEP_NETWORK = Architecture(
    id="sharma-ann-deep",
    name="Five dense layers (Sharma)",
    input=INPUT,
    build=partial(_dense_network, units=_DEEP),
    parameters=12_626_741,
    batch=44,
    epochs=100,
    stopping=Stopping(patience=10, keep="last"),
    source=STUDY,
    published=Published(0.8910, 0.95, 0.80),
)

RECORDS = (
    _SHALLOW,
    replace(
        _SHALLOW,
        id="sharma-ann-sgd",
        name="One dense layer, SGD (Sharma)",
        optimiser=Optimiser("sgd", learning_rate=0.01),
        source=f"{STUDY}; it does not print its call of SGD: Keras' own rate of 0.01 was chosen",
        published=Published(0.7885, 0.99, 0.45),
    ),
    _DEEP_NETWORK,
    replace(
        _DEEP_NETWORK,
        id="sharma-ann-deep-128",
        name="Four dense layers (Sharma)",
        build=partial(_dense_network, units=_DEEP[1:]),
        parameters=6_302_261,
        published=Published(0.7372, 1.00, 0.30),
    ),
    replace(
        _DEEP_NETWORK,
        id="sharma-ann-dropout",
        name="Five dense layers, dropout (Sharma)",
        build=partial(_dense_network, units=_DEEP, dropout=0.3),
        batch=22,
        published=Published(0.6250, 1.00, 0.00),
    ),
    replace(
        _DEEP_NETWORK,
        id="sharma-ann-l2",
        name="Five dense layers, L2 (Sharma)",
        build=partial(_dense_network, units=_DEEP, l2=0.005),
        published=Published(0.8606, 0.98, 0.65),
    ),
    replace(
        _DEEP_NETWORK,
        id="sharma-ann-best-weights",
        name="Five dense layers, best weights (Sharma)",
        stopping=Stopping(patience=10, keep="best"),
        published=Published(0.8301, 0.99, 0.56),
    ),
    replace(
        _DEEP_NETWORK,
        id="sharma-ann-low-lr",
        name="Five dense layers, lower rate (Sharma)",
        optimiser=Optimiser(learning_rate=5e-4),
        stopping=Stopping(patience=10, keep="best"),
        source=f"{STUDY}; built as it is declared, from random weights",
        published=Published(
            0.8510, 0.99, 0.62, remark="the study's cell trains an already trained network on, at 1e-3"
        ),
    ),
)
