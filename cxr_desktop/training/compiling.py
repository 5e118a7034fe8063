"""A recipe's words become Keras' optimiser, loss, figures and precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from cxr_desktop.domain.model_card import Label
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.losses import F1, Accuracy, CrossEntropy, OutsideShare, Recall, SuspicionAUC
from cxr_desktop.training.schedules import rate_by_step

_CPU_FACTS = Path("/proc/cpuinfo")
# Not avx512_bf16: there TensorFlow's other layers lose more time (a step of Xception takes 1.4 times as long)
# than the convolutions gain.
_BFLOAT16 = ("amx_bf16",)


def compile_network(
    model: keras.Model, record: Architecture, classes: tuple[Label, ...], steps: int, epochs: int
) -> None:
    """Gives a network the optimiser, loss and figures that its record asks for.

    Args:
        model: gives logits, or {"logits", "map"} where the record has a heat penalty.
        classes: in the order of their numbers.
        steps: an epoch.
        epochs: at most so many; a cosine schedule spans them.
    """
    figures: list[Any] = [Accuracy(len(classes)), F1(len(classes)), SuspicionAUC(record, classes)]
    figures += [Recall(number, classes) for number, label in enumerate(classes) if label.suspicious]
    loss: Any = CrossEntropy(record)
    if gives_map(model):
        model.compile(
            make_optimiser(record, steps, epochs),
            loss={"logits": loss, "map": OutsideShare()},
            loss_weights={"logits": 1.0, "map": record.heat_penalty},
            metrics={"logits": figures},
        )
    else:
        model.compile(make_optimiser(record, steps, epochs), loss=loss, metrics=figures)
    model.optimizer.build(model.trainable_variables)


def gives_map(model: keras.Model) -> bool:
    """Whether a network gives a map beside its logits. A Sequential never does, and may not be built yet."""
    return not isinstance(model, keras.Sequential) and isinstance(model.output, dict)


def make_optimiser(record: Architecture, steps: int, epochs: int) -> Any:
    """The Keras optimiser of a record, its learning rate by the record's schedule."""
    words = record.optimiser
    kinds = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW, "sgd": keras.optimizers.SGD}
    return kinds[words.kind](
        rate_by_step(words, record.schedule, steps, epochs),
        # AdamW refuses None, and for the others 0 would cost an empty pass over all weights.
        weight_decay=words.weight_decay if words.kind == "adamw" else words.weight_decay or None,
        global_clipnorm=words.clip_norm,
        use_ema=words.average is not None,
        ema_momentum=words.average if words.average is not None else 0.99,
    )


def plain_figures(logs: dict[str, Any]) -> dict[str, float]:
    """Keras' figures of an epoch under the same names for every network.

    With two outputs Keras puts the output's name before each figure's.
    """
    names = {"logits_loss": "cross_entropy", "map_loss": "outside_lungs"}
    figures = {}
    for name, value in logs.items():
        side, bare = ("val_", name[4:]) if name.startswith("val_") else ("", name)
        figures[side + names.get(bare, bare.removeprefix("logits_"))] = float(value)
    figures.pop("learning_rate", None)  # told on its own
    return figures


@contextmanager
def precision(record: Architecture) -> Iterator[None]:
    """Within it networks compute in bfloat16, where the record asks for it and the machine gains from it."""
    before = keras.config.dtype_policy()
    if record.mixed_precision and gains_from_bfloat16():
        keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def gains_from_bfloat16() -> bool:
    """Whether this machine computes in bfloat16 itself; elsewhere it would be emulated, and slower."""
    if keras.distribution.list_devices("gpu"):
        return True
    try:
        facts = _CPU_FACTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(flag in facts for flag in _BFLOAT16)
