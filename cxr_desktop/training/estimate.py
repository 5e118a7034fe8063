"""How long a training will take on this machine, and in how much room: a few steps of the very network.

It is measured in a process of its own, so that it can be ended at any moment and gives its memory back.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from cxr_desktop.domain.errors import Cancelled, CxrError, TrainingError
from cxr_desktop.domain.labelled_films import suspicious_labels
from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.training_estimate import TrainingEstimate
from cxr_desktop.language import tr
from cxr_desktop.training.child import ChildWork, start_child
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import LOG_FILE, STORE_FILE
from cxr_desktop.training.share import keep_to

_MEASUREMENT = ChildWork("cxr_desktop.training.estimate", "estimate-child")
_ANSWER = "estimate.json"
_FILMS = 48  # read to see how long that takes
_PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.1


class _Answer(msgspec.Struct, frozen=True):
    estimate: TrainingEstimate | None = None
    problem: str = ""


def estimate_in_child(
    request: TrainingRequest, folder: Path, cancelled: Callable[[], bool] = lambda: False
) -> TrainingEstimate:
    """Measures, in a process of its own.

    Args:
        folder: an empty one, for the request, a few films and the answer.
        cancelled: asked some times a second.

    Raises:
        Cancelled: `cancelled` said so; the process is ended.
        TrainingError: it could not be measured; says why.
    """
    request.save(folder)
    with (folder / LOG_FILE).open("wb") as log:
        child = start_child(_MEASUREMENT, folder, log)
    began = time.monotonic()
    try:
        while child.poll() is None:
            if cancelled():
                raise Cancelled
            if time.monotonic() - began > _PATIENCE_SECONDS:
                raise TrainingError(
                    tr(
                        "This machine is too busy to tell how long training would take. Try again "
                        "later, or start it all the same."
                    )
                )
            time.sleep(_POLL_SECONDS)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    answer = _answer(folder)
    if answer.estimate is None:
        raise TrainingError(answer.problem)
    return answer.estimate


def _answer(folder: Path) -> _Answer:
    try:
        return msgspec.json.decode((folder / _ANSWER).read_bytes(), type=_Answer)
    except (OSError, msgspec.MsgspecError):
        return _Answer(
            problem=tr(
                "How long training would take could not be measured: the trial ended unexpectedly, "
                "most often because the memory was full. A smaller network, image size or batch "
                "needs less."
            )
        )


def run_estimate(folder: Path) -> int:
    """Measures what the request in a folder asks for, and leaves the answer there."""
    try:
        request = TrainingRequest.load(folder)
        if request.cores is not None:
            keep_to(request.cores)
        answer = _Answer(_measured(request, folder))
    except CxrError as error:
        answer = _Answer(problem=str(error))
    (folder / _ANSWER).write_bytes(msgspec.json.encode(answer))
    return 0


def _measured(request: TrainingRequest, folder: Path) -> TrainingEstimate:
    # Here, because whoever starts the measurement needs none of it.
    from cxr_desktop.imaging.read import read_radiograph  # noqa: PLC0415
    from cxr_desktop.inference.devices import usable_cores  # noqa: PLC0415
    from cxr_desktop.training.disk import room_to_learn, room_to_package  # noqa: PLC0415
    from cxr_desktop.training.prepare import HELD_OUT_SHARE, films_to_read  # noqa: PLC0415
    from cxr_desktop.training.run import needs_lungs, start_of_run  # noqa: PLC0415
    from cxr_desktop.training.store import bytes_per_film  # noqa: PLC0415
    from cxr_desktop.training.storing import store_films  # noqa: PLC0415

    start = start_of_run(request, lambda event: None)
    record = start.record
    films = films_to_read(start.request)
    finder = start.lung_finder if needs_lungs(record) else None
    some = films[:: max(1, len(films) // _FILMS)]
    began = time.monotonic()
    store = store_films(
        some,
        request.films,
        record.input,
        folder / STORE_FILE,
        read_radiograph,
        lung_finder=finder,
        jobs=usable_cores(),
    )
    reading = (time.monotonic() - began) / len(some) * len(films)
    if not store.films:
        raise TrainingError(tr("None of the films that were tried can be read, so nothing can be measured."))

    began = time.monotonic()
    from cxr_desktop.training.rehearsal import rehearse  # noqa: PLC0415 - imports Keras

    importing = time.monotonic() - began
    labels = sorted({film.label for film in films})
    speak = suspicious_labels(tuple(labels), start.request.suspicious)
    classes = tuple(
        Label(name, name in speak) for name in sorted(labels, key=lambda name: (name in speak, name))
    )
    rehearsed = rehearse(start, classes, store, folder)

    held_out = round(len(films) * HELD_OUT_SHARE)
    learned = len(films) - held_out
    if record.balance == "oversampling":
        most = max(Counter(film.label for film in films).values())
        learned = round(len(labels) * most * (1 - HELD_OUT_SHARE))
    steps, judged = math.ceil(learned / record.batch), math.ceil(held_out / record.batch)
    room = (room_to_learn(record.parameters, folder), room_to_package(record.parameters, request.output))
    stored = len(films) * bytes_per_film(record.input, finder.card.input if finder else None)
    return TrainingEstimate(
        device=rehearsed.device,
        films=len(films),
        epochs=record.epochs,
        steps=steps,
        start_seconds=reading + importing + rehearsed.build_seconds,
        epoch_seconds=steps * rehearsed.step_seconds + judged * rehearsed.validation_step_seconds,
        memory=rehearsed.memory,
        disk=stored + sum(needed for _, needed in room),
    )


if __name__ == "__main__":
    sys.exit(run_estimate(Path(sys.argv[1])))
