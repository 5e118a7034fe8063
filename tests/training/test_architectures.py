"""The networks are the published ones, and start from what they are said to start from."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec, Label
from cxr_desktop.training.architectures import (
    ARCHITECTURES,
    Architecture,
    architecture,
    check_weights,
    network_for,
    weights_wanted,
)
from cxr_desktop.training.architectures.start import adopt_base, network_in
from cxr_desktop.training.compiling import compile_network
from cxr_desktop.training.recipe import RESNET101_IMAGENET, XCEPTION_IMAGENET, Pretrained
from tests.conftest import PROJECT

# As the studies print them, or as their layers add up.
PARAMETERS = {
    "hussan-cnn": 822_922,
    "mukerjee-cnn": 3_706_049,
    "sharma-ann": 128 * 128 * 3 * 10 + 10 + 10 + 1,
    "sharma-ann-sgd": 491_541,
    "sharma-ann-deep": 12_626_741,
    "sharma-ann-deep-128": 6_302_261,
    "sharma-ann-dropout": 12_626_741,
    "sharma-ann-l2": 12_626_741,
    "sharma-ann-best-weights": 12_626_741,
    "sharma-ann-low-lr": 12_626_741,
    "sharma-cnn": 254_257,
    "sharma-cnn-deep": 3_312_961,
    "sharma-cnn-dropout": 3_312_961,
    "sharma-cnn-deep-aug": 3_312_961,
    "sharma-xception": 20_861_480 + 2_049,
    "sharma-xception-deep": 20_861_480 + 10_626,
    "sharma-resnet101": 42_658_176 + 2_049,
    "sharma-xception-aug": 20_861_480 + 2_049,
    "sharma-xception-deep-aug": 20_861_480 + 10_626,
    "tutorial-cnn-224": 11_169_089,
    "mukherjee-cnn-256": 6_520_162,
}
SMALL = InputSpec(72, 72, 3)  # the smallest that every network can be built for


@cache
def counts(build: object, spec: InputSpec, outputs: int) -> tuple[int, int, tuple[int | None, ...]]:
    """Parameters, those of them that learn, and the shape of the output; records may share a build."""
    model = build(spec, outputs)  # type: ignore[operator]
    learning = sum(int(np.prod(weights.shape)) for weights in model.trainable_weights)
    return model.count_params(), learning, model.output_shape


@pytest.mark.parametrize("id", PARAMETERS)
def test_a_network_has_as_many_parameters_as_published(id: str) -> None:
    record = architecture(id)
    parameters, learning, shape = counts(record.build, record.input, record.outputs(2))
    assert parameters == record.parameters == PARAMETERS[id]
    assert learning == (record.trainable or parameters)
    assert shape == (None, record.outputs(2))


def test_every_reference_study_has_its_record() -> None:
    assert set(PARAMETERS) <= set(ARCHITECTURES)
    for id in PARAMETERS:
        record = architecture(id)
        assert record.published is not None and record.published.accuracy is not None
        assert (record.input.channels, record.input.low, record.input.high) == (3, 0, 1)


@pytest.mark.parametrize("labels", [3, 5])
@pytest.mark.parametrize("id", [id for id in PARAMETERS if "resnet" not in id])
def test_any_number_of_classes_gets_an_output_each(id: str, labels: int) -> None:
    record = architecture(id)
    outputs = 10 if record.head == "softmax of ten" else labels
    assert record.outputs(labels) == outputs
    assert counts(record.build, SMALL, outputs)[2] == (None, outputs)


@pytest.mark.parametrize("labels", [2, 3])
def test_the_shipped_network_learns_with_any_number_of_classes(labels: int) -> None:
    record = architecture("xception")
    spec = replace(record.input, height=40, width=40)
    network = record.build(spec, record.outputs(labels))
    assert network.count_params() == record.parameters + (labels > 2) * (labels - 1) * 2049
    classes = tuple(Label(f"class {number}", number > 0) for number in range(labels))
    compile_network(network, record, classes, steps=1, epochs=1)
    films = np.random.default_rng(1).random((2, 40, 40, 1), np.float32)
    targets: object = np.array([0, labels - 1])
    if labels == 2:
        rows, columns = network.output["map"].shape[1:]
        targets = {"logits": targets, "map": np.ones((2, rows, columns), np.float32)}
    assert np.isfinite(network.train_on_batch(films, targets)).all()


def test_eleven_classes_are_more_than_ten_outputs() -> None:
    assert architecture("hussan-cnn").outputs(11) == 11


def test_the_augmented_networks_are_trained_as_study_002_says() -> None:
    for id in ("sharma-cnn-deep-aug", "sharma-xception-aug", "sharma-xception-deep-aug"):
        record = architecture(id)
        assert (record.batch, record.stopping.patience, record.stopping.keep) == (214, 10, "best")
        ranges = record.augmentation
        assert (ranges.rotation_deg, ranges.row_shift, ranges.column_shift) == (40, 0.2, 0.2)
        assert (ranges.shear_deg, ranges.zoom) == (0.3, 0.1)
        assert not ranges.flip_columns and not ranges.flip_rows


@pytest.mark.parametrize(
    ("id", "patience", "keep"),
    [
        ("hussan-cnn", None, "last"),
        ("mukerjee-cnn", 5, "best"),
        ("sharma-ann", None, "last"),
        ("sharma-ann-deep", 10, "last"),
        ("sharma-ann-best-weights", 10, "best"),
        ("sharma-cnn", 10, "best"),
        ("tutorial-cnn-224", None, "last"),
        ("mukherjee-cnn-256", 5, "last"),
    ],
)
def test_training_ends_as_each_study_says(id: str, patience: int | None, keep: str) -> None:
    stopping = architecture(id).stopping
    assert (stopping.patience, stopping.keep) == (patience, keep)


def test_recipes_differ_where_the_studies_differ() -> None:
    mukerjee = architecture("mukerjee-cnn")
    assert (mukerjee.schedule.kind, mukerjee.schedule.every) == ("halving", 10)
    assert mukerjee.augment_validation and mukerjee.augmentation.flip_rows
    assert mukerjee.stopping.monitor == "val_accuracy"
    assert architecture("sharma-ann-sgd").optimiser.kind == "sgd"
    assert architecture("sharma-ann-low-lr").optimiser.learning_rate == 5e-4
    assert architecture("sharma-ann-dropout").batch == 22


def test_dropout_and_penalties_stand_where_the_studies_put_them() -> None:
    def rates(id: str) -> list[float]:
        network = architecture(id).build(SMALL, 1)
        return [layer.rate for layer in network.layers if isinstance(layer, keras.layers.Dropout)]

    assert rates("sharma-ann-dropout") == [0.3] * 6
    assert rates("sharma-cnn-dropout") == [0.3, 0.3, 0.3, 0.1, 0.1]
    assert rates("mukerjee-cnn") == [0.2] * 3
    penalised = architecture("sharma-ann-l2").build(SMALL, 1)
    assert len(penalised.losses) == 5
    assert len(architecture("mukherjee-cnn-256").build(SMALL, 2).losses) == 6


def test_an_unknown_architecture_is_answered_with_the_known_ones() -> None:
    with pytest.raises(TrainingError, match=r"no architecture “resnet”.*sharma-cnn-deep-aug"):
        architecture("resnet")


def test_the_list_opens_without_keras() -> None:
    program = (
        "import sys, cxr_desktop.training.architectures;"
        "print([name for name in ('keras', 'tensorflow', 'h5py') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


# What a network starts from


@pytest.fixture
def imagenet_xception() -> Path:
    file = PROJECT.parent / "shared" / "weights" / XCEPTION_IMAGENET.file
    if not file.is_file():
        pytest.skip("Xception's ImageNet weights are not here")
    return file


def weights_file(file: Path, layers: dict[str, list[np.ndarray]], as_bytes: bool = False) -> Path:
    """An HDF5 file as `keras.applications` publishes them."""

    def names(found: list[str]) -> object:
        return np.array([name.encode() for name in found]) if as_bytes else found

    with h5py.File(file, "w") as opened:
        opened.attrs["layer_names"] = names(list(layers))
        for layer, arrays in layers.items():
            group = opened.create_group(layer)
            group.attrs["weight_names"] = names([f"{layer}_{number}" for number in range(len(arrays))])
            for number, array in enumerate(arrays):
                group[f"{layer}_{number}"] = array
    return file


def small_record(**changes: object) -> Architecture:
    """A network on a base of two layers with weights, and any weights file that fits it."""

    def build(input: InputSpec, outputs: int) -> keras.Model:
        entrance = keras.Input((input.height, input.width, input.channels))
        x = keras.layers.Conv2D(4, 3, name="first")(entrance)
        x = keras.layers.BatchNormalization(name="norm")(x)
        base = keras.Model(entrance, keras.layers.ReLU()(x))
        base.trainable = False
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input(entrance.shape[1:]),
                base,
                layers.GlobalAveragePooling2D(),
                layers.Dense(outputs),
            ]
        )

    record = replace(
        architecture("sharma-xception"),
        build=build,
        input=SMALL,
        pretrained=Pretrained("small.h5", "", "two layers"),
        adopt=adopt_base,
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def small_weights() -> dict[str, list[np.ndarray]]:
    random = np.random.default_rng(5)
    return {
        "input_1": [],
        "first": [random.random((3, 3, 3, 4)), random.random(4)],
        "norm": [random.random(4) for _ in range(4)],
    }


@pytest.mark.parametrize("as_bytes", [False, True])
def test_a_base_takes_the_weights_of_its_file(tmp_path: Path, as_bytes: bool) -> None:
    expected = small_weights()
    top = {"predictions": [np.ones((4, 1000)), np.ones(1000)]}
    file = weights_file(tmp_path / "any name", {**expected, **top}, as_bytes)
    network = network_for(small_record(), 1, file)
    base = network.layers[0]
    np.testing.assert_allclose(base.get_layer("first").get_weights()[0], expected["first"][0], rtol=1e-6)
    np.testing.assert_allclose(base.get_layer("norm").get_weights()[3], expected["norm"][3], rtol=1e-6)
    assert len(network.trainable_weights) == 2  # the dense layer's


def test_weights_of_other_shapes_name_the_layer(tmp_path: Path) -> None:
    layers = small_weights()
    layers["first"][0] = np.ones((5, 5, 3, 4))
    file = weights_file(tmp_path / "other.h5", layers)
    with pytest.raises(TrainingError, match=r"other\.h5.*layer “first”.*\(5, 5, 3, 4\).*\(3, 3, 3, 4\)"):
        network_for(small_record(), 1, file)
    del layers["norm"]
    with pytest.raises(TrainingError, match="weights of 1 layers, 2 were expected"):
        network_for(small_record(), 1, weights_file(tmp_path / "fewer.h5", layers))


def test_the_real_xception_is_adopted(imagenet_xception: Path) -> None:
    record = architecture("sharma-xception-deep")
    network = network_for(record, 1, imagenet_xception)
    with h5py.File(imagenet_xception) as opened:
        kernel = np.asarray(opened["block14_sepconv2"]["block14_sepconv2/pointwise_kernel"])
    held = network.layers[0].get_layer("block14_sepconv2").get_weights()[1]
    np.testing.assert_array_equal(held, kernel)
    assert sum(int(np.prod(w.shape)) for w in network.trainable_weights) == 10_626


def test_without_its_file_a_pretrained_network_says_which_it_needs() -> None:
    record = architecture("sharma-xception")
    with pytest.raises(TrainingError, match=r"xception_imagenet_notop\.h5.*b8742fd32924.*--weights"):
        network_for(record, 1)
    assert "ResNet101's ImageNet weights" in weights_wanted(architecture("sharma-resnet101"))
    assert weights_wanted(architecture("sharma-cnn")) == ""


def test_from_scratch_everything_learns() -> None:
    network = network_for(small_record(), 1, from_scratch=True)
    assert len(network.trainable_weights) == 6  # kernels and biases, and the two of BatchNorm
    assert not network_for(small_record(pretrained=None, adopt=None), 1).layers[0].trainable


@pytest.mark.parametrize(
    ("layer", "network"),
    [
        ("block14_sepconv2", "Xception"),
        ("conv4_block6_3_conv", "ResNet50"),
        ("conv4_block36_3_conv", "ResNet152"),
        ("conv4_block24_concat", "DenseNet121"),
        ("block5_conv3", "VGG16"),
        ("conv_pw_13", "MobileNet"),
        ("mixed10", "InceptionV3"),
        ("block7a_se_reduce", "EfficientNet"),
        ("dense_4", "an unknown network (layers dense_4, …)"),
    ],
)
def test_a_weights_file_of_another_architecture_is_named(tmp_path: Path, layer: str, network: str) -> None:
    file = weights_file(tmp_path / "found.h5", {layer: []})
    assert network_in(file) == network
    with pytest.raises(TrainingError) as caught:
        check_weights(RESNET101_IMAGENET, file)
    assert f"“found.h5” holds the weights of {network}; ResNet101 is wanted" in str(caught.value)


def test_a_file_that_claims_to_be_xception_is_held_against_its_digest(tmp_path: Path) -> None:
    file = weights_file(tmp_path / "x.h5", {"block14_sepconv2": []})
    with pytest.raises(TrainingError, match=r"SHA-256 is [0-9a-f]{12}…, that of .* is b8742fd32924…"):
        check_weights(XCEPTION_IMAGENET, file)


def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.h5"
    file.write_text("not weights")
    with pytest.raises(TrainingError, match=r"“notes\.h5” is not a weights file"):
        check_weights(XCEPTION_IMAGENET, file)
    with pytest.raises(TrainingError, match="There is no weights file"):
        check_weights(XCEPTION_IMAGENET, tmp_path / "gone.h5")


def test_weights_as_keras_3_lays_them_out_are_recognised_by_their_layers(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "own.weights.h5", "w") as opened:
        for place, name in (("conv2d", "block5_conv3"), ("dense", "dense_4")):
            opened.create_group(f"layers/{place}/vars").attrs["name"] = name
    assert network_in(tmp_path / "own.weights.h5") == "VGG16"
