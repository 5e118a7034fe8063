"""From prepared films to a bundle: the part of a run that needs Keras."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import keras

from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.events import Event, Exporting, Finished, Started
from cxr_desktop.training.fit import fit
from cxr_desktop.training.package import package
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.store import ReadFilm


def learn(
    request: TrainingRequest,
    record: Architecture,
    material: Material,
    folder: Path,
    read: ReadFilm,
    on_event: Callable[[Event], None],
) -> None:
    """Trains the network and writes its bundle into `request.output`.

    Args:
        folder: the run's.
        read: decodes the test films.

    Raises:
        TrainingError: nothing was learned; says why.
    """
    train = FilmBatches(
        material.store,
        material.train,
        material.labels,
        record.input,
        record.batch,
        record.augmentation,
        request.seed,
    )
    validation = FilmBatches(material.store, material.validation, material.labels, record.input, record.batch)
    epochs = request.epochs or record.epochs
    on_event(Started(record.id, material.counts, epochs, len(train), _device()))
    fitted = fit(
        record,
        train,
        validation,
        material.labels,
        folder,
        epochs,
        request.seed,
        request.minutes or math.inf,
        on_event,
    )
    on_event(Exporting(fitted.why))
    package(request, record, material, fitted, read, on_event)
    on_event(Finished(fitted.best_epoch))


def _device() -> str:
    gpus = keras.distribution.list_devices("gpu")
    return f"{len(gpus)} × GPU" if gpus else "CPU"
