"""Bringing a film into view: decoded beside the window, the last request winning."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.workers.lane import Lane


@dataclass(frozen=True, eq=False)
class FilmView:
    """All that the viewer shows of a film."""

    film: Film
    radiograph: Radiograph
    heatmap: Heatmap | None
    lungs: Box | None


class ViewingService(QObject):
    """Loads the film that was asked for last, then the one that will probably be asked for next."""

    film_loaded = Signal(object)  # FilmView
    film_failed = Signal(int, str)  # film id, reason
    failed = Signal(str)

    def __init__(
        self,
        read: Callable[[Film], Radiograph],
        explanation: Callable[[Film], tuple[Heatmap | None, Box | None]],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            read: decodes a film, raising UnreadableImage.
            explanation: the stored heatmap and lung rectangle of a scored film.
        """
        super().__init__(parent)
        self._read = read
        self._explanation = explanation
        self._wanted: Film | None = None
        self._next: Film | None = None
        self._lane = Lane("viewing", self._turn, self)
        self._lane.failed.connect(self.failed)

    def request(self, film: Film, then: Film | None = None) -> None:
        """Asks for a film; `then` is decoded ahead once it is there."""
        with self._lane.lock:
            self._wanted, self._next = film, then
        self._lane.wake()

    def close(self) -> None:
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            film, ahead = self._wanted, self._next
            self._wanted = None
            if film is None:
                self._next = None
        if film is not None:
            self._show(film)
        elif ahead is not None:
            self._read_ahead(ahead)
        return film is not None or ahead is not None

    def _show(self, film: Film) -> None:
        try:
            radiograph = self._read(film)
        except UnreadableImage as reason:
            self.film_failed.emit(film.id, str(reason))
            return
        heatmap, lungs = self._explanation(film)
        self.film_loaded.emit(FilmView(film, radiograph, heatmap, lungs))

    def _read_ahead(self, film: Film) -> None:
        with suppress(UnreadableImage):  # said when the film is asked for
            self._read(film)
