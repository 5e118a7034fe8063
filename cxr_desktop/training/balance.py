"""Classes of unequal size, evened out: films weigh by their class, or the smaller classes come more often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from cxr_desktop.training.store import StoredFilm


def class_weights(films: Sequence[StoredFilm]) -> dict[str, float]:
    """What a film of each class weighs in the loss: all classes weigh alike, the films 1 on average."""
    counts = Counter(film.label for film in films if film.weight is None)  # the others have their own
    total = sum(counts.values())
    return {label: total / (len(counts) * count) for label, count in sorted(counts.items())}


def oversampled(films: Sequence[StoredFilm], seed: int) -> tuple[StoredFilm, ...]:
    """As many films of each class as the largest has: each as often as any other of its class, or once more.

    A film that comes twice in an epoch is augmented twice, each time in its own way. One with a weight of its
    own comes once: it weighs what it is worth already.
    """
    by_class = [film for film in films if film.weight is None]
    counts = Counter(film.label for film in by_class)
    most = max(counts.values())
    random = np.random.default_rng((seed, 0xBA1A))  # its own, beside those of order and augmentation
    more: list[StoredFilm] = []
    for label, count in sorted(counts.items()):
        own = [film for film in by_class if film.label == label]
        times, rest = divmod(most, count)
        more += own * (times - 1)
        more += [own[i] for i in sorted(random.choice(count, rest, replace=False))]
    return (*films, *more)
