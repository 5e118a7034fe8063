"""When learning stops, and what is kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec, Label
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.balance import class_weights
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.checkpoint import load_weights, save_weights
from cxr_desktop.training.compiling import gains_from_bfloat16
from cxr_desktop.training.events import Epoch, Event, Notice, Step
from cxr_desktop.training.fit import Fitted, fit
from cxr_desktop.training.recipe import Optimiser, Schedule, Stopping
from cxr_desktop.training.run_folder import CHECKPOINT_FILE, FRESH, KEPT_WEIGHTS_FILE
from cxr_desktop.training.store import FilmStore, StoredFilm

# Keras 3.15 hands out TensorFlow's variables, whose __array__ does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SPEC = InputSpec(12, 12, 1)
LABELS = ("NORMAL", "PNEUMONIA")
CLASSES = (Label("NORMAL", False), Label("PNEUMONIA", True))


def build(input: InputSpec, outputs: int) -> keras.Model:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((input.height, input.width, input.channels)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(outputs),
        ]
    )


RECORD = Architecture(
    id="small",
    name="small",
    input=SPEC,
    build=build,
    parameters=0,
    batch=16,
    epochs=50,
    stopping=Stopping(patience=3),
    source="a test",
    augmentation=Augmentation(),
)


def learnable(count: int, seed: int) -> tuple[FilmStore, tuple[StoredFilm, ...]]:
    """Films whose class is their brightness."""
    random = np.random.default_rng(seed)
    levels = random.integers(0, 30_000, (count, 12, 12)).astype(np.uint16)
    levels[1::2] += 20_000
    films = tuple(StoredFilm(f"{i}", LABELS[i % 2], None, f"p{i}", f"d{i}", i) for i in range(count))
    return FilmStore(levels, films, ()), films


def run_fit(
    folder: Path,
    record: Architecture = RECORD,
    epochs: int = 4,
    minutes: float = math.inf,
    on_event: Callable[[Event], None] = lambda event: None,
    wrong_validation: bool = False,
    network: keras.Model | None = None,
) -> Fitted:
    store, films = learnable(64, 1)
    other, held_out = learnable(32, 2)
    if wrong_validation:  # what is learned makes validation worse
        held_out = tuple(replace(film, label=LABELS[(film.row + 1) % 2]) for film in held_out)
    train = FilmBatches(store, films, LABELS, SPEC, record.batch, record.augmentation, 1)
    validation = FilmBatches(other, held_out, LABELS, SPEC, record.batch)
    return fit(record, train, validation, CLASSES, folder, epochs, 1, minutes, on_event, network)


def test_a_network_learns_what_can_be_learned(tmp_path: Path) -> None:
    events: list[Event] = []
    record = replace(RECORD, optimiser=Optimiser(learning_rate=0.01))
    fitted = run_fit(tmp_path, record, epochs=8, on_event=events.append)
    assert fitted.history[-1]["val_loss"] < 0.6 * fitted.history[0]["val_loss"]
    assert fitted.history[-1]["val_accuracy"] > 0.9
    assert fitted.why.english == "All epochs are done."
    assert [event.epoch for event in events if isinstance(event, Epoch)] == list(range(1, 9))
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4] * 8


def test_the_best_weights_come_back_when_patience_ends(tmp_path: Path) -> None:
    record = replace(RECORD, optimiser=Optimiser(learning_rate=0.01))
    fitted = run_fit(tmp_path, record, epochs=50, wrong_validation=True)
    assert fitted.best_epoch == 1
    assert record.stopping.patience is not None and fitted.epochs == 1 + record.stopping.patience
    assert "has not fallen for 3 epochs" in fitted.why.english
    best = build(SPEC, 1)
    load_weights(tmp_path / KEPT_WEIGHTS_FILE, best)
    with np.load(tmp_path / CHECKPOINT_FILE) as last:
        for index, (kept, found) in enumerate(
            zip(best.get_weights(), fitted.model.get_weights(), strict=True)
        ):
            np.testing.assert_array_equal(kept, found)
            assert not np.allclose(last[f"network_{index}"], found)


def test_the_kept_file_holds_the_weights_and_nothing_else(tmp_path: Path) -> None:
    fitted = run_fit(tmp_path, replace(RECORD, stopping=Stopping(keep="last")), epochs=1)
    with np.load(tmp_path / KEPT_WEIGHTS_FILE) as kept:
        weights = [kept[name] for name in kept.files]
    assert sum(weight.nbytes for weight in weights) == 4 * fitted.model.count_params()
    for one, other in zip(weights, fitted.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("what", ["gone", "cut short", "of another network"])
def test_kept_weights_that_cannot_be_used_are_explained(tmp_path: Path, what: str) -> None:
    file = tmp_path / KEPT_WEIGHTS_FILE
    if what != "gone":
        save_weights(file, build(SPEC, 1 if what == "cut short" else 3))
    if what == "cut short":
        file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(TrainingError, match=r"kept weights.*missing or damaged"):
        load_weights(file, build(SPEC, 1))


def test_time_that_is_over_ends_learning_after_the_epoch(tmp_path: Path) -> None:
    fitted = run_fit(tmp_path, epochs=50, minutes=1e-6)
    assert fitted.epochs == 1
    assert "minutes allowed are over" in fitted.why.english


def test_a_loss_that_is_no_number_from_the_start_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"stopped being a number.*lower learning rate"):
        run_fit(tmp_path, replace(RECORD, optimiser=Optimiser(learning_rate=math.nan)))


def test_a_loss_that_stops_being_a_number_keeps_the_best_weights(tmp_path: Path) -> None:
    fitted_model: list[keras.Model] = []

    def build_and_keep(input: InputSpec, outputs: int) -> keras.Model:
        fitted_model.append(build(input, outputs))
        return fitted_model[-1]

    def break_after_two_epochs(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 2:
            fitted_model[0].set_weights([np.full_like(w, np.nan) for w in fitted_model[0].get_weights()])

    fitted = run_fit(
        tmp_path, replace(RECORD, build=build_and_keep), epochs=9, on_event=break_after_two_epochs
    )
    assert "stopped being a number" in fitted.why.english
    assert fitted.best_epoch in {1, 2} and fitted.epochs == 2
    assert all(np.isfinite(weights).all() for weights in fitted.model.get_weights())


def test_a_validation_loss_that_is_no_number_stops_and_says_so(tmp_path: Path) -> None:
    model = build(SPEC, 1)
    events: list[Event] = []

    def break_validation_in_epoch_3(event: Event) -> None:
        # The last step's event comes after the training loss is known and before validation.
        events.append(event)
        if isinstance(event, Step) and (event.epoch, event.step) == (3, event.of):
            model.set_weights([np.full_like(w, np.nan) for w in model.get_weights()])

    fitted = run_fit(tmp_path, epochs=9, on_event=break_validation_in_epoch_3, network=model)
    assert fitted.why.english.startswith(
        "The validation loss stopped being a number in epoch 3; the weights of epoch"
    )
    assert fitted.epochs == 2
    assert [event.text for event in events if isinstance(event, Notice)] == [fitted.why.words]
    assert all(np.isfinite(weights).all() for weights in fitted.model.get_weights())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("name", [CHECKPOINT_FILE, KEPT_WEIGHTS_FILE])
def test_a_disk_that_fills_while_learning_is_explained_and_the_best_weights_stay(
    tmp_path: Path, name: str
) -> None:
    def fill_the_disk(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 1:
            (tmp_path / f"{FRESH}{name}").symlink_to("/dev/full")

    with pytest.raises(TrainingError, match=r"cannot be written.*epoch [12] are kept.*Make room.*go on"):
        run_fit(tmp_path, epochs=30, on_event=fill_the_disk)
    kept = build(SPEC, 1)
    load_weights(tmp_path / KEPT_WEIGHTS_FILE, kept)
    assert np.load(tmp_path / CHECKPOINT_FILE)["network_0"].shape == (3, 3, 1, 4)


def test_the_same_seed_learns_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first, second = run_fit(tmp_path / "one", epochs=2), run_fit(tmp_path / "two", epochs=2)
    assert first.history[-1]["val_loss"] == pytest.approx(second.history[-1]["val_loss"], abs=1e-5)


def test_averaged_weights_are_judged_and_kept_while_the_raw_ones_are_trained(tmp_path: Path) -> None:
    record = replace(
        RECORD,
        optimiser=Optimiser("adamw", 0.01, weight_decay=0.01, clip_norm=1.0, average=0.9),
        schedule=Schedule("cosine", warm_up=0.5, floor=0.1),
        stopping=Stopping(keep="last"),
    )
    events: list[Event] = []
    fitted = run_fit(tmp_path, record, epochs=3, on_event=events.append)
    assert fitted.best_epoch == fitted.epochs == 3
    with np.load(tmp_path / CHECKPOINT_FILE) as checkpoint:
        raw = [checkpoint[f"network_{index}"] for index in range(4)]
        averages = [v.path for v in fitted.model.optimizer.variables]
        average = checkpoint[f"optimiser_{next(i for i, p in enumerate(averages) if 'average' in p)}"]
    np.testing.assert_allclose(fitted.model.get_weights()[0], average, atol=1e-6)
    assert not np.allclose(fitted.model.get_weights()[0], raw[0], atol=1e-4)
    store, films = learnable(32, 2)
    validation = FilmBatches(store, films, LABELS, SPEC, 16)
    judged = fitted.model.evaluate(validation, verbose=0, return_dict=True)
    assert judged["loss"] == pytest.approx(fitted.history[-1]["val_loss"], abs=1e-5)
    assert [e.learning_rate for e in events if isinstance(e, Epoch)][-1] == pytest.approx(0.001, rel=1e-3)


@pytest.mark.parametrize("kind", ["halving", "plateau"])
def test_a_schedule_by_epochs_sets_the_rate_of_each(
    tmp_path: Path, kind: Literal["halving", "plateau"]
) -> None:
    rates: list[float] = []

    def take(event: Event) -> None:
        if isinstance(event, Epoch):
            rates.append(event.learning_rate)

    # So small a rate leaves the weights as they are, and the validation loss with them.
    record = replace(
        RECORD, optimiser=Optimiser("sgd", 1e-20), schedule=Schedule(kind, every=2), stopping=Stopping()
    )
    run_fit(tmp_path, record, epochs=5, on_event=take)
    parts = {"halving": [0.5, 0.5, 0.25, 0.25, 0.125], "plateau": [1, 1, 1, 0.5, 0.5]}
    assert rates == pytest.approx([1e-20 * part for part in parts[kind]], rel=1e-5, abs=0)


@pytest.mark.parametrize(("head", "outputs"), [("sigmoids", 2), ("softmax of ten", 10)])
def test_other_heads_learn_and_report_the_same_figures(
    tmp_path: Path, head: Literal["sigmoids", "softmax of ten"], outputs: int
) -> None:
    record = replace(RECORD, head=head, optimiser=Optimiser(learning_rate=0.01), label_smoothing=0.02)
    fitted = run_fit(tmp_path, record, epochs=8)
    assert fitted.model.output_shape == (None, outputs)
    names = {"loss", "accuracy", "f1", "auc", "recall of PNEUMONIA"}
    assert set(fitted.history[-1]) == names | {f"val_{name}" for name in names}
    assert fitted.history[-1]["val_f1"] > 0.85 and fitted.history[-1]["val_auc"] > 0.9


def two_outputs(input: InputSpec, outputs: int) -> keras.Model:
    image = keras.Input((input.height, input.width, input.channels))
    features = keras.layers.Conv2D(4, 3, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-3))(
        image
    )
    places = keras.layers.Conv2D(outputs, 1)(features)
    logits = keras.layers.GlobalAveragePooling2D()(places)
    return keras.Model(image, {"logits": logits, "map": keras.layers.Reshape((10, 10))(places)})


class WithLungs(FilmBatches):
    """As if the lungs of every film of the second class filled its left half."""

    def __getitem__(self, step: int) -> tuple[Any, ...]:
        images, targets = super().__getitem__(step)
        lungs = np.ones((len(targets), 10, 10), np.float32)
        lungs[targets == 1, :, 5:] = 0
        weights = class_weights(self.shown)
        by_class = np.array([weights[label] for label in LABELS], np.float32)
        return images, {"logits": targets, "map": lungs}, by_class[targets]


def test_evidence_outside_the_lungs_is_held_against_a_network_with_a_map(tmp_path: Path) -> None:
    record = replace(
        RECORD,
        stopping=Stopping(keep="last"),
        build=two_outputs,
        heat_penalty=1.0,
        mixed_precision=True,
        optimiser=Optimiser(learning_rate=0.03),
    )
    store, films = learnable(64, 1)
    WithLungs.shown = films
    before = keras.config.dtype_policy().name
    batches = [WithLungs(store, films, LABELS, SPEC, 16) for _ in range(2)]
    fitted = fit(record, batches[0], batches[1], CLASSES, tmp_path, 3, 1, math.inf, lambda event: None)
    assert keras.config.dtype_policy().name == before == "float32"
    computing = "mixed_bfloat16" if gains_from_bfloat16() else "float32"
    assert fitted.model.layers[1].dtype_policy.name == computing
    last = fitted.history[-1]
    assert {"accuracy", "f1", "auc", "cross_entropy", "outside_lungs"} <= set(last)
    images = np.concatenate([batches[1][step][0] for step in range(4)])
    lungs = np.concatenate([batches[1][step][1]["map"] for step in range(4)])
    evidence = np.maximum(fitted.model.predict(images, verbose=0)["map"].astype(np.float32), 0)
    by_hand = (evidence * (1 - lungs)).sum(axis=(1, 2)) / (evidence.sum(axis=(1, 2)) + 0.5)
    assert last["val_outside_lungs"] == pytest.approx(by_hand.mean(), abs=0.01)
    penalised = last["val_cross_entropy"] + last["val_outside_lungs"]
    assert penalised < last["val_loss"] < penalised + 0.05  # what is left is the L2 of the kernels
