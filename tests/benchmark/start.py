"""How soon the window can be used, and how much memory it takes, with 1,000 films in the catalogue."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

STARTS = 5

# Runs in a process of its own, as a reader would start it; tells when the window stood and what it took.
START = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QTableView
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.study_browser import StudyBrowser
app = QApplication([])
stamps = {}
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.metaObject().className() == "MainWindow":
            stamps.setdefault("stands", time.time() - float(sys.argv[2]))
        return False
watch = Watch(); app.installEventFilter(watch)
def look():
    for window in app.topLevelWidgets():
        browser = window.findChild(StudyBrowser)
        listed = browser.findChild(QTableView).model().rowCount() if browser else 0
        if listed and "listed" not in stamps:
            stamps["listed"] = time.time() - float(sys.argv[2])
            QTimer.singleShot(6000, rest)
def rest():
    import psutil
    stamps["memory"] = psutil.Process().memory_info().rss / 2**20
    print(json.dumps(stamps), flush=True)
    app.closeAllWindows()
pulse = QTimer(); pulse.setInterval(1); pulse.timeout.connect(look); pulse.start()
from cxr_desktop.app.window import run_window
scratch = Path(sys.argv[1])
sys.exit(run_window([], UserFolders(scratch / "data", scratch / "log")))
"""


def report(scratch: Path) -> None:
    """Starts the window on the catalogue in `scratch` several times."""
    stamps = []
    for _ in range(STARTS + 1):
        command = [sys.executable, "-c", START, str(scratch), str(time.time())]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        stamps.append(json.loads(answer.stdout.splitlines()[-1]))
    # The first start warms the disk.
    medians = {name: statistics.median(each[name] for each in stamps[1:]) for name in stamps[0]}
    print(f"From the process start, warm, median of {STARTS} (aim: 1.0 s)")
    print(f"  window stands, painted: {medians['stands']:.2f} s")
    print(f"  worklist of 1,000 films is listed: {medians['listed']:.2f} s")
    print(f"Memory with the model loaded and 1,000 films: {medians['memory']:.0f} MB (aim: 500 MB)\n")
