"""Scoring films in the background, the film in view first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.workers.lane import Lane

# Small enough that the film in view never waits long behind a batch.
BATCH = 8


class FilmScorer(Protocol):
    """A loaded model; lives on the scoring thread."""

    @property
    def device_name(self) -> str:
        """What it runs on, for the status bar."""
        ...

    def score(self, films: Sequence[Radiograph]) -> list[Judgement]: ...


class JudgementStore(Protocol):
    """Where judgements are kept."""

    def save(self, judgements: Sequence[tuple[Film, Judgement]]) -> None: ...

    def fail(self, film: Film, problem: str) -> None:
        """Notes that a film could be taken in but not be read again."""
        ...


class ScoringService(QObject):
    """One long-lived thread with the model, loaded when the first film asks for it.

    Films asked for last are scored first: they were decoded last and are still at hand. The film in view
    goes before all.
    """

    model_ready = Signal(str)  # what it runs on
    model_failed = Signal(int)  # it could not be loaded, though asked for; how often the model had changed
    film_scored = Signal(int, object)  # film id, Judgement
    studies_changed = Signal(object)  # tuple of study ids, already stored
    progress_changed = Signal(object)  # Progress
    finished = Signal()
    stopped_changed = Signal(bool)  # whether films are scored only when they are asked for one by one
    failed = Signal(str)

    def __init__(
        self,
        load: Callable[[], FilmScorer],
        read: Callable[[Film], Radiograph],
        store: JudgementStore,
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            load: opens the model; called on the scoring thread.
            read: decodes a film, raising UnreadableImage.
            store: keeps judgements.
        """
        super().__init__(parent)
        self._load = load
        self._read = read
        self._store = store
        self._scorer: FilmScorer | None = None
        self._told_device = ""
        self._model_wanted = False
        self._outdated = False  # another model is to judge than the one that is loaded
        self._changes = 0
        self._waiting: dict[int, Film] = {}  # in the order in which they were asked for
        self._in_view: int | None = None
        self._stopped = False
        self._done = 0
        self._started_at: float | None = None
        self._lane = Lane("scoring", self._turn, self)
        self._lane.failed.connect(self.failed)

    def start(self) -> None:
        """Loads the model now, so that the first film need not wait for it."""
        self._model_wanted = True
        self._lane.wake()

    def change_model(self) -> None:
        """From now on `load` gives another model, which is loaded at once.

        The films that wait are forgotten: they have to be asked for again. A batch that is under way is
        still kept as what it is, a judgement by the model before.
        """
        with self._lane.lock:
            self._waiting.clear()
            self._started_at = None
            self._outdated = True
            self._changes += 1
        self.finished.emit()
        if self._stopped:
            self.resume()
        self.start()

    @property
    def changes(self) -> int:
        """How often another model was to judge: by it, an old `model_failed` is told from a new one."""
        return self._changes

    def request(self, films: Iterable[Film]) -> None:
        """Asks for films to be scored; those asked for already are not asked for twice."""
        with self._lane.lock:
            for film in films:
                self._waiting.setdefault(film.id, film)
            if self._waiting and self._started_at is None:
                self._done, self._started_at = 0, time.monotonic()
        self._lane.wake()

    def put_first(self, film_id: int) -> None:
        """The film in view jumps the queue."""
        with self._lane.lock:
            self._in_view = film_id

    @property
    def is_stopped(self) -> bool:
        """Whether it was cancelled and not resumed: whoever asks for films unasked shall not do so now."""
        return self._stopped

    def cancel(self) -> None:
        """Forgets the films that wait; they stay in the worklist, not scored, and so do those to come."""
        with self._lane.lock:
            self._waiting.clear()
            self._started_at = None
            self._stopped = True
        self.stopped_changed.emit(True)
        self.finished.emit()

    def resume(self) -> None:
        """Undoes `cancel`, but for the films that it forgot: they have to be asked for again."""
        self._stopped = False
        self.stopped_changed.emit(False)

    def close(self) -> None:
        with self._lane.lock:
            self._waiting.clear()
        self._lane.close()

    def _next_batch(self) -> list[Film]:
        with self._lane.lock:
            if self._outdated:  # they were asked for from the model that is yet to be loaded
                return []
            if self._in_view in self._waiting:
                return [self._waiting.pop(self._in_view)]
            count = min(BATCH, len(self._waiting))
            return [self._waiting.popitem()[1] for _ in range(count)]

    def _turn(self) -> bool:
        with self._lane.lock:
            changes = self._changes
            if self._outdated:
                self._scorer, self._outdated = None, False
        try:
            if self._scorer is None:
                # A model that could not be loaded is tried again when films are asked for, not at once: the
                # lane would go round and round.
                if not self._model_wanted and not self._waiting:
                    return False
                self._model_wanted = False
                self._scorer = self._load()
                self._tell_device(self._scorer)
            batch = self._next_batch()
            if batch:
                self._score(self._scorer, batch)
        except Exception:
            # No model, a broken engine, a full disk: every film would fail alike. They stay in the worklist,
            # not scored, rather than that it is said a thousand times.
            if not self._outdated:  # else it is the model before that failed; the next one is on its way
                self.cancel()
            self._report()
            if self._scorer is None:
                self.model_failed.emit(changes)
            raise
        if batch:
            self._report()
        return bool(batch) or self._outdated

    def _score(self, scorer: FilmScorer, batch: list[Film]) -> None:
        films, radiographs, unreadable = decoded(batch, self._read)
        for film, reason in unreadable:
            self._store.fail(film, reason)
        judgements = scorer.score(radiographs)
        if scorer.device_name != self._told_device:
            self._tell_device(scorer)
        self._store.save(list(zip(films, judgements, strict=True)))
        self.studies_changed.emit(tuple({film.study_id for film in batch}))
        for film, judgement in zip(films, judgements, strict=True):
            self.film_scored.emit(film.id, judgement)
        with self._lane.lock:
            if not self._outdated:
                self._done += len(batch)

    def _tell_device(self, scorer: FilmScorer) -> None:
        self._told_device = scorer.device_name
        self.model_ready.emit(self._told_device)

    def _report(self) -> None:
        with self._lane.lock:
            waiting = len(self._waiting)
            started = self._started_at if self._started_at is not None else time.monotonic()
            if not waiting:
                self._started_at = None
        self.progress_changed.emit(Progress(self._done, self._done + waiting, time.monotonic() - started))
        if not waiting:
            self.finished.emit()


def decoded(
    batch: Sequence[Film], read: Callable[[Film], Radiograph]
) -> tuple[list[Film], list[Radiograph], list[tuple[Film, str]]]:
    """Those of a batch that can be read, each with its pixels; and the others with the reason."""
    films: list[Film] = []
    radiographs: list[Radiograph] = []
    unreadable: list[tuple[Film, str]] = []
    for film in batch:
        try:
            radiographs.append(read(film))
            films.append(film)
        except UnreadableImage as reason:
            unreadable.append((film, str(reason)))
    return films, radiographs, unreadable
