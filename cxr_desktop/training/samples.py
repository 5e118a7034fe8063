"""A handful of held-out films whose judgement is told after each epoch, always the same ones."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np

from cxr_desktop.domain.model_card import Label
from cxr_desktop.domain.training_state import SampleJudgement
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.batches import in_network_range
from cxr_desktop.training.losses import suspicion_of
from cxr_desktop.training.store import FilmStore, StoredFilm

COUNT = 8


def chosen_samples(films: Sequence[StoredFilm], seed: int, count: int = COUNT) -> tuple[StoredFilm, ...]:
    """So many films, the classes in turn; the same films and seed give the same choice."""
    random = np.random.default_rng((seed, 0x5A3))  # its own, beside those of order and augmentation
    drawn: list[list[StoredFilm]] = []
    for label in sorted({film.label for film in films}):
        own = [film for film in films if film.label == label]
        drawn.append([own[i] for i in random.permutation(len(own))])
    rounds = (films_of[i] for i in range(count) for films_of in drawn if i < len(films_of))
    return tuple(film for film, _ in zip(rounds, range(count), strict=False))


class SampleFilms:
    """The films, and what a network says of them."""

    def __init__(
        self,
        store: FilmStore,
        films: Sequence[StoredFilm],
        record: Architecture,
        classes: tuple[Label, ...],
    ):
        self._films = tuple(films)
        self._record = record
        self._suspicious = tuple(label.suspicious for label in classes)
        grey = [store.grey(film) for film in films]
        self._images = in_network_range(np.stack(grey), record.input)

    def judged(self, model: keras.Model) -> tuple[SampleJudgement, ...]:
        """Each film with the network's score for suspicion, not calibrated."""
        outputs = model.predict_on_batch(self._images)
        logits = outputs["logits"] if isinstance(outputs, dict) else outputs
        scores = keras.ops.convert_to_numpy(suspicion_of(logits, self._record, self._suspicious))
        return tuple(
            SampleJudgement(str(film.path), film.label, round(float(score), 4))
            for film, score in zip(self._films, scores, strict=True)
        )
