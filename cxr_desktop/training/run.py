"""One training run from the labelled folder to the bundle. Runs inside the trainer's own process."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from pathlib import Path

import keras

from cxr_desktop.domain.errors import CxrError, TrainingError
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.batches import FilmBatches
from cxr_desktop.training.events import Event, EventLog, Exporting, Failed, Finished, Started
from cxr_desktop.training.export import CARD_FILE
from cxr_desktop.training.fit import fit
from cxr_desktop.training.package import package
from cxr_desktop.training.prepare import prepare
from cxr_desktop.training.request import TrainingRequest

log = logging.getLogger(__name__)

STORE_FILE = "films.u16"


def run_training(request: TrainingRequest, folder: Path) -> bool:
    """Trains, exports and evaluates. What happens, failure included, is told in the run's events.

    Args:
        folder: the run's; it exists.

    Returns:
        Whether there is a bundle.
    """
    events = EventLog(folder)
    try:
        _run(request, folder, events.append)
    except CxrError as error:
        events.append(Failed(str(error)))
    except MemoryError:
        events.append(Failed("The memory is full. Close other programs, or choose a smaller network."))
    except OSError as error:
        events.append(
            Failed(f"A file could not be read or written ({error.strerror}). Check the disk and start again.")
        )
    except Exception as error:  # the trainer's one boundary
        log.exception("training failed")
        events.append(
            Failed(
                f"An error of the program ended training ({type(error).__name__}); its log has the details."
            )
        )
    else:
        return True
    finally:
        (folder / STORE_FILE).unlink(missing_ok=True)
    return False


def _run(request: TrainingRequest, folder: Path, on_event: Callable[[Event], None]) -> None:
    record = architecture(request.architecture)
    if (request.output / CARD_FILE).exists():
        raise TrainingError("There is a model in the output folder already. Choose another folder.")
    material = prepare(request, record.input, folder / STORE_FILE, read_radiograph, on_event)
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
    package(request, record, material, fitted, read_radiograph, on_event)
    on_event(Finished(fitted.best_epoch))


def _device() -> str:
    gpus = keras.distribution.list_devices("gpu")
    return f"{len(gpus)} × GPU" if gpus else "CPU"
