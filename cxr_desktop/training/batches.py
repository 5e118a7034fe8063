"""Batches of films for Keras, made while it trains."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.store import FilmStore, StoredFilm
from cxr_desktop.training.surroundings import LUNG_DILATION, dilated
from cxr_desktop.training.views import FilmViews

Image = NDArray[np.float32]


class FilmBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Films of one side: in order and as they are, or shuffled and augmented anew in each epoch.

    What a film looks like in an epoch follows from the seed, the epoch and the film alone, so that neither
    the batch size nor an interruption changes it.

    Yields:
        images: (batch, height, width, channels) float32 in the network's range.
        targets: (batch,) int32, positions in `labels`; or, of two labels with some that are believed in part,
            (batch,) float32 in [0, 1], how far the second is believed. With a map's shape {"logits": those,
            "map": (batch, rows, columns) float32 in [0, 1]: how much of each place of the map is lung, where
            a film is of a class that speaks for suspicion, else 1}.
        weights: (batch,) float32 of the films, only where they do not all weigh alike.
    """

    def __init__(
        self,
        store: FilmStore,
        films: Sequence[StoredFilm],
        labels: tuple[str, ...],
        spec: InputSpec,
        batch: int,
        augmentation: Augmentation | None = None,
        seed: int = 0,
        class_weights: Mapping[str, float] | None = None,
        map_shape: tuple[int, int] | None = None,
        suspicious: tuple[bool, ...] = (),
    ):
        """Args:
        augmentation: None keeps the order and the films as they are.
        map_shape: (rows, columns) of the network's map, where evidence outside the lungs is held against it.
        suspicious: of each label; needed with `map_shape`.
        """
        super().__init__()
        self._store = store
        self._films = tuple(films)
        self._views = FilmViews(store, films, spec)
        self._classes = np.array([labels.index(film.label) for film in films], dtype=np.int32)
        self._targets = _targets(self._classes, [film.certainty for film in films], labels)
        self._spec = spec
        self._batch = batch
        self._augmentation = augmentation
        self._seed = seed
        self._weights = _weights(films, class_weights)
        self._map_shape = map_shape
        self._suspicious = suspicious
        self._epoch = -1
        self.on_epoch_begin()

    def __len__(self) -> int:
        """Steps an epoch."""
        return math.ceil(len(self._films) / self._batch)

    def __getitem__(self, step: int) -> tuple[Any, ...]:
        chosen = self.chosen(step)
        drawn = [self._draw(int(position)) for position in chosen]
        images = in_network_range(np.stack([image for image, _ in drawn]), self._spec)
        targets: Any = self._targets[chosen]
        if self._map_shape is not None:
            targets = {"logits": targets, "map": np.stack([lungs for _, lungs in drawn if lungs is not None])}
        return (images, targets) if self._weights is None else (images, targets, self._weights[chosen])

    def chosen(self, step: int) -> NDArray[np.intp]:
        """(batch,) the positions of a step's films."""
        return self._order[step * self._batch : (step + 1) * self._batch]

    def on_epoch_begin(self) -> None:
        """Keras calls it before each epoch."""
        self.begin_epoch(self._epoch + 1)

    def begin_epoch(self, epoch: int) -> None:
        """Sets order and chance for an epoch, counted from 0."""
        self._epoch = epoch
        self._order = np.arange(len(self._films))
        if self._augmentation is not None:
            np.random.default_rng((self._seed, self._epoch)).shuffle(self._order)

    def _draw(self, position: int) -> tuple[Image, Image | None]:
        """The view of a film, float32 in [0, 1], and the lungs on the map's grid where they are wanted."""
        if self._augmentation is None:
            film = self._films[position]
            return self._store.grey(film), self._lungs_on_map(position, self._store.geometry(film))
        random = np.random.default_rng((self._seed, self._epoch, position))
        image, geometry = self._views.varied(position, self._augmentation, random)
        return image, self._lungs_on_map(position, geometry)

    def _lungs_on_map(self, position: int, geometry: NDArray[np.float64]) -> Image | None:
        if self._map_shape is None:
            return None
        if not self._suspicious[self._classes[position]]:
            return np.ones(self._map_shape, np.float32)
        lungs = self._views.seen(dilated(self._store.lungs(self._films[position]), LUNG_DILATION), geometry)
        rows, columns = self._map_shape
        return np.asarray(cv2.resize(lungs, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def _targets(
    classes: NDArray[np.int32], certainty: Sequence[float], labels: tuple[str, ...]
) -> NDArray[np.int32] | NDArray[np.float32]:
    believed = np.array(certainty, np.float32)
    if np.all(believed == 1):
        return classes
    if len(labels) != 2:
        raise ValueError(f"labels can be believed in part only where there are two, got {labels}")
    return np.where(classes == 1, believed, 1 - believed).astype(np.float32)


def _weights(films: Sequence[StoredFilm], of_class: Mapping[str, float] | None) -> Image | None:
    if of_class is None and all(film.weight is None for film in films):
        return None
    weights = of_class or {}
    return np.array(
        [weights.get(film.label, 1.0) if film.weight is None else film.weight for film in films], np.float32
    )


def in_network_range(grey: Image, spec: InputSpec) -> Image:
    """What `model_input` does to a film's grey levels once it has its size.

    Args:
        grey: (batch, height, width) float32 in [0, 1].

    Returns:
        (batch, height, width, channels) float32 in [spec.low, spec.high].
    """
    scaled = grey * np.float32(spec.high - spec.low) + np.float32(spec.low)
    return np.repeat(scaled[..., None], spec.channels, axis=3)  # (B, H, W) -> (B, H, W, C)
