"""Losses and figures equal what is computed by hand, and classes of unequal size are evened out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import keras
import numpy as np
import pytest

from cxr_desktop.domain.model_card import Label
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.balance import class_weights, oversampled
from cxr_desktop.training.losses import F1, Accuracy, CrossEntropy, OutsideShare, Recall, SuspicionAUC
from cxr_desktop.training.store import StoredFilm

RECORD = architecture("sharma-cnn-deep")
TWO = (Label("NORMAL", False), Label("PNEUMONIA", True))
LOGITS = np.array([[2.0, -1.0, 0.5], [0.1, 0.2, -3.0]], np.float32)


def value(result: object) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(result))


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logits)))


def test_one_logit_has_the_binary_cross_entropy_of_smoothed_targets() -> None:
    loss = CrossEntropy(replace(RECORD, label_smoothing=0.1))
    p, wanted = sigmoid(LOGITS[0, :2]), np.array([0.95, 0.05])
    by_hand = -(wanted * np.log(p) + (1 - wanted) * np.log(1 - p))
    found = loss(np.array([1, 0]), LOGITS[0, :2, None])
    assert value(found) == pytest.approx(by_hand.mean(), rel=1e-5)


def test_several_logits_have_the_cross_entropy_of_their_softmax() -> None:
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    by_hand = -np.log(p[[0, 1], [2, 0]])
    assert value(CrossEntropy(RECORD)(np.array([2, 0]), LOGITS)) == pytest.approx(by_hand.mean(), rel=1e-5)
    smoothed = np.array([[0.1, 0.1, 0.8], [0.8, 0.1, 0.1]])
    by_hand = -(smoothed * np.log(p)).sum(axis=1)
    found = CrossEntropy(replace(RECORD, label_smoothing=0.3))(np.array([2, 0]), LOGITS)
    assert value(found) == pytest.approx(by_hand.mean(), rel=1e-5)


def test_sigmoids_have_one_cross_entropy_a_class() -> None:
    p, wanted = sigmoid(LOGITS), np.array([[0, 0, 1], [1, 0, 0]])
    by_hand = -(wanted * np.log(p) + (1 - wanted) * np.log(1 - p))
    found = CrossEntropy(replace(RECORD, head="sigmoids"))(np.array([2, 0]), LOGITS)
    assert value(found) == pytest.approx(by_hand.mean(), rel=1e-5)


@pytest.mark.parametrize(("head", "outputs"), [("logit", 1), ("softmax of ten", 10), ("sigmoids", 2)])
def test_a_label_that_is_believed_in_part_pulls_towards_it_under_every_head(head: str, outputs: int) -> None:
    loss = CrossEntropy(replace(RECORD, head=head))  # type: ignore[arg-type]
    sure = np.full((1, outputs), -9.0, np.float32)
    sure[0, -1 if outputs < 10 else 1] = 9.0  # of the second class
    unsure, against = np.zeros_like(sure), -sure
    believed = np.array([0.85], np.float32)
    losses = [float(value(loss(believed, logits))) for logits in (sure, unsure, against)]
    # 0.85 lies nearer to sureness than to its contrary, and no target of its own is reached at either.
    assert losses[0] < losses[2]
    exact = [float(value(loss(np.array([number]), unsure))) for number in (0, 1)]
    assert losses[1] == pytest.approx(0.15 * exact[0] + 0.85 * exact[1], rel=1e-5)


def test_a_film_weighs_in_the_loss_by_its_class() -> None:
    loss = CrossEntropy(RECORD)
    each = [float(value(loss(np.array([target]), LOGITS[i : i + 1]))) for i, target in enumerate((2, 0))]
    found = loss(np.array([2, 0]), LOGITS, sample_weight=np.array([3.0, 1.0], np.float32))
    assert value(found) == pytest.approx((3 * each[0] + each[1]) / 2, rel=1e-5)


def test_only_positive_evidence_outside_the_lungs_counts() -> None:
    evidence = np.array([[[2.0, -5.0], [1.0, 0.0]], [[0.0, -1.0], [-1.0, 0.0]]], np.float32)
    lungs = np.array([[[1.0, 0.0], [0.25, 0.0]], [[0.0, 0.0], [0.0, 0.0]]], np.float32)
    for shown in (evidence, evidence[..., None]):  # a map may have a channel
        found = value(OutsideShare()(lungs, shown))
        assert found == pytest.approx((0.75 / 3.5 + 0) / 2, rel=1e-5)


def test_the_figures_are_those_of_a_confusion_matrix_over_all_batches() -> None:
    logits = np.array([[1.0], [-1.0], [2.0], [0.5], [-2.0]], np.float32)
    truth = np.array([1, 1, 0, 1, 0])
    accuracy, f1 = Accuracy(2), F1(2)
    for part in (slice(0, 2), slice(2, 5)):
        for figure in (accuracy, f1):
            # What a film weighs in the loss does not change how often the network is right.
            figure.update_state(truth[part], logits[part], sample_weight=np.full(part.stop - part.start, 7.0))
    assert float(value(accuracy.result())) == pytest.approx(3 / 5)
    assert float(value(f1.result())) == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))


def test_f1_of_more_classes_is_the_mean_and_a_class_that_never_occurs_has_none() -> None:
    f1 = F1(3)
    f1.update_state(np.array([0, 0, 1]), np.array([[3.0, 0, 0], [0, 3, 0], [0, 3, 0]]))
    assert float(value(f1.result())) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_outputs_beyond_the_classes_are_never_chosen() -> None:
    accuracy = Accuracy(2)
    accuracy.update_state(np.array([1]), np.array([[0.0, 1.0, 9.0]]))
    assert float(value(accuracy.result())) == 1


@pytest.mark.parametrize("head", ["logit", "sigmoids", "softmax of ten"])
def test_the_auc_orders_films_by_the_score_for_suspicion(head: str) -> None:
    random = np.random.default_rng(0)
    truth = np.arange(40) % 2
    strength = np.where(truth == 1, 1.0, -1.0) * np.where(np.arange(40) < 4, -1, 1)  # the first 4 are wrong
    logits = strength[:, None] + random.normal(0, 1e-3, (40, 1))
    if head != "logit":
        logits = np.concatenate([-logits, logits, np.full((40, 1), 9.0)], axis=1)
    auc = SuspicionAUC(replace(RECORD, head=head), TWO)  # type: ignore[arg-type]
    auc.update_state(truth, logits.astype(np.float32))
    assert float(value(auc.result())) == pytest.approx(0.9, abs=0.02)


def test_of_three_classes_the_suspicious_ones_are_scored_together_and_recalled_each() -> None:
    classes = (Label("NORMAL", False), Label("BACTERIA", True), Label("VIRUS", True))
    logits = np.array([[4, 0, 0], [0, 3, 1], [0, 1, 3], [0, 1, 3], [2, 0, 1]], np.float32)
    truth = np.array([0, 1, 1, 2, 2])
    auc = SuspicionAUC(RECORD, classes)
    auc.update_state(truth, logits)
    assert float(value(auc.result())) == pytest.approx(1.0, abs=0.01)  # bacteria for virus is no mistake here
    for position, expected in ((1, 0.5), (2, 0.5)):
        recall = Recall(position, classes)
        recall.update_state(truth[:3], logits[:3])
        recall.update_state(truth[3:], logits[3:])
        assert recall.name == f"recall of {classes[position].name}"
        assert float(value(recall.result())) == pytest.approx(expected)


def films(**counts: int) -> list[StoredFilm]:
    labels = [label for label, count in counts.items() for _ in range(count)]
    return [StoredFilm(f"{i}.png", label, None, f"p{i}", f"d{i}", i) for i, label in enumerate(labels)]


def test_class_weights_make_all_classes_weigh_alike_and_films_one_on_average() -> None:
    weights = class_weights(films(NORMAL=10, PNEUMONIA=30))
    assert weights == pytest.approx({"NORMAL": 2.0, "PNEUMONIA": 2 / 3})
    assert 10 * weights["NORMAL"] + 30 * weights["PNEUMONIA"] == pytest.approx(40)


def test_oversampling_repeats_small_classes_evenly_and_the_same_way_again() -> None:
    few = films(NORMAL=10, PNEUMONIA=34, OTHER=34)
    more = oversampled(few, seed=3)
    assert Counter(film.label for film in more) == {"NORMAL": 34, "PNEUMONIA": 34, "OTHER": 34}
    assert set(Counter(film.name for film in more if film.label == "NORMAL").values()) == {3, 4}
    assert more == oversampled(few, seed=3) and set(more) == set(few)
    assert more != oversampled(few, seed=4)


def test_oversampling_shows_films_with_a_weight_of_their_own_once() -> None:
    own = [replace(film, name=f"own {film.name}", weight=0.5) for film in films(NORMAL=3, PNEUMONIA=40)]
    more = oversampled([*films(NORMAL=10, PNEUMONIA=20), *own], seed=3)
    counts = Counter(film.name for film in more)
    assert all(counts[film.name] == 1 for film in own)
    assert Counter(film.label for film in more if film.weight is None) == {"NORMAL": 20, "PNEUMONIA": 20}
