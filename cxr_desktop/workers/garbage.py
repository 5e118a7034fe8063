"""Rings of objects are freed on the window's thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1000


class GarbageCollector(QObject):
    """Takes the place of Python's own collector.

    Python looks for rings on whichever thread makes the next object. Where a widget is part of one, it would
    be freed on a thread that scores films, and Qt dies of that.
    """

    def __init__(self, parent: QObject) -> None:
        """
        Args:
            parent: the application; it lives as long as that.
        """
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_MS)

    def look(self) -> None:
        """Collects what Python itself would have collected by now: a generation, and all younger ones."""
        due = [n for n, count in enumerate(gc.get_count()) if count > self._thresholds[n] > 0]
        if due:
            gc.collect(max(due))
