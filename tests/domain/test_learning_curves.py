"""Figures of epochs become curves with names."""

from __future__ import annotations

from cxr_desktop.domain.learning_curves import learning_curves

TWO = (
    {"loss": 0.7, "val_loss": 0.8, "recall of PNEUMONIA": 0.4, "val_recall of PNEUMONIA": 0.3},
    {"loss": 0.5, "val_loss": 0.6, "recall of PNEUMONIA": 0.6, "val_recall of PNEUMONIA": 0.5},
)


def test_training_stands_before_the_held_out_films() -> None:
    training, held_out = learning_curves("Loss", TWO)
    assert (training.name, training.points) == ("training", ((1, 0.7), (2, 0.5)))
    assert (held_out.name, held_out.validation, held_out.points[1]) == ("held out", True, (2, 0.6))


def test_recall_of_several_classes_is_told_apart_by_their_names() -> None:
    assert [each.name for each in learning_curves("Recall", TWO)] == ["training", "held out"]
    several = ({"recall of BACTERIA": 1.0, "val_recall of VIRUS": 0.2, "recall of VIRUS": 0.5},)
    names = [each.name for each in learning_curves("Recall", several)]
    assert names == ["training, BACTERIA", "training, VIRUS", "held out, VIRUS"]


def test_a_figure_that_was_not_told_gives_no_curve_and_a_gap_no_point() -> None:
    assert learning_curves("AUC", TWO) == ()
    (curve,) = learning_curves("AUC", ({"auc": 0.5}, {}, {"auc": 0.75}))
    assert curve.points == ((1, 0.5), (3, 0.75))
