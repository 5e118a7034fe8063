"""One training run from the labelled folder to the bundle. Runs inside the trainer's own process."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cxr_desktop.domain.errors import Cancelled, CxrError, TrainingError, mistake
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import CARD, GRADIENT, GRAPH, WEIGHTS_FILE
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import Architecture, check_weights, weights_wanted
from cxr_desktop.training.continuing import EarlierModel, record_to_train
from cxr_desktop.training.control import Control
from cxr_desktop.training.disk import room_to_learn, room_to_package
from cxr_desktop.training.events import Event, EventLog, Failed, GivenUp, Notice, Preparing
from cxr_desktop.training.prepare import films_asked_for, prepare
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import (
    CHECKPOINT_FILE,
    KEPT_WEIGHTS_FILE,
    STORE_FILE,
    UNFINISHED,
    can_resume,
    drop_films,
)

log = logging.getLogger(__name__)


def run_training(request: TrainingRequest, folder: Path) -> bool:
    """Trains, exports and evaluates. What happens, failure included, is told in the run's events.

    Args:
        folder: the run's; it exists.

    Returns:
        Whether there is a bundle.
    """
    events = EventLog(folder)
    failure: str | None = None
    try:
        _run(request, folder, events.append)
    except CxrError as error:
        failure = str(error)
    except Cancelled:
        _drop_all(request, folder)
        events.append(GivenUp())
        return False
    except MemoryError:
        failure = _memory_full(folder)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else type(error).__name__
        failure = tr(
            "A file could not be read or written ({why}). Check the disk, then {way_on}.",
            why=why,
            way_on=_way_on(folder),
        )
    except Exception as error:  # the trainer's one boundary
        log.error("training failed: %s", mistake(error))
        failure = (
            _memory_full(folder)
            if type(error).__name__ == "ResourceExhaustedError"  # TensorFlow's
            else tr(
                "An error of the program ended training ({error}); its log has the details.",
                error=type(error).__name__,
            )
        )
    drop_films(folder)  # before the last word: on a full disk it makes room for it
    if failure is not None:
        events.append(Failed(failure))
        return False
    for name in (CHECKPOINT_FILE, KEPT_WEIGHTS_FILE):  # what one goes on from is in the bundle now
        (folder / name).unlink(missing_ok=True)
    return True


def _memory_full(folder: Path) -> str:
    return tr(
        "The memory is full. Close other programs, then {way_on}; or train a smaller network.",
        way_on=_way_on(folder),
    )


def _way_on(folder: Path) -> str:
    """What is to be done once the cause of a failure is gone."""
    return tr("let it go on after its last whole epoch") if can_resume(folder) else tr("start it again")


def _run(request: TrainingRequest, folder: Path, on_event: Callable[[Event], None]) -> None:
    control = Control(folder, on_event)

    def tell(event: Event) -> None:
        on_event(event)
        if isinstance(event, Preparing):
            control.obey()

    def read(source: FilmSource) -> Radiograph:
        """Decodes a film of the finished model's trial, unless somebody wishes otherwise."""
        control.obey()
        return read_radiograph(source)

    if (request.output / CARD).exists():
        raise TrainingError(tr("There is a model in the output folder already. Choose another folder."))
    start = start_of_run(request, on_event)
    request, record, finder = start.request, start.record, start.lung_finder
    material = prepare(
        request,
        record.input,
        folder / STORE_FILE,
        read_radiograph,
        tell,
        finder if needs_lungs(record) else None,
        (room_to_learn(record.parameters, folder), room_to_package(record.parameters, request.output)),
    )
    # Keras takes seconds to import: what is wrong with the films has been told by now.
    try:
        from cxr_desktop.training.learn import learn  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise TrainingError(
            tr(
                "Training needs TensorFlow, and {package} is not part of this installation. Install "
                "the full program, or “pip install tensorflow tf2onnx onnx scikit-learn”.",
                package=missing.name,
            )
        ) from missing
    learn(request, record, material, folder, read, on_event, finder, start.earlier)


@dataclass(frozen=True, eq=False)
class Start:
    """What a run begins with, before any film is read.

    Attributes:
        request: with the suspicious classes of the earlier model, where it knows the films' classes.
        record: how the network is built and trained, with all that was changed of it.
        earlier: the model to go on from, if there is one.
        lung_finder: for training where the network needs it, and for measuring what came of it.
    """

    request: TrainingRequest
    record: Architecture
    earlier: EarlierModel | None
    lung_finder: LungFinder | None


def start_of_run(request: TrainingRequest, on_event: Callable[[Event], None]) -> Start:
    """What a request asks for, checked.

    Raises:
        CxrError: it cannot be done so; says why.
    """
    earlier = EarlierModel.open(request.continue_from) if request.continue_from is not None else None
    record = record_to_train(request.architecture, request.tuning, earlier)
    _check_start(request, record, on_event)
    if earlier is not None and not request.suspicious:
        classes = {film.label for film in films_asked_for(request)}
        request = msgspec.structs.replace(request, suspicious=earlier.suspicious_among(classes))
    return Start(request, record, earlier, _lung_finder(request, record))


def _drop_all(request: TrainingRequest, folder: Path) -> None:
    """Removes what a cancelled run has made; a bundle without its card is nobody's."""
    drop_films(folder)
    for name in (CHECKPOINT_FILE, KEPT_WEIGHTS_FILE):
        (folder / name).unlink(missing_ok=True)
    if (request.output / CARD).exists() or not request.output.is_dir():
        return
    for name in (GRAPH, GRADIENT, WEIGHTS_FILE):
        (request.output / name).unlink(missing_ok=True)
        (request.output / f"{UNFINISHED}{name}").unlink(missing_ok=True)
    if not any(request.output.iterdir()):
        request.output.rmdir()


def _check_start(request: TrainingRequest, record: Architecture, on_event: Callable[[Event], None]) -> None:
    """TrainingError where the network cannot start as it is asked to; told before any film is read."""
    if request.weights is not None and request.from_scratch:
        raise TrainingError(
            tr("A network starts from a weights file or from scratch, not both. Leave out one of them.")
        )
    if request.continue_from is not None and (request.weights is not None or request.from_scratch):
        raise TrainingError(
            tr(
                "A training that continues from a model starts from that model's weights. Leave "
                "out the weights file and “from scratch”."
            )
        )
    if request.weights is not None and not request.weights.is_file():
        raise TrainingError(tr("There is no such weights file. Choose one that exists."))
    if request.drawn_lungs is not None and not any(request.drawn_lungs.glob("*.png")):
        raise TrainingError(
            tr(
                "“{folder}” holds no lung masks. Choose a folder of PNG files named like the films.",
                folder=request.drawn_lungs,
            )
        )
    if request.continue_from is not None:
        return
    if record.pretrained is None:
        if request.weights is not None:
            ignored = tr(
                "{network} starts from random weights; the weights file is not used.", network=record.name
            )
            on_event(Notice(ignored))
        return
    if request.from_scratch:
        return
    if request.weights is None:
        raise TrainingError(weights_wanted(record))
    check_weights(record.pretrained, request.weights)


def needs_lungs(record: Architecture) -> bool:
    """Whether the lungs must be found on each film to train a network."""
    return bool(record.input.crop == "lungs" or record.augmentation.outside_lungs or record.heat_penalty)


def _lung_finder(request: TrainingRequest, record: Architecture) -> LungFinder | None:
    """The lung finder, for training where the network needs it, and for measuring what came of it."""
    if request.lung_finder is None:
        if needs_lungs(record):
            raise TrainingError(
                tr(
                    "{network} is trained with the lungs known on each film, and no lung finder is at "
                    "hand. Install the program again, or choose another architecture.",
                    network=record.name,
                )
            )
        return None
    # One thread: films are stored on several at once.
    return load_lung_finder(request.lung_finder, [cpu(1)])
