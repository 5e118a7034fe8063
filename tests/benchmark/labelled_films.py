"""How soon the wizard has looked at 5,856 labelled films, what memory the window has then, and how quickly it
shows what training makes of films. Beside it the usual way of looking: a script with Keras and ImageHash.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from PySide6.QtWidgets import QApplication

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.settings import Settings
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.retraining_wizard import DataPage, FilmsPage, ModelStep, RetrainingWizard, SplitPage
from cxr_desktop.ui.theme import apply_theme

LONGEST_S = 1200
PREVIEWS = 10
SAMPLE = 400  # films that the usual way is tried on


def report(data: Path, scratch: Path) -> None:
    """Opens the window and its wizard in `scratch` and goes as far as the page *Model*."""
    app = QApplication.instance() or QApplication([])
    apply_theme(app, "dark")  # type: ignore[arg-type]
    folders = UserFolders(scratch / "data", scratch / "log")
    folders.create()
    catalogue = Catalogue.open(folders.catalogue)
    desk = Desk(folders, Settings())
    desk.window.show()
    loaded: list[object] = []
    desk.scoring.model_ready.connect(loaded.append)
    desk.begin(catalogue, [])
    _until(lambda: bool(loaded))
    before = _memory()
    desk.retraining.show()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    films, audit, split, model = wizard.pages[:4]
    assert isinstance(films, FilmsPage) and isinstance(audit, DataPage)
    assert isinstance(split, SplitPage) and isinstance(model, ModelStep)
    checked: list[float] = []
    audit._audit.checked.connect(lambda _: checked.append(time.monotonic()))
    found = _timed(lambda: films.take([data / "kermany224"]), lambda: bool(films.plan.sources))
    looked = _timed(wizard.next.click, lambda: audit.plan.report is not None)
    after_audit = _memory()
    began = time.monotonic()
    _until(lambda: bool(checked))
    number = len(audit.plan.films)
    usual = _usual_way([film.path for film in audit.plan.films[:: max(1, number // SAMPLE)]])
    print(
        f"Labelled films found: {found:.1f} s; {number:,} looked at: {looked:.0f} s (aim: 60 s), "
        f"{number / looked:.0f} films/s = {usual * number / looked:.1f} × a script with Keras and ImageHash\n"
        f"  image checks behind it: {checked[0] - began:.0f} s (aim: 420 s)"
    )
    wizard.next.click()
    _until(lambda: split.is_ready)
    wizard.next.click()
    _until(lambda: model.network.is_ready)
    box = model.network.variation
    _until(lambda: not box._previews.is_busy)
    previews = [_timed(box.again.click, lambda: not box._previews.is_busy) for _ in range(PREVIEWS)]
    print(
        f"  four films varied anew: {statistics.median(previews) * 1000:.0f} ms, at most "
        f"{max(previews) * 1000:.0f} ms (aim: 100 ms)\n"
        f"  memory of the window: {before:.0f} MB with its model, {after_audit:.0f} MB when the films are "
        f"looked at, {_memory():.0f} MB on page Model (aim: 700 MB)\n"
    )
    wizard.close()
    desk.window.close()
    desk.close()
    catalogue.close()


# Decoded, size and grey range noted, perceptual hash computed: seconds a film.
_USUAL_WAY = """
import sys, time
import imagehash, numpy
from keras.utils import img_to_array, load_img
paths = sys.stdin.read().splitlines()
began = time.perf_counter()
for path in paths:
    picture = load_img(path, color_mode="grayscale")
    numpy.percentile(img_to_array(picture), (1, 99))
    imagehash.phash(picture, hash_size=16)
print((time.perf_counter() - began) / len(paths))
"""


def _usual_way(paths: Sequence[Path]) -> float:
    """Seconds a film, in a process of its own: this one's memory is measured."""
    listed = "\n".join(map(str, paths))
    command = [sys.executable, "-c", _USUAL_WAY]
    ran = subprocess.run(command, input=listed, capture_output=True, text=True, check=True)
    return float(ran.stdout.split()[-1])


def _timed(act: Callable[[], object], done: Callable[[], bool]) -> float:
    began = time.perf_counter()
    act()
    _until(done)
    return time.perf_counter() - began


def _until(done: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not done():
        QApplication.processEvents()
        time.sleep(0.001)
        if time.monotonic() - began > LONGEST_S:
            raise TimeoutError("The wizard did not come so far.")


def _memory() -> float:
    """Of this process, in MB."""
    return psutil.Process().memory_info().rss / 2**20
