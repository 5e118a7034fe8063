"""How long the window makes its reader wait while 1,000 films come in, and while a score is questioned.

A timer that asks to fire at once stands for the reader's next click: the gap between two turns of the event
loop is how late the window would have been.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Self

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cxr_desktop.app.desk import Desk
from cxr_desktop.domain.explanation import Method
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
    with _Pulse() as pulse:
        finished = _take_in(desk, catalogue, films, pulse)
    scored = [f for s in desk.worklist.studies for f in s.films if f.status is not Status.WAITING]
    print(
        f"Taking in and scoring {len(scored):,} films: {finished:.1f} s, {len(scored) / finished:.0f} films/s"
    )
    print(f"  {pulse.text}\n")
    _question(desk)
    desk.window.close()
    desk.close()
    catalogue.close()


class _Pulse(QTimer):
    """Keeps the gaps between the event loop's turns, in seconds, while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self.setInterval(1)
        self.timeout.connect(self._tick)

    def __enter__(self) -> Self:
        self._last = time.perf_counter()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    @property
    def text(self) -> str:
        p50, p99 = np.percentile(self.gaps, (50, 99)) * 1000
        return (
            f"gaps between two event-loop turns: median {p50:.1f} ms, 99th percentile {p99:.1f} ms, "
            f"maximum {max(self.gaps) * 1000:.0f} ms (aim: 50 and 250 ms)"
        )


def _take_in(desk: Desk, catalogue: Catalogue, films: Path, pulse: _Pulse) -> float:
    """Drops the films on the window; seconds until all are scored."""
    loop = QEventLoop()
    taken_in = [False]

    def end_when_scored() -> None:
        statuses = [f.status for s in desk.worklist.studies for f in s.films]
        if taken_in[0] and len(statuses) >= FILMS * 0.9 and Status.WAITING not in statuses:
            loop.quit()

    desk.intake.finished.connect(lambda _: taken_in.__setitem__(0, True))
    desk.scoring.finished.connect(lambda: QTimer.singleShot(400, end_when_scored))
    desk.begin(catalogue, [])
    _wait(2.5)  # the model loads and the window paints before the watch begins
    pulse.gaps.clear()
    started = time.perf_counter()
    QTimer.singleShot(LONGEST_S * 1000, loop.quit)
    desk.take_in([films])
    loop.exec()
    return time.perf_counter() - started


def _question(desk: Desk) -> None:
    """Asks for the evidence on the most suspicious film by each method, as the reader does."""
    desk.session.show_film(desk.session.queue.ranked[0].id)
    _wait(2)
    print("Questions in the window, about one film, with its default model and options")
    for method in (Method.GRAD_CAM_PLUS_PLUS, Method.OCCLUSION, Method.LIME):
        loop = QEventLoop()
        ends = (
            desk.questioning.answered.connect(loop.quit),
            desk.questioning.refused.connect(loop.quit),
        )
        started = time.perf_counter()
        with _Pulse() as pulse:
            box = desk.triage.evidence_card.methods
            box.choose(method)
            box.activated.emit(box.currentIndex())
            QTimer.singleShot(LONGEST_S * 1000, loop.quit)
            loop.exec()
            seconds = time.perf_counter() - started
            _wait(0.3)  # its picture is painted
        for end in ends:
            desk.questioning.disconnect(end)
        print(f"  {method}: {seconds:.1f} s; {pulse.text}")
    print()


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
