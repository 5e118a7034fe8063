"""Whether this program can train: its smaller edition comes without TensorFlow."""

from __future__ import annotations

from importlib.util import find_spec

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr


def check_can_train() -> None:
    """To be asked by whoever offers a training, before anything else is.

    Raises:
        TrainingError: this is the smaller edition; says what to install.
    """
    if find_spec("keras") is None:
        raise TrainingError(
            tr(
                "This edition of CXR Desktop reads, scores and explains films; it does not train "
                "models. Install the full edition (cxr-desktop) in its place: films, models and "
                "settings stay."
            )
        )
