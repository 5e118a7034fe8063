"""How long the window makes its reader wait while 1,000 films come in and are scored.

A timer that asks to fire at once stands for the reader's next click: the gap between two turns of the event
loop is how late the window would have been.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.settings import Settings
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.theme import apply_theme

FILMS = 1000
LONGEST_S = 300


def report(data: Path, scratch: Path) -> None:
    """Opens the window on an empty catalogue in `scratch`, drops 1,000 films on it and watches."""
    films = scratch / "films"
    films.mkdir()
    originals = sorted((data / "kermany_full").rglob("*.jpeg"))
    small = sorted((data / "kermany224" / "train").rglob("*.jpeg"))[: FILMS - len(originals)]
    for film in (*originals, *small):
        shutil.copy(film, films / f"{film.parent.name}-{film.stem}-{film.stat().st_size}.jpeg")

    app = QApplication.instance() or QApplication([])
    apply_theme(app, "dark")  # type: ignore[arg-type]
    folders = UserFolders(scratch / "data", scratch / "log")
    folders.create()
    catalogue = Catalogue.open(folders.catalogue)
    desk = Desk(folders, Settings())
    desk.window.show()
    gaps, finished = _watch(desk, catalogue, films)
    scored = [f for s in desk.worklist.studies for f in s.films if f.status is not Status.WAITING]
    desk.window.close()
    desk.close()
    catalogue.close()
    print(
        f"Taking in and scoring {len(scored):,} films: {finished:.1f} s, {len(scored) / finished:.0f} films/s"
    )
    p50, p99 = np.percentile(gaps, (50, 99)) * 1000
    print(f"  gaps between two event-loop turns: median {p50:.1f} ms, 99th percentile {p99:.1f} ms, "
          f"maximum {max(gaps) * 1000:.0f} ms (aim: 50 and 250 ms)\n")  # fmt: skip


def _watch(desk: Desk, catalogue: Catalogue, films: Path) -> tuple[list[float], float]:
    loop = QEventLoop()
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    pulse = QTimer()
    pulse.setInterval(1)
    pulse.timeout.connect(tick)
    taken_in = [False]

    def end_when_scored() -> None:
        statuses = [f.status for s in desk.worklist.studies for f in s.films]
        if taken_in[0] and len(statuses) >= FILMS * 0.9 and Status.WAITING not in statuses:
            loop.quit()

    desk.intake.finished.connect(lambda _: taken_in.__setitem__(0, True))
    desk.scoring.finished.connect(lambda: QTimer.singleShot(400, end_when_scored))
    desk.begin(catalogue, [])
    _settle()
    last[0] = started = time.perf_counter()
    pulse.start()
    QTimer.singleShot(LONGEST_S * 1000, loop.quit)
    desk.take_in([films])
    loop.exec()
    pulse.stop()
    return gaps, time.perf_counter() - started


def _settle() -> None:
    """Lets the model load and the window paint before the watch begins."""
    loop = QEventLoop()
    QTimer.singleShot(2500, loop.quit)
    loop.exec()
