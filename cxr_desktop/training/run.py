"""One training run from the labelled folder to the bundle. Runs inside the trainer's own process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.errors import CxrError, TrainingError, mistake
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.bundle import CARD
from cxr_desktop.training.architectures import architecture
from cxr_desktop.training.events import Event, EventLog, Failed
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
        log.error("training failed: %s", mistake(error))
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
    if (request.output / CARD).exists():
        raise TrainingError("There is a model in the output folder already. Choose another folder.")
    material = prepare(request, record.input, folder / STORE_FILE, read_radiograph, on_event)
    # Keras takes seconds to import: what is wrong with the films has been told by now.
    try:
        from cxr_desktop.training.learn import learn  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise TrainingError(
            f"Training needs TensorFlow, and {missing.name} is not part of this installation. Install the "
            "full program, or “pip install tensorflow tf2onnx onnx scikit-learn”."
        ) from missing
    learn(request, record, material, folder, read_radiograph, on_event)
