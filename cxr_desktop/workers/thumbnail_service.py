"""Small pictures of films that are in no catalogue, drawn when they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.workers.file_stamp import Stamp, file_stamp
from cxr_desktop.workers.lane import Lane

# Pictures that are kept, about 4 kB each; and films that wait: older ones have scrolled out of sight.
KEPT, WAITING = 2000, 120


class ThumbnailService(QObject):
    """One thread that draws what was asked for last first.

    Signals:
        drawn: the file whose picture is there now.
    """

    drawn = Signal(object)  # Path
    failed = Signal(str)

    def __init__(self, draw: Callable[[Path], bytes], parent: QObject | None = None) -> None:
        """
        Args:
            draw: gives a film as a small JPEG, or raises CxrError; called on the thread.
        """
        super().__init__(parent)
        self._draw = draw
        self._pictures: OrderedDict[Path, tuple[Stamp | None, bytes]] = OrderedDict()
        self._doubted: set[Path] = set()  # files that may have changed since they were drawn
        self._waiting: OrderedDict[Path, None] = OrderedDict()
        self._in_hand: Path | None = None  # what the thread draws
        self._lane = Lane("thumbnails", self._turn, self)
        self._lane.failed.connect(self.failed)

    def picture(self, path: Path) -> bytes | None:
        """A film as a JPEG, b"" where it cannot be read; None where it is drawn only now."""
        with self._lane.lock:
            kept = self._pictures.get(path)
            if kept is not None:
                self._pictures.move_to_end(path)
                if path not in self._doubted:
                    return kept[1]
            if path != self._in_hand or path in self._doubted:
                self._waiting[path] = None
                self._waiting.move_to_end(path)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
        self._lane.wake()
        return None if kept is None else kept[1]

    def look_again(self) -> None:
        """Files may have changed: those that have are drawn anew when their pictures are asked for."""
        with self._lane.lock:
            self._doubted = set(self._pictures)
            if self._in_hand is not None:
                self._doubted.add(self._in_hand)

    def close(self) -> None:
        with self._lane.lock:
            self._waiting.clear()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            if not self._waiting:
                return False
            path, _ = self._waiting.popitem()
            self._in_hand = path
            self._doubted.discard(path)
            drawn, before = self._pictures.get(path, (None, b""))
        stamp = file_stamp(path)
        unchanged = before != b"" and stamp is not None and stamp == drawn
        picture = before if unchanged else self._drawn(path)
        with self._lane.lock:
            self._in_hand = None
            self._pictures[path] = (stamp, picture)
            while len(self._pictures) > KEPT:
                self._pictures.popitem(last=False)
        if not unchanged:
            self.drawn.emit(path)
        return True

    def _drawn(self, path: Path) -> bytes:
        try:
            return self._draw(path)
        except CxrError:
            return b""  # why, the audit says
