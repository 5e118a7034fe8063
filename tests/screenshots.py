"""Pictures of the real window, for README and help: `python -m tests.screenshots` writes them anew.

On them are only films that anybody may show: those of pydicom-data, and drawn chests.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from cxr_desktop.app.desk import Desk
from cxr_desktop.cli.demo import demo_folder
from cxr_desktop.domain.settings import Settings
from cxr_desktop.imaging.phantom import phantom, phantom_file
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.retraining_wizard import DataPage, FilmsPage, RetrainingWizard
from cxr_desktop.ui.theme import apply_theme
from tests.app.conftest import all_scored
from tests.conftest import PROJECT
from tests.training.audit.pictures import picture

SCREENSHOTS = PROJECT / "resources" / "screenshots"
LARGEST_BYTES = 150_000

_WINDOW = QSize(1280, 800)
_TALL = QSize(1280, 1000)
_WIZARD = QSize(1280, 860)
_QUALITIES = (90, 85, 80, 75)
_LONGEST_S = 300
# The one chest film of pydicom-data, stored in four ways, and what is no chest film.
_OF_PYDICOM = ("RG1_*.dcm", "693_J2KR.dcm", "RG3_UNCR.dcm", "US1_UNCR.dcm")
_DRAWN = 3
_LABELLED = {"NORMAL": 60, "PNEUMONIA": 66}


def main() -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "dark")
    SCREENSHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cxr-screenshots-") as name:
        scratch = Path(name)
        folders = UserFolders(scratch / "data", scratch / "log")
        folders.create()
        catalogue = Catalogue.open(folders.catalogue)
        desk = Desk(folders, Settings())
        desk.window.resize(_WINDOW)
        desk.window.show()
        desk.begin(catalogue, [])
        try:
            _main_window(desk, scratch)
            _wizard(desk, scratch)
        finally:
            desk.window.close()
            desk.close()
            catalogue.close()


def _main_window(desk: Desk, scratch: Path) -> None:
    films = scratch / "Drawn chests"
    films.mkdir()
    for number in range(_DRAWN):
        (films / f"drawn-{number + 1}.jpg").write_bytes(phantom_file(number))
    chosen = [film for pattern in _OF_PYDICOM for film in sorted(demo_folder().glob(pattern))]
    taken_in: list[object] = []
    desk.intake.finished.connect(taken_in.append)
    desk.take_in([*chosen, films])
    wait_until(lambda: bool(taken_in) and all_scored(desk, _DRAWN)())
    desk.session.show_film(desk.session.queue.ranked[0].id)
    pause(3)
    _save(desk.window, "main-window.jpg")
    desk.window.resize(_TALL)
    pause(1)
    _save(desk.triage, "triage-panel.png")


def _wizard(desk: Desk, scratch: Path) -> None:
    folder = scratch / "labelled"
    numbers = iter(range(sum(_LABELLED.values())))
    for label, count in _LABELLED.items():
        (folder / label).mkdir(parents=True)
        for number in (next(numbers) for _ in range(count)):
            size = (480 + 8 * (number % 5), 400 + 4 * (number % 7))
            # Drawn chests are alike; with clouds over them none is another's near copy.
            film = 0.6 * phantom(number, size).values + 0.4 * picture(number, size)
            cv2.imwrite(str(folder / label / f"person{number}_1.jpg"), film.astype(np.uint8))
    shutil.copy(folder / "NORMAL" / "person0_1.jpg", folder / "PNEUMONIA" / "person900_1.jpg")
    (folder / "NORMAL" / "person901_1.jpg").write_bytes(b"no film")
    desk.retraining.show()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    films, data = wizard.pages[:2]
    assert isinstance(films, FilmsPage) and isinstance(data, DataPage)
    films.take([folder])
    wait_until(lambda: films.is_ready)
    wizard.go_on()
    wizard.resize(_WIZARD)
    wait_until(lambda: data.plan.report is not None)
    wait_until(data.checking.isHidden)
    pause(1)
    _save(wizard, "wizard-data.png")


def _save(shown: QWidget, name: str) -> None:
    """A small picture, in the format that its name says: JPEG with a film on it, PNG without."""
    image = shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    size = (image.width(), image.height())
    whole = Image.frombytes("RGB", size, bytes(image.constBits()), "raw", "RGB", image.bytesPerLine())
    file = SCREENSHOTS / name
    if file.suffix == ".png":
        whole.save(file, optimize=True)
    for quality in _QUALITIES if file.suffix == ".jpg" else ():
        whole.save(file, quality=quality, subsampling=0, optimize=True)
        if file.stat().st_size <= LARGEST_BYTES:
            break
    print(f"{file.relative_to(PROJECT)}: {image.width()} × {image.height()}, {file.stat().st_size} bytes")
    if file.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"That is more than {LARGEST_BYTES} bytes: show less on it.")


def wait_until(reached: Callable[[], bool]) -> None:
    for _ in range(_LONGEST_S * 10):
        if reached():
            return
        pause(0.1)
    raise SystemExit(f"The window was not ready after {_LONGEST_S} s.")


def pause(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
