"""What the page Result asks for, on the threads of its services: two models on labelled films."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.app.locked_films import locked_films
from cxr_desktop.domain.comparison import ModelComparison, ModelsToCompare, Which
from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.wording import utf8_text
from cxr_desktop.inference.devices import Device, usable_cores
from cxr_desktop.language import tr
from cxr_desktop.storage.locked_test_file import load_locked_test
from cxr_desktop.storage.model_library import ModelLibrary
from cxr_desktop.workers.compared_films import FilmWithBoth
from cxr_desktop.workers.comparison_service import OnStep

if TYPE_CHECKING:
    from cxr_desktop.domain.locked_test import LockedTestSet
    from cxr_desktop.domain.worklist import FilmSource
    from cxr_desktop.inference.scorer import Scorer
    from cxr_desktop.training.films_to_compare import FilmsToCompare

# Of the small pictures, in pixels: sharp on a dense screen.
_PICTURE_SIDE = 336
_JPEG_QUALITY = 85


@dataclass(frozen=True, eq=False)
class _Compared:
    """What was compared last: the models, and the films by their names in the comparison."""

    now: Scorer
    new: Scorer
    films: FilmsToCompare
    sources: dict[str, FilmSource]


class Comparing:
    """Two models, loaded once, for the comparison and for looking at its films afterwards."""

    def __init__(
        self, library: ModelLibrary, locked_test: Path, devices: Callable[[int], Sequence[Device]]
    ) -> None:
        """
        Args:
            locked_test: the file of the locked test set; need not exist.
            devices: gives what networks run on; the processor with so many threads.
        """
        self._library = library
        self._devices = devices
        self._locked_test = locked_test
        self._lock = threading.Lock()
        self._last: _Compared | None = None

    def compare(self, models: ModelsToCompare, on_step: OnStep) -> ModelComparison:
        """Judges the films with both models, on half of the cores: scoring goes on beside it.

        Raises:
            CxrError: there is no such model, there are no films, or there is nothing to compare.
        """
        from cxr_desktop.training.compare import compare_models  # noqa: PLC0415 - on the service's thread
        from cxr_desktop.training.films_to_compare import with_later_locked, with_own_training  # noqa: PLC0415

        with self._lock:
            self._last = None  # two more models would need twice the memory
        now, new = self._load(models.now), self._load(models.new)
        locked = load_locked_test(self._locked_test)
        films = self._films(locked, models, (now, new), on_step)
        jobs = max(1, usable_cores() // 2)
        result = compare_models(
            films.films, films.words, now, new, jobs, True, on_step, films.read, models.point
        )
        if locked is None:
            result = replace(result, now=with_own_training(result.now, self._bundled(models.now)))
        else:
            result = replace(
                result,
                now=with_later_locked(result.now, now.card, locked, self._bundled(models.now)),
                new=with_later_locked(result.new, new.card, locked, self._bundled(models.new)),
            )
        sources = {utf8_text(str(each.source)): each.source for each in films.films}
        with self._lock:
            self._last = _Compared(now, new, films, sources)
        return result

    def picture(self, film: str, heat_of: Which | None) -> bytes:
        """A film of the last comparison as a JPEG, with one model's heatmap over it, or none.

        Raises:
            CxrError: it cannot be read any more.
        """
        import cv2  # noqa: PLC0415 - on the service's thread

        from cxr_desktop.imaging.overlay_file import overlay_picture  # noqa: PLC0415

        last = self._compared()
        radiograph = last.films.read(last.sources[film])
        heatmap = None
        if heat_of is not None:
            scorer = last.now if heat_of is Which.NOW else last.new
            heatmap = scorer.score([radiograph])[0].heatmap
        picture = overlay_picture(radiograph, heatmap, longer_side=_PICTURE_SIDE)
        quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        jpeg: bytes = cv2.imencode(".jpg", picture[..., ::-1], quality)[1].tobytes()  # RGB -> BGR
        return jpeg

    def look(self, film: str) -> FilmWithBoth:
        """A film of the last comparison with the judgements of both models.

        Raises:
            CxrError: it cannot be read any more.
        """
        last = self._compared()
        radiograph = last.films.read(last.sources[film])
        return FilmWithBoth(radiograph, last.now.score([radiograph])[0], last.new.score([radiograph])[0])

    def _compared(self) -> _Compared:
        with self._lock:
            if self._last is None:
                raise UnreadableImage(tr("The comparison that this film belongs to is over. Compare again."))
            return self._last

    def _load(self, wanted: str) -> Scorer:
        from cxr_desktop.inference.loading import load_scorer  # noqa: PLC0415 - on the service's thread

        # One thread within a pass: several passes run at once.
        return load_scorer(self._library.find(wanted).folder, self._library.lung_finder(), self._devices(1))

    def _films(
        self,
        locked: LockedTestSet | None,
        models: ModelsToCompare,
        scorers: tuple[Scorer, Scorer],
        on_step: OnStep,
    ) -> FilmsToCompare:
        from cxr_desktop.training.compare import common_labels  # noqa: PLC0415 - on the service's thread
        from cxr_desktop.training.films_to_compare import (  # noqa: PLC0415
            films_kept_from_training,
            films_of_locked_test,
        )

        labels = common_labels(scorers[0].card, scorers[1].card)
        if locked is None:
            return films_kept_from_training(models.trained_on, labels)
        return films_of_locked_test(locked_films(self._locked_test, locked, models, on_step), labels)

    def _bundled(self, wanted: str) -> bool:
        return self._library.find(wanted).bundled
