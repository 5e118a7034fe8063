"""Films for the viewer: real ones, and drawn ones whose every pixel is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.ui.image_viewer import Caption, ImageViewer
from cxr_desktop.ui.theme import apply_theme

CAPTION = Caption(("Kowalska, Anna   4 y F", "Chest PA"), ("Xception 1.0",), "1 of 5 unread")


@pytest.fixture
def viewer(qtbot: QtBot, qapp: QApplication) -> Iterator[ImageViewer]:
    """A visible viewer without a film, 600 pixels of canvas in each direction."""
    apply_theme(qapp, "dark")
    widget = ImageViewer(show_heatmap=True, look=HeatLook(opacity=0.5))
    qtbot.addWidget(widget)
    widget.show()
    widget.resize(600, 600 + widget.height() - widget.canvas.height())
    qtbot.waitUntil(lambda: widget.canvas.size().toTuple() == (600, 600))
    yield widget


@pytest.fixture(scope="session")
def rg1(pydicom_films: Path) -> Radiograph:
    """The NEMA chest film RG1: CR, MONOCHROME1, 15 bit, 1955 × 1841."""
    return read_radiograph(FilmSource(pydicom_films / "RG1_UNCR.dcm"))


@pytest.fixture(scope="session")
def child_film(data_folder: Path) -> Radiograph:
    """A child's film, a picture in 8 bit."""
    path = sorted((data_folder / "kermany_full" / "NORMAL").iterdir())[0]
    return read_radiograph(FilmSource(path))


@pytest.fixture
def quarters() -> Radiograph:
    """100 × 100, 8 bit, 1 mm a pixel: 0 and 80 above, 160 and 240 below."""
    values = np.zeros((100, 100), np.uint8)
    values[:50, 50:], values[50:, :50], values[50:, 50:] = 80, 160, 240
    return Radiograph(values, (picture_window(values),), spacing_mm=(1.0, 1.0))


def evidence_at(row: int, column: int, box: Box) -> Heatmap:
    """A 4 × 4 map over `box` with all its evidence in one cell."""
    evidence = np.zeros((4, 4), np.float32)
    evidence[row, column] = 1
    return Heatmap(evidence, box, "class activation")
