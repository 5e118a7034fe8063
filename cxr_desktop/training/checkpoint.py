"""All that a run needs to go on after a kill, in one file that is replaced as a whole at each epoch's end.

The file is a NumPy archive without pickles: the network's variables (weights, statistics, and the random
states of its dropout layers), the optimiser's (step count, moments, averaged weights), and a text of JSON
with the figures of all epochs, the time spent and the states of Python's and NumPy's generators. Order and
augmentation of an epoch follow from the seed and its number. The weights that are kept lie in an archive of
their own, and nothing else with them.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import keras
import msgspec
import numpy as np

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr
from cxr_desktop.training.disk import replace_whole

_STATE = "state"

# What tells runs apart is kept in English: a run may go on in another language.
_WORDS = {
    "the model that it continues from": tr("the model that it continues from"),
    "the architecture": tr("the architecture"),
    "the seed": tr("the seed"),
    "the number of epochs": tr("the number of epochs"),
    "the films to learn from": tr("the films to learn from"),
    "the films held out": tr("the films held out"),
}


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        history: the figures of each whole epoch, in order.
        seconds: spent on them.
    """

    history: tuple[dict[str, float], ...] = ()
    seconds: float = 0.0


class _State(msgspec.Struct):
    run: dict[str, str]
    history: list[dict[str, float]]
    seconds: float
    python: tuple[int, list[int], float | None]
    numpy: tuple[str, list[int], int, int, float]


def save_checkpoint(file: Path, model: keras.Model, progress: Progress, run: Mapping[str, str]) -> None:
    """Writes the state at the end of an epoch.

    Args:
        model: compiled; its weights are those that training goes on with, not the averaged ones.
        run: what makes it this run and no other, in words and digests.

    Raises:
        OSError: the disk is full, or the folder is gone. The checkpoint before is untouched.
    """
    version, words, gauss = random.getstate()
    name, key, *rest = cast(tuple[Any, ...], np.random.get_state())
    state = _State(
        dict(run),
        list(progress.history),
        progress.seconds,
        (version, list(words), gauss),
        (str(name), np.asarray(key).tolist(), int(rest[0]), int(rest[1]), float(rest[2])),
    )
    arrays: dict[str, Any] = {
        f"{part}_{index}": keras.ops.convert_to_numpy(variable)
        for part, variables in _parts(model).items()
        for index, variable in enumerate(variables)
    }
    arrays[_STATE] = np.frombuffer(msgspec.json.encode(state), np.uint8)
    replace_whole(file, lambda opened: np.savez(opened, **arrays))


def load_checkpoint(file: Path, model: keras.Model, run: Mapping[str, str]) -> Progress:
    """Brings a compiled network, and all random generators, to where the checkpoint left them.

    Raises:
        TrainingError: it is of another run, or damaged; says which.
    """
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            state = msgspec.json.decode(arrays[_STATE].tobytes(), type=_State)
            _check_same_run(state.run, run)
            for part, variables in _parts(model).items():
                for index, variable in enumerate(variables):
                    variable.assign(arrays[f"{part}_{index}"])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, msgspec.DecodeError) as error:
        raise TrainingError(
            tr(
                "The checkpoint in the run's folder is damaged or of another network, so the run "
                "cannot go on. Remove the run and train again."
            )
        ) from error
    version, words, gauss = state.python
    random.setstate((version, tuple(words), gauss))
    name, key, position, has_gauss, kept_gauss = state.numpy
    np.random.set_state((name, np.array(key, np.uint32), position, has_gauss, kept_gauss))
    return Progress(tuple(state.history), state.seconds)


def save_weights(file: Path, model: keras.Model) -> None:
    """Writes the weights alone, in the network's order.

    Raises:
        OSError: the disk is full, or the folder is gone. The weights before are untouched.
    """
    weights = {f"weight_{index}": weight for index, weight in enumerate(model.get_weights())}
    replace_whole(file, lambda opened: np.savez(opened, **weights))


def load_weights(file: Path, model: keras.Model) -> None:
    """Gives a network the weights of a file.

    Raises:
        TrainingError: the file is missing, damaged or of another network.
    """
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            model.set_weights([arrays[f"weight_{index}"] for index in range(len(arrays.files))])
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise TrainingError(
            tr("The kept weights in the run's folder are missing or damaged. Remove the run and train again.")
        ) from error


def _parts(model: keras.Model) -> dict[str, Any]:
    # `variables`, unlike `weights`, has the dropout layers' random states.
    return {"network": model.variables, "optimiser": model.optimizer.variables}


def _check_same_run(found: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    other = [what for what in wanted if found.get(what) != wanted[what]]
    if other:
        raise TrainingError(
            tr(
                "The interrupted run in this folder differs from this one in {differences}, so it "
                "cannot be resumed. Bring back what was there before, or remove the run and train "
                "again.",
                differences=", ".join(_WORDS.get(what, what) for what in other),
            )
        )
