"""The GUI thread's picture of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_desktop.domain.worklist import Film, Study

# Events of a busy intake are gathered, so that the views are laid out a few times a second and not per film.
GATHER_MS = 120


class Worklist(QObject):
    """All studies as the catalogue has them.

    Workers report only which studies changed; what they are now is read here, so that two workers which
    report the same study can never leave an older state standing.
    """

    changed = Signal(object)  # tuple[Study, ...]: those that changed since the last time
    removed = Signal(int)  # study id

    def __init__(self, load: Callable[[Sequence[int]], list[Study]], parent: QObject | None = None) -> None:
        """
        Args:
            load: the studies with these ids; one that is gone is left out.
        """
        super().__init__(parent)
        self._load = load
        self._studies: dict[int, Study] = {}
        self._study_of: dict[int, int] = {}  # film id -> study id
        self._stale: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER_MS)
        self._timer.timeout.connect(self.refresh)

    def fill(self, studies: Iterable[Study]) -> None:
        """Takes all studies of the catalogue, at the start or after a change of model."""
        self._studies = {study.id: study for study in studies}
        self._study_of = {film.id: study.id for study in self._studies.values() for film in study.films}
        self._stale.clear()

    def mark_changed(self, study_ids: Iterable[int]) -> None:
        """These studies are not what they were; `changed` follows within a moment."""
        self._stale.update(study_ids)
        if self._stale and not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        """Reads the changed studies now."""
        stale = sorted(self._stale)
        self._stale.clear()
        changed = tuple(self._load(stale)) if stale else ()
        for study in changed:
            self._studies[study.id] = study
            for film in study.films:
                self._study_of[film.id] = study.id
        for gone in set(stale) - {study.id for study in changed}:
            if self._studies.pop(gone, None) is not None:
                self.removed.emit(gone)
        if changed:
            self.changed.emit(changed)

    def close(self) -> None:
        """Tells nothing any more."""
        self._timer.stop()

    @property
    def studies(self) -> list[Study]:
        return list(self._studies.values())

    def study(self, study_id: int) -> Study | None:
        return self._studies.get(study_id)

    def study_of(self, film_id: int) -> Study | None:
        """The study that a film belongs to."""
        return self._studies.get(self._study_of.get(film_id, -1))

    def film(self, film_id: int) -> Film | None:
        study = self.study_of(film_id)
        return next((film for film in study.films if film.id == film_id), None) if study else None
