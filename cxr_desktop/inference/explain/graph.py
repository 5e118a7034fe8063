"""Asking a network's graph for values that it keeps to itself while it scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.language import tr


def values_of(graph: Path) -> tuple[str, ...]:
    """The names of all values that a graph computes, in its order."""
    import onnx  # noqa: PLC0415 - needed only when a score is questioned

    model = onnx.load(graph)
    return tuple(name for node in model.graph.node for name in node.output)


def graph_giving(graph: Path, values: Sequence[str]) -> bytes:
    """The part of a graph that leads from its input to some of its values, which become its outputs.

    Args:
        graph: the .onnx file.
        values: names of values in it.

    Raises:
        BundleError: it has no such value.
    """
    import onnx.shape_inference  # noqa: PLC0415 - needed only when a score is questioned
    from onnx.utils import Extractor  # noqa: PLC0415

    model = onnx.shape_inference.infer_shapes(onnx.load(graph))
    known = {name for node in model.graph.node for name in node.output}
    missing = [value for value in values if value not in known]
    if missing:
        raise BundleError(
            tr("The model's network has no value {value}. Install the model again.", value=missing[0])
        )
    part = Extractor(model).extract_model([each.name for each in model.graph.input], list(values))
    return bytes(part.SerializeToString())
