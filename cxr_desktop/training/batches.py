"""Batches of films for Keras, made while it trains."""

from __future__ import annotations

import math
from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.training.augment import Augmentation, warp
from cxr_desktop.training.store import FilmStore, StoredFilm

Batch = tuple[NDArray[np.float32], NDArray[np.int32]]


class FilmBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Films of one side: in order and as they are, or shuffled and augmented anew in each epoch.

    What a film looks like in an epoch follows from the seed, the epoch and the film alone, so that neither
    the batch size nor an interruption changes it.

    Yields:
        images: (batch, height, width, channels) float32 in the network's range.
        targets: (batch,) int32, positions in `labels`.
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
    ):
        """Args:
        augmentation: None keeps the order and the films as they are.
        """
        super().__init__()
        self._store = store
        self._films = tuple(films)
        self._targets = np.array([labels.index(film.label) for film in films], dtype=np.int32)
        self._spec = spec
        self._batch = batch
        self._augmentation = augmentation
        self._seed = seed
        self._epoch = -1
        self.on_epoch_begin()

    def __len__(self) -> int:
        """Steps an epoch."""
        return math.ceil(len(self._films) / self._batch)

    def __getitem__(self, step: int) -> Batch:
        chosen = self._order[step * self._batch : (step + 1) * self._batch]
        grey = np.stack([self._image(int(position)) for position in chosen])  # (B, H, W)
        return in_network_range(grey, self._spec), self._targets[chosen]

    def on_epoch_begin(self) -> None:
        """Keras calls it before each epoch."""
        self._epoch += 1
        self._order = np.arange(len(self._films))
        if self._augmentation is not None:
            np.random.default_rng((self._seed, self._epoch)).shuffle(self._order)

    def _image(self, position: int) -> NDArray[np.float32]:
        image = self._store.grey(self._films[position])
        if self._augmentation is None:
            return image
        random = np.random.default_rng((self._seed, self._epoch, position))
        return warp(image, self._augmentation.draw(random, *image.shape))


def in_network_range(grey: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    """What `model_input` does to a film's grey levels once it has its size.

    Args:
        grey: (batch, height, width) float32 in [0, 1].

    Returns:
        (batch, height, width, channels) float32 in [spec.low, spec.high].
    """
    scaled = grey * np.float32(spec.high - spec.low) + np.float32(spec.low)
    return np.repeat(scaled[..., None], spec.channels, axis=3)  # (B, H, W) -> (B, H, W, C)
