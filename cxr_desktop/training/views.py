"""Training films as chance shows them: geometry, what lies around the lungs, grey levels."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.augment import Augmentation, warp
from cxr_desktop.training.roughen import roughen
from cxr_desktop.training.store import FilmStore, StoredFilm
from cxr_desktop.training.surroundings import replace_surroundings

Image = NDArray[np.float32]


class FilmViews:
    """Films of a store, each varied by as much chance as it is given: the same chance, the same view."""

    def __init__(self, store: FilmStore, films: Sequence[StoredFilm], spec: InputSpec) -> None:
        self._store = store
        self._films = tuple(films)
        self._shape = (spec.height, spec.width)

    def varied(
        self, position: int, augmentation: Augmentation, random: np.random.Generator
    ) -> tuple[Image, NDArray[np.float64]]:
        """A film as training shows it: (height, width) float32 in [0, 1].

        And the (2, 3) matrix from (x, y, 1) of this view to (x, y) of the whole film.
        """
        film = self._films[position]
        image, geometry = self._moved(film, augmentation, random)
        if random.random() < augmentation.outside_lungs:
            image = replace_surroundings(
                image,
                self._store.lungs(film),
                lambda mask: self.seen(mask, geometry),
                lambda: self._other(augmentation, random),
                random,
            )
        return roughen(image, augmentation, random), geometry

    def seen(self, mask: Image, geometry: NDArray[np.float64]) -> Image:
        """A mask over the whole film, (rows, columns), in a view's geometry; nothing lies beyond the film."""
        wide = self._store.wide_shape
        mask = cv2.resize(mask, (wide[1], wide[0])).astype(np.float32)
        return warp(mask, geometry, cv2.BORDER_CONSTANT, self._shape)

    def _moved(
        self, film: StoredFilm, augmentation: Augmentation, random: np.random.Generator
    ) -> tuple[Image, NDArray[np.float64]]:
        drawn = np.vstack([augmentation.draw(random, *self._shape), [0, 0, 1]])
        geometry = self._store.geometry(film) @ drawn
        return warp(self._store.wide(film), geometry, shape=self._shape), geometry

    def _other(self, augmentation: Augmentation, random: np.random.Generator) -> Image:
        other = self._films[int(random.integers(len(self._films)))]
        return self._moved(other, augmentation, random)[0]
