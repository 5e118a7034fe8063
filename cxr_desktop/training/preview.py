"""How training would vary a few films: the very views that it would learn from, without Keras."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.domain.film_preview import FilmPreview, PreviewQuestion
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.start_choices import TrainingStart
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.run import needs_lungs
from cxr_desktop.training.run_folder import STORE_FILE
from cxr_desktop.training.starts import record_of
from cxr_desktop.training.store import FilmStore
from cxr_desktop.training.storing import store_films
from cxr_desktop.training.tuned import tuned
from cxr_desktop.training.views import FilmViews

_Kept = tuple[tuple[Path, ...], InputSpec, bool]


class VariationPreview:
    """Varies films as training would; films read once are kept for the next question. For one thread."""

    def __init__(self, lung_finder: Path) -> None:
        """
        Args:
            lung_finder: its bundle's folder.
        """
        self._finder_folder = lung_finder
        self._finder: LungFinder | None = None
        self._records: dict[TrainingStart, Architecture] = {}
        self._kept: tuple[_Kept, FilmStore] | None = None

    def views(
        self, question: PreviewQuestion, given_up: Callable[[], bool] = lambda: False
    ) -> tuple[FilmPreview, ...]:
        """The films that can be read, before and after.

        Raises:
            Cancelled: nobody wants to know any more.
            CxrError: they cannot be shown; says why.
        """
        record = self._record(question)
        store = self._store(question.films, record, given_up)
        views = FilmViews(store, store.films, record.input)
        return tuple(
            FilmPreview(
                _levels(store.grey(film)),
                _levels(
                    views.varied(
                        position, record.augmentation, np.random.default_rng((question.seed, position))
                    )[0]
                ),
            )
            for position, film in enumerate(store.films)
        )

    def _record(self, question: PreviewQuestion) -> Architecture:
        # The model to go on from is checked byte by byte, once.
        if question.start not in self._records:
            self._records[question.start] = record_of(question.start, Tuning())
        size = None if question.start.continue_from else question.tuning.image_size
        return tuned(self._records[question.start], replace(question.tuning, image_size=size))

    def _store(
        self, films: tuple[Path, ...], record: Architecture, given_up: Callable[[], bool]
    ) -> FilmStore:
        lungs = needs_lungs(record)
        wanted: _Kept = (films, record.input, lungs)
        if self._kept is None or self._kept[0] != wanted:
            self._kept = None
            self._kept = (wanted, self._read(films, record.input, lungs, given_up))
        return self._kept[1]

    def _read(
        self, films: tuple[Path, ...], spec: InputSpec, lungs: bool, given_up: Callable[[], bool]
    ) -> FilmStore:
        def go_on(done: int, of: int) -> None:
            if given_up():
                raise Cancelled

        if lungs and self._finder is None:
            self._finder = load_lung_finder(self._finder_folder, [cpu(1)])
        # On most systems a mapped file may go while it is in use; on others it stays until the program ends.
        with tempfile.TemporaryDirectory(prefix="cxr-preview-", ignore_cleanup_errors=True) as folder:
            store = store_films(
                [LabelledFilm(film, "") for film in films],
                Path(folder),
                spec,
                Path(folder) / STORE_FILE,
                read_radiograph,
                on_progress=go_on,
                lung_finder=self._finder if lungs else None,
            )
        if not store.films:
            reason = store.left_out[0].reason if store.left_out else tr("There are no films.")
            raise TrainingError(tr("None of these films can be shown. {reason}", reason=reason))
        return store


def _levels(grey: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(height, width) uint8 of (height, width) float32 in [0, 1]."""
    return np.rint(grey * 255).astype(np.uint8)
