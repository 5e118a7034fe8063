"""A comparison with something in every part of it: figures are made up, their shapes are real."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cxr_desktop.domain.calibration import ReliabilityBin
from cxr_desktop.domain.classification import ClassFigures, LabelComparison
from cxr_desktop.domain.comparison import (
    AtPoint,
    ComparedFilm,
    ModelComparison,
    ModelFigures,
    NotCompared,
    RecallAtSpecificity,
    Subgroup,
    Verdict,
)
from cxr_desktop.domain.model_card import Estimate, Evaluation
from cxr_desktop.domain.shortcuts import ShortcutFigure

POINT = 0.5
FILMS = (
    ComparedFilm("/films/better.png", "PNEUMONIA", True, (0.2, 0.9), (False, True)),
    ComparedFilm("/films/worse.png", "NORMAL", False, (0.4, 0.6), (False, True)),
    ComparedFilm("/films/missed.png", "PNEUMONIA", True, (0.3, 0.1), (False, False)),
    ComparedFilm("/films/right.png", "NORMAL", False, (0.1, 0.05), (False, False)),
)


@cache
def comparison() -> ModelComparison:
    """A better model, with one verdict put right and one made wrong."""
    return ModelComparison(
        films_in_words="films of a drawer",
        now=_figures("xception", 0.90, 0.6),
        new=replace(
            _figures("mine", 0.95, 0.9), remarks=("2 films of 4 were locked after mine was trained.",)
        ),
        films=FILMS,
        not_compared=(
            NotCompared("/films/side.png", "NORMAL", True, ("A side view", "")),
            NotCompared("/films/gone.png", "NORMAL", False, ("The file is gone.", "The file is gone.")),
        ),
        auc_difference=Estimate(0.05, 0.02, 0.08),
        recall=RecallAtSpecificity(0.9, 0.8, 0.85, Estimate(0.05, -0.01, 0.1)),
        subgroups=(
            Subgroup(
                "age",
                "1 to 5 y",
                60,
                30,
                (Estimate(0.9, 0.8, 0.95), Estimate(0.94, 0.9, 0.97)),
                Estimate(0.04, 0.01, 0.07),
                Verdict.BETTER,
            ),
        ),
        verdict=Verdict.BETTER,
        reasons=("AUC is higher, by 0.050 (0.020 to 0.080).",),
    )


def _figures(id: str, auc: float, in_lungs: float) -> ModelFigures:
    share = Estimate(0.5, 0.1, 0.9)
    evaluation = Evaluation(
        "films", 4, share, share, share, Estimate(auc, auc - 0.03, auc + 0.03), ((1, 1), (1, 1)), 0.04
    )
    classes = (ClassFigures("pneumonia", 0.5, 0.5, 0.5, 2), ClassFigures("not pneumonia", 0.5, 0.5, 0.5, 2))
    labels = (ClassFigures("NORMAL", 0.5, 0.5, 0.5, 2), ClassFigures("PNEUMONIA", 0.5, 0.5, 0.5, 2))
    return ModelFigures(
        id,
        "1.0",
        id.title(),
        (AtPoint("balanced", POINT, evaluation, classes), AtPoint("sensitive", 0.2, evaluation, classes)),
        roc=((0.0, 0.0), (0.2, auc), (1.0, 1.0)),
        precision_recall=((1.0, 0.5), (auc, 0.9), (0.0, 1.0)),
        reliability=(ReliabilityBin(0.0, 0.5, 2, 0, 0.1), ReliabilityBin(0.5, 1.0, 2, 2, 0.95)),
        labels=LabelComparison(labels, ((1, 1), (1, 1)), share),
        evidence_in_lungs=in_lungs,
        shortcuts=(ShortcutFigure("blanking the border", 4, 0.01, -0.002, condition="below 0.05"),),
    )
