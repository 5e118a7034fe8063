"""Training goes on from a model that there is: with its input and weights, and its card says from which."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest

from cxr_desktop.domain.errors import BundleError, CxrError, TrainingError
from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.inference.bundle import CARD, WEIGHTS_FILE, open_classifier
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.continuing import EarlierModel, record_of_model, record_to_train
from cxr_desktop.training.digests import file_sha256
from cxr_desktop.training.events import Event, EventFollower, Failed, Notice
from cxr_desktop.training.run import run_training
from tests.conftest import BUNDLED
from tests.training.conftest import draw_film
from tests.training.short_run import short_run

# NumPy 2 warns of how Keras 3 reads its variables when it saves weights.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*np.object.*:FutureWarning"),
]

TWO = (Label("NORMAL", False), Label("PNEUMONIA", True))
THREE = (*TWO, Label("TUBERCULOSIS", True))


def events_of(folder: Path) -> list[Event]:
    return list(EventFollower(folder).new_events())


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory, drawn_folder: Path) -> Path:
    """A model of one epoch, at 32×32."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "run").mkdir()
    assert run_training(short_run(drawn_folder, folder / "first", epochs=1), folder / "run")
    return folder / "first"


def test_a_continued_training_starts_from_the_models_weights_and_says_so(
    earlier: Path, drawn_folder: Path, tmp_path: Path
) -> None:
    request = short_run(
        drawn_folder, tmp_path / "second", continue_from=earlier, epochs=1, learning_rate=1e-7, image_size=32
    )
    (tmp_path / "run").mkdir()
    assert run_training(request, tmp_path / "run")
    before, after = open_classifier(earlier).card, open_classifier(tmp_path / "second").card
    said = after.provenance.recipe["continued_from"]
    sha256 = file_sha256(earlier / WEIGHTS_FILE)
    assert said == {"id": "first", "version": before.version, "weights_sha256": sha256}
    assert after.input == before.input == replace(before.input, height=32, width=32)
    assert any("continues from first" in limit for limit in after.limits)
    assert "before that, as first" in after.provenance.trained_on
    # At so low a rate one epoch leaves the weights where they were.
    networks = []
    for bundle in (earlier, tmp_path / "second"):
        record = record_of_model(after)
        network = record.build(record.input, 1)
        network.load_weights(bundle / WEIGHTS_FILE)
        networks.append(network)
    for one, other in zip(*(network.get_weights() for network in networks), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)
    notices = [event.text for event in events_of(tmp_path / "run") if isinstance(event, Notice)]
    assert notices == [f"Training continues from first {before.version}."]


def test_another_number_of_classes_gets_a_new_last_layer_and_is_told(
    earlier: Path, drawn_folder: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    shutil.copytree(drawn_folder / "train", films)
    for index in range(24):
        draw_film(films / "TUBERCULOSIS" / f"other{index}.png", True, 500 + index)
    request = short_run(films, tmp_path / "second", continue_from=earlier, epochs=1)
    (tmp_path / "run").mkdir()
    assert run_training(request, tmp_path / "run")
    (notice,) = (event.text for event in events_of(tmp_path / "run") if isinstance(event, Notice))
    assert "knows the classes NORMAL, PNEUMONIA" in notice and "replaced by a new one" in notice
    assert [label.name for label in open_classifier(tmp_path / "second").card.labels] == [
        "NORMAL",
        "PNEUMONIA",
        "TUBERCULOSIS",
    ]


def test_all_but_the_last_layer_is_kept_for_other_classes(earlier: Path) -> None:
    model = EarlierModel.open(earlier)
    record = record_of_model(model.card)
    known, new = model.network(record, TWO), model.network(record, THREE)
    assert new.output_shape == (None, 3)
    for one, other in zip(known.get_weights()[:-2], new.get_weights()[:-2], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("id", [BUNDLED, "xception"])
def test_the_bundled_models_can_be_continued(id: str) -> None:
    folder = resources_folder() / "models" / id
    if not (folder / WEIGHTS_FILE).is_file():
        pytest.skip(f"the bundle {id} is not here")
    model = EarlierModel.open(folder)
    record = record_to_train(model.card.provenance.architecture, Tuning(), model)
    own = architecture(model.card.provenance.architecture)
    assert record.input == own.input
    assert record.optimiser.learning_rate == pytest.approx(own.optimiser.learning_rate / 10)
    for classes in (TWO, THREE):
        network = model.network(record, classes)
        assert isinstance(network, keras.Model)
        assert all(np.isfinite(weights).all() for weights in network.get_weights())


def card_of(folder: Path, change: dict[str, object], tmp_path: Path) -> Path:
    """A copy of a bundle whose card says something else."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    raw = msgspec.json.decode((copy / CARD).read_bytes())
    (copy / CARD).write_bytes(msgspec.json.encode(raw | change))
    return copy


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("weights", "came without the weights"),
        ("architecture", "no architecture “unknown”"),
        ("crop", "sees films otherwise"),
    ],
)
def test_a_model_that_cannot_be_continued_is_refused_in_words(
    earlier: Path, tmp_path: Path, change: str, words: str
) -> None:
    raw = msgspec.json.decode((earlier / CARD).read_bytes())
    changes = {
        "weights": {"files": {name: raw["files"][name] for name in raw["files"] if name != WEIGHTS_FILE}},
        "architecture": {"provenance": raw["provenance"] | {"architecture": "unknown"}},
        "crop": {"input": raw["input"] | {"crop": "lungs"}},
    }
    folder = card_of(earlier, changes[change], tmp_path)
    with pytest.raises(CxrError, match=words):
        record_of_model(EarlierModel.open(folder).card)


def test_weights_of_another_network_are_refused_in_words(earlier: Path, tmp_path: Path) -> None:
    provenance = msgspec.json.decode((earlier / CARD).read_bytes())["provenance"]
    folder = card_of(earlier, {"provenance": provenance | {"architecture": "sharma-cnn-deep"}}, tmp_path)
    model = EarlierModel.open(folder)
    with pytest.raises(BundleError, match="are not those of Three convolutions"):
        model.network(record_of_model(model.card), TWO)


def test_size_and_architecture_are_the_models_own(earlier: Path) -> None:
    model = EarlierModel.open(earlier)
    with pytest.raises(TrainingError, match=r"sees 32×32 pixels.*64×64 were chosen"):
        record_to_train("sharma-cnn", Tuning(image_size=64), model)
    with pytest.raises(TrainingError, match=r"of the architecture “sharma-cnn”, and “xception” is asked for"):
        record_to_train("xception", Tuning(), model)
    assert record_to_train("sharma-cnn", Tuning(learning_rate=0.5), model).optimiser.learning_rate == 0.5


def test_which_classes_are_suspicious_is_the_models_own_where_it_knows_them(earlier: Path) -> None:
    card = EarlierModel.open(earlier).card
    model = EarlierModel(
        earlier, replace(card, labels=(Label("a", False), Label("b", True), Label("c", False)))
    )
    assert model.suspicious_among({"a", "b", "c"}) == ("b",)
    assert model.suspicious_among({"a", "b"}) == ()
    assert not model.knows(THREE) and model.knows(model.card.labels)


def test_weights_and_from_scratch_do_not_go_with_a_model_to_continue_from(
    earlier: Path, drawn_folder: Path, tmp_path: Path
) -> None:
    request = short_run(drawn_folder, tmp_path / "second", continue_from=earlier, from_scratch=True)
    assert not run_training(request, tmp_path)
    (failed,) = events_of(tmp_path)
    assert isinstance(failed, Failed) and "Leave out the weights file" in failed.reason


def test_a_missing_model_is_told_before_any_film_is_read(drawn_folder: Path, tmp_path: Path) -> None:
    request = short_run(drawn_folder, tmp_path / "second", continue_from=tmp_path / "gone")
    assert not run_training(request, tmp_path)
    (failed,) = events_of(tmp_path)
    assert isinstance(failed, Failed) and "cannot be read" in failed.reason
