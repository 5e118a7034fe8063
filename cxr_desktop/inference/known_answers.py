"""What a bundled model says of a drawn chest: a computer on which it says something else reckons wrongly."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cxr_desktop.domain.model_card import LungFinderCard, ModelCard
from cxr_desktop.imaging.phantom import phantom
from cxr_desktop.inference.bundle import GRAPH
from cxr_desktop.inference.scorer import Scorer

# Beside the bundles. Written by `python -m tests.known_answers` whenever a bundled network changed.
ANSWERS_FILE = "known-answers.json"

# In probability. Processors differ by 0.0001; cards that multiply in 19 bits (TF32) by 0.01.
TOLERANCE = 0.02


def answer_of(scorer: Scorer) -> float | None:
    """The probability that a model gives the first drawn chest; None where it finds it out of its scope.

    Raises:
        EngineError: the network cannot be run, or gives what is no number.
    """
    (judgement,) = scorer.score([phantom()])
    return judgement.prediction.probability


def known_answer(file: Path, model: ModelCard, lung_finder: LungFinderCard) -> float | None:
    """What a bundled model has to answer; None where nobody wrote it down.

    Args:
        file: of the known answers; need not exist.
    """
    try:
        answers = msgspec.json.decode(file.read_bytes(), type=dict[str, float])
    except FileNotFoundError:
        return None
    return answers.get(answer_key(model, lung_finder))


def answer_key(model: ModelCard, lung_finder: LungFinderCard) -> str:
    """Both networks' SHA-256: the lungs decide what the model is shown."""
    return f"{model.files[GRAPH]} {lung_finder.files[GRAPH]}"
