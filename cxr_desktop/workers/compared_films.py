"""Films that two models were compared on: small pictures of them, and one of them as both models see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.comparison import Which
from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.workers.lane import Lane

# As many pictures as are in sight at once, and some more; what was scrolled past long ago is forgotten.
MOST_WAITING = 120


@dataclass(frozen=True, eq=False)
class FilmWithBoth:
    """A film with the judgements of both models."""

    radiograph: Radiograph
    now: Judgement
    new: Judgement

    def of(self, which: Which) -> Judgement:
        """What one of the models says."""
        return self.now if which is Which.NOW else self.new


class ComparedFilmsService(QObject):
    """One thread; the large film goes first, then what was asked for last.

    Signals:
        picture_made: a film, whose heatmap is laid over it (a Which, or None for none), and a JPEG; b"" where
            it cannot be made.
        film_ready: a film, and it with the judgements of both.
        film_failed: a film, and why it cannot be shown.
    """

    picture_made = Signal(str, object, bytes)
    film_ready = Signal(str, object)  # FilmWithBoth
    film_failed = Signal(str, str)
    failed = Signal(str)

    def __init__(
        self,
        picture: Callable[[str, Which | None], bytes],
        look: Callable[[str], FilmWithBoth],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            picture: makes a film's small picture, by the film's name in the comparison; raises CxrError.
            look: reads and judges a film; raises CxrError. Both are called on the thread.
        """
        super().__init__(parent)
        self._picture = picture
        self._look = look
        self._waiting: dict[tuple[str, Which | None], None] = {}
        self._under_way: tuple[str, Which | None] | None = None
        self._wanted = ""
        self._lane = Lane("compared films", self._turn, self)
        self._lane.failed.connect(self.failed)

    def request_picture(self, film: str, heat_of: Which | None = None) -> None:
        """Asks for a small picture; it may be asked for again as long as it has not come."""
        with self._lane.lock:
            if self._under_way == (film, heat_of):
                return
            self._waiting.pop((film, heat_of), None)
            self._waiting[film, heat_of] = None
            while len(self._waiting) > MOST_WAITING:
                self._waiting.pop(next(iter(self._waiting)))
        self._lane.wake()

    def request_film(self, film: str) -> None:
        """Asks for a film with both judgements; one asked for before is forgotten."""
        with self._lane.lock:
            self._wanted = film
        self._lane.wake()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        with self._lane.lock:
            self._waiting.clear()
            self._wanted = ""

    def close(self) -> None:
        self.forget()
        self._lane.close()

    def _turn(self) -> bool:
        with self._lane.lock:
            film, self._wanted = self._wanted, ""
            asked = None if film or not self._waiting else self._waiting.popitem()[0]
            self._under_way = asked
        if film:
            self._show(film)
        elif asked is not None:
            self._draw(*asked)
        return bool(film) or asked is not None

    def _show(self, film: str) -> None:
        try:
            both = self._look(film)
        except CxrError as reason:
            self.film_failed.emit(film, str(reason))
        else:
            self.film_ready.emit(film, both)

    def _draw(self, film: str, heat_of: Which | None) -> None:
        try:
            picture = self._picture(film, heat_of)
        except CxrError:  # the large film tells why
            picture = b""
        self.picture_made.emit(film, heat_of, picture)
