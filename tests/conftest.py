"""What every test may ask for."""

from __future__ import annotations

import gc
import importlib.util
import os
from functools import partialmethod
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.model_library import ModelLibrary

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["CXR_LANGUAGE"] = "en"  # whatever this desktop speaks
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# The folder, and id, of a bundled classifier that is there in every checkout.
BUNDLED = "cnn"

PROJECT = Path(__file__).parent.parent

# No test is timed: on a machine that is busy otherwise the same example may take ten times as long.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


# What is waited for at most where a test names no time: pytest-qt's 5 s pass by on a machine that is busy.
_PATIENCE_MS = 60_000


class PatientBot(QtBot):
    waitUntil = partialmethod(QtBot.waitUntil, timeout=_PATIENCE_MS)  # noqa: N815
    waitSignal = partialmethod(QtBot.waitSignal, timeout=_PATIENCE_MS)  # noqa: N815
    waitExposed = partialmethod(QtBot.waitExposed, timeout=_PATIENCE_MS)  # noqa: N815


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with more patience."""
    return PatientBot(request)


# So many objects more than were freed, and what hangs together in rings is looked through between two tests.
_MANY_OBJECTS = 100_000


def pytest_configure() -> None:
    """Rings of objects, some of them windows, are freed between tests alone.

    Python would free them at any time and on any thread, also on one that only hands tests out; and a window
    that is freed on another thread than its own takes the process along.
    """
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    if gc.get_count()[0] > _MANY_OBJECTS:
        gc.collect()


def find_data_folder() -> Path | None:
    """The folder of real films: `CXR_DATA`, else `../shared/data` beside the project."""
    folder = Path(os.environ.get("CXR_DATA", PROJECT.parent / "shared" / "data"))
    return folder if (folder / "kermany.csv").is_file() else None


def default_card() -> ModelCard:
    """The card of the model that judges unless another is chosen."""
    card = ModelLibrary(resources_folder() / "models", PROJECT / "no such folder").find("").card
    assert card is not None
    return card


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Real chest X-rays; the test is skipped where they are not at hand."""
    folder = find_data_folder()
    if folder is None:
        pytest.skip("real films are not here: set CXR_DATA to the folder that holds kermany.csv")
    return folder


@pytest.fixture(scope="session")
def pydicom_films() -> Path:
    """The folder with the real DICOM files of the package pydicom-data."""
    spec = importlib.util.find_spec("data_store")
    if spec is None or spec.origin is None:
        pytest.skip("pydicom-data is not installed: pip install -e '.[test]'")
    return Path(spec.origin).parent / "data"


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with convolutions and the logit's gradient, as it ships."""
    from tests.training.small_bundle import write_small_bundle  # noqa: PLC0415 - Keras

    folder = tmp_path_factory.mktemp("models") / "small"
    write_small_bundle(folder)
    return folder
