"""Whether a network is the one that its card describes: asked once, when it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import InputSpec, LungFinderCard, ModelCard
from cxr_desktop.language import tr

# A length that the graph leaves open, such as the batch's, is None.
Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Signature:
    """What a graph takes and gives, as far as it says so itself.

    Attributes:
        inputs, outputs: shapes by name, in the graph's order; of tensors that are not float32, None.
    """

    inputs: Mapping[str, Shape | None]
    outputs: Mapping[str, Shape | None]


def check_classifier(card: ModelCard, graph: Signature) -> None:
    """Compares a classifier's card with its graph.

    Raises:
        BundleError: they do not fit; names the card's field.
    """
    _check_input(card.input, graph)
    _check_output("calibration", "logit", (None,), graph)
    labels = len(card.labels)
    given = _check_output("labels", "scores", (None, None), graph)
    if given[1] not in (None, labels):
        raise _mismatch(
            "labels",
            tr("names {named}, the network gives scores for {given}", named=labels, given=given[1]),
        )
    if card.heatmap is not None:
        _check_output("heatmap", "heatmap", (None, None, None), graph)


def check_lung_finder(card: LungFinderCard, graph: Signature) -> None:
    """Compares a lung finder's card with its graph.

    Raises:
        BundleError: they do not fit; names the card's field.
    """
    _check_input(card.input, graph)
    _check_output("kind", "mask", (None, None, None), graph)


def _check_input(spec: InputSpec, graph: Signature) -> None:
    if len(graph.inputs) != 1:
        raise _mismatch(
            "input", tr("describes one image, the network takes {count} inputs", count=len(graph.inputs))
        )
    ((name, shape),) = graph.inputs.items()
    if shape is None or len(shape) != 4:
        raise _mismatch(
            "input",
            tr(
                "describes images as (batch, height, width, channels) float32, the network's input "
                "{name} is {given}",
                name=name,
                given=_text(shape),
            ),
        )
    for field, taken in zip(("height", "width", "channels"), shape[1:], strict=True):
        promised = getattr(spec, field)
        if taken not in (None, promised):
            raise _mismatch(
                f"input.{field}",
                tr("is {promised}, the network takes {taken}", promised=promised, taken=taken),
            )


def _check_output(field: str, name: str, like: Shape, graph: Signature) -> Shape:
    """The shape of an output that a field of the card needs, with as many axes as `like`."""
    if name not in graph.outputs:
        there = ", ".join(graph.outputs) or tr("none")
        raise _mismatch(
            field,
            tr("needs the network's output {name}; its outputs are: {outputs}", name=name, outputs=there),
        )
    shape = graph.outputs[name]
    if shape is None or len(shape) != len(like):
        raise _mismatch(
            field,
            tr(
                "needs {axes} axes of float32 in the output {name}, it is {given}",
                axes=len(like),
                name=name,
                given=_text(shape),
            ),
        )
    return shape


def _text(shape: Shape | None) -> str:
    if shape is None:
        return tr("no float32")
    lengths = ", ".join(tr("any") if length is None else str(length) for length in shape)
    return f"({lengths})"


def _mismatch(field: str, what: str) -> BundleError:
    return BundleError(
        tr(
            "The model's card does not match its network: the field “{field}” {what}. Install the "
            "model again, or choose another.",
            field=field,
            what=what,
        )
    )
