"""The studies' best CNN as this project trains it: shown the lungs' rectangle, its surroundings at random."""

from __future__ import annotations

from dataclasses import replace

from cxr_desktop.training.architectures.lung_xception import RECORDS as XCEPTION
from cxr_desktop.training.architectures.record import Architecture
from cxr_desktop.training.architectures.sharma_cnn import RECORDS as SHARMA
from cxr_desktop.training.recipe import Optimiser, Schedule, Stopping

(_XCEPTION,) = XCEPTION
(_DEEP,) = (record for record in SHARMA if record.id == "sharma-cnn-deep")

RECORDS: tuple[Architecture, ...] = (
    replace(
        _DEEP,
        id="lung-cnn",
        name="Three convolutions, kept to the lungs",
        # Black is 0, as for the study's network; one channel, since the others would repeat it.
        input=replace(_XCEPTION.input, low=0.0),
        parameters=3_312_385,
        batch=32,
        epochs=40,
        optimiser=Optimiser("adamw", learning_rate=1e-3, weight_decay=1e-2, clip_norm=2.0, average=0.995),
        schedule=Schedule("cosine", warm_up=0.7, floor=0.02),
        stopping=Stopping(keep="last"),
        augmentation=_XCEPTION.augmentation,
        balance=_XCEPTION.balance,
        label_smoothing=_XCEPTION.label_smoothing,
        source=(
            "This project's training of study 002's best network (sharma-cnn-deep-aug): lungs' rectangle as "
            "input, what lies outside the lungs replaced at random, class weights, averaged weights"
        ),
        published=None,
    ),
)
