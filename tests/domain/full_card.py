"""A card on which every field is filled, for who reads all of them."""

from __future__ import annotations

from cxr_desktop.domain.calibration import Calibration, Interval, ReliabilityBin
from cxr_desktop.domain.model_card import (
    Estimate,
    Evaluation,
    HeatmapSpec,
    InputSpec,
    Label,
    LungFinderCard,
    ModelCard,
    OperatingPoint,
    Provenance,
)
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.shortcuts import ShortcutFigure

_SHARE = Estimate(0.95, 0.92, 0.97)

FULL_CARD = ModelCard(
    id="tiny",
    version="2.1",
    name="Tiny network",
    labels=(Label("NORMAL", False), Label("PNEUMONIA", True)),
    input=InputSpec(192, 192, 3, -1, 1, "lungs", 0.1),
    heatmap=HeatmapSpec("class activation", "block14"),
    calibration=Calibration(
        0.5,
        -0.1,
        "100 films",
        (ReliabilityBin(0, 0.25, 40, 2), ReliabilityBin(0.25, 0.5, 0, 0), ReliabilityBin(0.5, 1, 60, 54)),
        0.0123,
    ),
    operating_points=(
        OperatingPoint("balanced", 0.62, 0.95, 0.9, "By rule.", Interval(0.92, 0.97), Interval(0.85, 0.93)),
        OperatingPoint("high sensitivity", 0.2, 0.99, 0.8),
    ),
    population=Population("children of 1 to 5 years", 1, 5),
    provenance=Provenance(
        "xception",
        "Films of children; CC BY 4.0",
        "2026-11-21",
        {
            "optimiser": {"kind": "adam", "learning_rate": 0.001},
            "mixed_precision": False,
            "seed": 1337,
            "cut": None,
        },
        {"train": {"NORMAL": 1207, "PNEUMONIA": 3487}, "validation": {"NORMAL": 134, "PNEUMONIA": 388}},
        "d" * 64,
    ),
    licence="CC BY 4.0",
    files={"model.onnx": "a" * 64},
    evaluations=(
        Evaluation(
            "200 test films, children",
            200,
            _SHARE,
            _SHARE,
            Estimate(0.9, 0.85, 0.93),
            Estimate(0.97, 0.95, 0.98),
            ((90, 10), (5, 95)),
            0.021,
        ),
    ),
    limits=("Trained on children of one centre and a few hundred adults.",),
    shortcuts=(
        ShortcutFigure("blanking all but the lungs", 522, 0.031, -0.004, None, "at most 0.05", True),
        ShortcutFigure("squashing by 15\u00a0%", 522, 0.061, 0.001, None, "at most 0.05", False),
        ShortcutFigure("heat in the lungs", 388, value=0.957),
        ShortcutFigure("heat in the wider lungs", 388, value=0.98, condition="at least 92\u00a0%"),
    ),
    test_openings=("2026-11-21: once, when all was chosen",),
    attributions=("Weights to start from: Keras, MIT",),
)

LUNG_CARD = LungFinderCard(
    "lungs",
    "1",
    "Lung finder",
    InputSpec(128, 128),
    Estimate(0.948, 0.944, 0.952),
    Provenance("U-Net", "drawn masks", "2026-11-21", counts={"train": {"films": 986}}),
    "CC BY 4.0",
    {"model.onnx": "b" * 64},
)
