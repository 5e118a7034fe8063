"""A network as training finds it: built, and given the weights that it starts from."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.digests import file_sha256
from cxr_desktop.training.recipe import Pretrained

if TYPE_CHECKING:
    import keras

# Layers by which the networks of Keras' collection are told apart. The first line whose layers are all there
# names the network, so one that contains another's layers stands before it.
_SIGNATURES = (
    ("Xception", {"block14_sepconv2"}),
    ("ResNet152V2", {"conv4_block36_preact_bn"}),
    ("ResNet101V2", {"conv4_block23_preact_bn"}),
    ("ResNet50V2", {"conv4_block6_preact_bn"}),
    ("DenseNet201", {"conv4_block48_concat"}),
    ("DenseNet169", {"conv4_block32_concat"}),
    ("DenseNet121", {"conv4_block24_concat"}),
    ("ResNet152", {"conv4_block36_3_conv"}),
    ("ResNet101", {"conv4_block23_3_conv"}),
    ("ResNet50", {"conv4_block6_3_conv"}),
    ("ResNet50", {"res5c_branch2c"}),  # as Keras 2.0 named its layers
    ("VGG19", {"block5_conv4"}),
    ("VGG16", {"block5_conv3"}),
    ("MobileNetV2", {"block_16_project"}),
    ("MobileNet", {"conv_pw_13"}),
    ("InceptionResNetV2", {"conv_7b"}),
    ("InceptionV3", {"mixed10"}),
    ("EfficientNet", {"block7a_se_reduce"}),
    ("EfficientNetV2", {"block6a_se_reduce"}),
)
_TOPS = {"predictions", "probs", "fc1000"}  # what classifies ImageNet's thousand classes


def network_for(
    record: Architecture, outputs: int, weights: Path | None = None, from_scratch: bool = False
) -> keras.Model:
    """The network that a training starts with.

    Args:
        outputs: how many logits it ends in.
        weights: the file that `record.pretrained` describes. Records that start from random weights need
            none and leave it unread.
        from_scratch: start from random weights all the same, with nothing frozen: what has learned nothing
            yet is no use frozen.

    Raises:
        TrainingError: the file is needed and missing, or is another; says which.
    """
    if record.pretrained is None:
        return record.build(record.input, outputs)
    if from_scratch:
        network = record.build(record.input, outputs)
        for layer in network.layers:
            # One by one: Keras 3.15 does not pass it on from a Sequential to the network inside it.
            layer.trainable = True
        return network
    if weights is None:
        raise TrainingError(weights_wanted(record))
    check_weights(record.pretrained, weights)
    network = record.build(record.input, outputs)
    assert record.adopt is not None  # it comes with `pretrained`
    try:
        record.adopt(network, weights)
    except ValueError as error:
        raise TrainingError(
            tr(
                "“{file}” does not fit {network}: {reason}",
                file=weights.name,
                network=record.pretrained.network or record.name,
                reason=error,
            )
        ) from error
    return network


def weights_wanted(record: Architecture) -> str:
    """Which weights file an architecture starts from, in a sentence; "" where it needs none."""
    wanted = record.pretrained
    if wanted is None:
        return ""
    known_by = f" (SHA-256 {wanted.sha256[:12]}…)" if wanted.sha256 else ""
    return tr(
        "{network} starts from {what}. Choose that file, usually named “{file}”{known_by}; on the "
        "command line with --weights. Without it, --from-scratch starts from random weights.",
        network=record.name,
        what=wanted.in_words,
        file=wanted.file,
        known_by=known_by,
    )


def check_weights(wanted: Pretrained, file: Path) -> None:
    """TrainingError unless this is the file that `wanted` describes: says what it holds instead."""
    if not file.is_file():
        raise TrainingError(
            tr(
                "There is no weights file “{file}”. Expected “{expected}”: {what}.",
                file=file,
                expected=wanted.file,
                what=wanted.in_words,
            )
        )
    held = network_in(file)
    if wanted.network and held != wanted.network:
        raise TrainingError(
            tr(
                "“{file}” holds the weights of {held}; {network} is wanted: {what}, usually named "
                "“{expected}”.",
                file=file.name,
                held=held,
                network=wanted.network,
                what=wanted.in_words,
                expected=wanted.file,
            )
        )
    if not wanted.sha256:
        return
    found = _sha256(file)
    if found != wanted.sha256:
        raise TrainingError(
            tr(
                "“{file}” is not the expected file: its SHA-256 is {found}…, that of “{expected}” is "
                "{sha256}…. Download it again: {what}.",
                file=file.name,
                found=found[:12],
                expected=wanted.file,
                sha256=wanted.sha256[:12],
                what=wanted.in_words,
            )
        )


def fits(file: Path, wanted: Pretrained) -> bool:
    """Whether a file is the one that `wanted` describes: by its SHA-256, or its layers where none is known.

    Raises:
        TrainingError: the file cannot be read, or is no weights file.
    """
    if not wanted.sha256:
        return bool(wanted.network) and network_in(file) == wanted.network
    try:
        return _sha256(file) == wanted.sha256
    except OSError as error:
        raise TrainingError(
            tr("The weights file {file} cannot be read: {reason}.", file=file, reason=error.strerror)
        ) from error


def is_it(file: Path, wanted: Pretrained) -> bool:
    """Whether a remembered file is the one wanted; one that cannot be read any longer is not."""
    try:
        return fits(file, wanted)
    except TrainingError:
        return False


def first_that_fits(files: Iterable[Path], wanted: Pretrained) -> Path | None:
    """The weights file among those remembered; None where it is not among them."""
    return next((file for file in files if is_it(file, wanted)), None)


def network_in(file: Path) -> str:
    """Which network of Keras' collection a weights file belongs to, by the names of its layers.

    Raises:
        TrainingError: the file is no HDF5 file, or a damaged one.
    """
    names = _layer_names(file)
    for network, layers in _SIGNATURES:
        if layers <= names:
            return network
    if not names:
        return tr("an unknown network")
    some = ", ".join(sorted(names)[:3])
    return tr("an unknown network (layers {layers}, …)", layers=some)


def adopt_base(network: keras.Model, file: Path) -> None:
    """Gives the network inside a network the weights of its ImageNet file.

    The layers are matched in order, as Keras does: some of them were never named, and then bear a number that
    differs from program to program. A file with the thousand classes' top fits, too; the top is left out.

    Raises:
        ValueError: number or shapes of the weights differ; says where first.
    """
    import h5py  # noqa: PLC0415 - comes with Keras
    import keras  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    base = next(layer for layer in network.layers if isinstance(layer, keras.Model))
    layers = [layer for layer in base.layers if layer.weights]
    with h5py.File(file) as opened:
        stored = opened.get("model_weights", opened)
        names = [name for name in _texts(stored.attrs, "layer_names") if name not in _TOPS]
        held = [
            (name, [np.asarray(stored[name][weight]) for weight in weights])
            for name in names
            if (weights := _texts(stored[name].attrs, "weight_names"))
        ]
    if len(held) != len(layers):
        raise ValueError(
            tr(
                "it holds the weights of {held} layers, {expected} were expected",
                held=len(held),
                expected=len(layers),
            )
        )
    for layer, (name, arrays) in zip(layers, held, strict=True):
        found = [array.shape for array in arrays]
        expected = [tuple(weight.shape) for weight in layer.weights]
        if found != expected:
            raise ValueError(
                tr(
                    "its layer “{layer}” has weights of the shapes {found}, expected {expected}",
                    layer=name,
                    found=found,
                    expected=expected,
                )
            )
    for layer, (_, arrays) in zip(layers, held, strict=True):
        layer.set_weights(arrays)


@cache
def _sha256(file: Path) -> str:
    return file_sha256(file)


def _layer_names(file: Path) -> set[str]:
    import h5py  # noqa: PLC0415 - comes with Keras

    try:
        with h5py.File(file) as opened:
            stored = opened.get("model_weights", opened)
            names = set(_texts(stored.attrs, "layer_names"))
            if not names:  # as Keras 3 writes them: a group “vars” per layer knows its name
                stored.visititems(lambda _, item: names.add(str(item.attrs.get("name", ""))))
            return names - {""}
    except OSError as error:
        raise TrainingError(
            tr(
                "“{file}” is not a weights file, or a damaged one: Keras' weights are HDF5 files (.h5).",
                file=file.name,
            )
        ) from error


def _texts(attributes: Any, name: str) -> list[str]:
    """A list of names kept as text, or, by older programs, as bytes."""
    found = attributes.get(name, ())
    return [each.decode() if isinstance(each, bytes) else str(each) for each in found]
