"""What other models than the one in use say of the films: scored in the background, kept in memory alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.workers.lane import Lane
from cxr_desktop.workers.scoring_service import BATCH, FilmScorer, decoded


class SecondOpinionService(QObject):
    """One thread with the model that is asked, which is let go when there is nothing more to ask.

    Signals:
        changed: more predictions are there.
        finished: nothing waits any more.
    """

    changed = Signal()
    progress_changed = Signal(object)  # Progress
    finished = Signal()
    failed = Signal(str)

    def __init__(
        self,
        load: Callable[[str], FilmScorer],
        read: Callable[[Film], Radiograph],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            load: opens a model by what the library knows it by, raising CxrError; called on the thread.
            read: decodes a film, raising UnreadableImage.
        """
        super().__init__(parent)
        self._load = load
        self._read = read
        self._said: dict[tuple[str, int], Prediction] = {}
        self._waiting: dict[tuple[str, int], Film] = {}
        self._under_way: set[tuple[str, int]] = set()  # the batch that the thread is at
        self._scorer: tuple[str, FilmScorer] | None = None
        self._done = 0
        self._started_at = 0.0
        self._lane = Lane("second opinion", self._turn, self)
        self._lane.failed.connect(self.failed)

    def request(self, model: str, films: Iterable[Film]) -> None:
        """Asks a model about films; those that it has judged, or is at, are not asked about again.

        One that could not be read is: its drive may be back.
        """
        with self._lane.lock:
            if not self._waiting and not self._under_way:
                self._done, self._started_at = 0, time.monotonic()
            for film in films:
                key = (model, film.id)
                if key not in self._said and key not in self._under_way:
                    self._waiting.setdefault(key, film)
            waiting = bool(self._waiting)
        if waiting:
            self._tell()  # before the model is loaded
            self._lane.wake()

    def prediction(self, model: str, film_id: int) -> Prediction | None:
        """What a model has said of a film; None where it has not (yet)."""
        return self._said.get((model, film_id))

    def cancel(self) -> None:
        """Forgets the films that wait; what was said stays."""
        with self._lane.lock:
            self._waiting.clear()
        self.finished.emit()

    def close(self) -> None:
        with self._lane.lock:
            self._waiting.clear()
        self._lane.close()

    def _turn(self) -> bool:
        model, batch = self._next_batch()
        if not batch:
            self._scorer = None
            return False
        said: dict[tuple[str, int], Prediction] = {}
        try:
            said = self._score(model, batch)
        except Exception:
            # Every film would fail alike: nothing is asked until the reader asks again.
            self.cancel()
            raise
        finally:
            with self._lane.lock:
                self._said |= said
                self._under_way.clear()
                self._done += len(batch)
                waiting = bool(self._waiting)
        self.changed.emit()
        self._tell()
        if not waiting:
            self.finished.emit()
        return True

    def _tell(self) -> None:
        with self._lane.lock:
            done, total = self._done, self._done + len(self._under_way) + len(self._waiting)
        self.progress_changed.emit(Progress(done, total, time.monotonic() - self._started_at))

    def _next_batch(self) -> tuple[str, list[Film]]:
        with self._lane.lock:
            model = next(iter(self._waiting), ("", 0))[0]
            keys = [key for key in self._waiting if key[0] == model][:BATCH]
            self._under_way = set(keys)
            return model, [self._waiting.pop(key) for key in keys]

    def _score(self, model: str, batch: list[Film]) -> dict[tuple[str, int], Prediction]:
        """What a model says of those films of a batch that can be read."""
        # Why others cannot be read, the model in use says. A model is not loaded for them.
        films, radiographs, _ = decoded(batch, self._read)
        if not films:
            return {}
        if self._scorer is None or self._scorer[0] != model:
            self._scorer = None  # before the next one: two of them need twice the memory
            self._scorer = (model, self._load(model))
        judgements = self._scorer[1].score(radiographs)
        return {
            (model, film.id): judgement.prediction for film, judgement in zip(films, judgements, strict=True)
        }
