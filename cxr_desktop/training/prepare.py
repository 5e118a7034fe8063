"""Before learning: which films can be read, what they are called, and which side each is on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.training.datasets import Dataset, dataset_of
from cxr_desktop.training.events import Event, FilmLeftOut, Notice, Preparing
from cxr_desktop.training.films import LabelledFilm, Side, check_classes, find_films, suspicious_labels
from cxr_desktop.training.nih import AdultFilms, adult_films
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.split import hold_out
from cxr_desktop.training.store import FilmStore, LeftOut, ReadFilm, StoredFilm, store_films

HELD_OUT_SHARE = 0.1
# A given validation side with fewer films of a class decides by chance; films are then held out anew.
MIN_VALIDATION_PER_CLASS = 20
_NAMED = 3  # films named in a message


@dataclass(frozen=True)
class Material:
    """What a run learns from, chooses by and is measured on: no film and no patient on two of these sides.

    Attributes:
        labels: harmless ones first, so that with two the network's one logit speaks for the suspicious.
        suspicious: of each label.
        test: the folder's own test films; empty where it has none.
        adults: films of adults of another set, held out by patient to be judged; empty without that set.
        not_used: films by class of a given validation side that is too small to choose by.
    """

    dataset: Dataset
    labels: tuple[str, ...]
    suspicious: tuple[bool, ...]
    store: FilmStore
    train: tuple[StoredFilm, ...]
    validation: tuple[StoredFilm, ...]
    test: tuple[LabelledFilm, ...]
    not_used: Counter[str]
    adults: tuple[LabelledFilm, ...] = ()

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Films by side and class."""
        sides: dict[str, Iterable[StoredFilm | LabelledFilm]] = {
            "train": [film for film in self.train if film.weight is None],
            "adults, train": [film for film in self.train if film.weight is not None],
            "validation": self.validation,
            "test": self.test,
            "adults, held out": self.adults,
        }
        counts = {
            side: dict(sorted(Counter(f.label for f in films).items())) for side, films in sides.items()
        }
        counts["given validation, too small to use"] = dict(sorted(self.not_used.items()))
        return {side: of_class for side, of_class in counts.items() if of_class}


def prepare(
    request: TrainingRequest,
    spec: InputSpec,
    file: Path,
    read: ReadFilm,
    on_event: Callable[[Event], None],
    lung_finder: LungFinder | None = None,
) -> Material:
    """Reads all films that may be learned from or chosen by, and divides them.

    Args:
        file: where the network inputs are kept.
        read: decodes a file, or raises UnreadableImage.
        lung_finder: of a network that is kept to the lungs.

    Raises:
        TrainingError: with these films nothing can be learned; says why and what to do.
    """
    found = find_films(request.films)
    test = tuple(film for film in found if film.side is Side.TEST)
    adults = None if request.adults is None else _adults(request.adults, found, request.suspicious)
    store = store_films(
        [*(film for film in found if film.side is not Side.TEST), *(adults.train if adults else ())],
        request.films,
        spec,
        file,
        read,
        lambda done, of: on_event(Preparing(done, of)),
        lung_finder,
    )
    for each in store.left_out:
        on_event(FilmLeftOut(each.name, each.reason))
    digests = _digests(test)
    _check_one_class_each(store.films, digests)
    films, left_out = _without_test_films(store.films, digests)
    for each in left_out:
        on_event(FilmLeftOut(each.name, each.reason))

    beside = [film for film in films if film.weight is not None]  # of another set; never chosen by
    films = [film for film in films if film.weight is None]
    may_train = [film for film in films if film.side is not Side.VALIDATION]
    counts = Counter(dict.fromkeys((film.label for film in found if film.side in (None, Side.TRAIN)), 0))
    counts.update(film.label for film in may_train)
    check_classes(counts)
    names = sorted({film.label for film in may_train})
    speak = suspicious_labels(tuple(names), request.suspicious)
    labels = tuple(sorted(names, key=lambda name: (name in speak, name)))
    unknown = sorted(({film.label for film in films} | {film.label for film in test}) - set(labels))
    if unknown:
        raise TrainingError(
            f"The classes {', '.join(unknown)} have no films to learn from. Add some, or leave them out."
        )

    given = [film for film in films if film.side is Side.VALIDATION]
    given_counts = Counter(film.label for film in given)
    dataset = dataset_of([film.name for film in may_train])
    not_used: Counter[str] = Counter()
    if all(given_counts[label] >= MIN_VALIDATION_PER_CLASS for label in labels):
        patients = {film.patient for film in given}
        train, validation = [film for film in may_train if film.patient not in patients], given
    else:
        not_used = given_counts
        if given:
            on_event(
                Notice(
                    f"The {len(given)} given validation films are too few to choose by (at least "
                    f"{MIN_VALIDATION_PER_CLASS} a class); films of the training side are held out instead."
                )
            )
        train, validation = _divide(may_train, dataset, request.seed)
    for side, side_films in (("learn from", train), ("hold out", validation)):
        missing = [label for label in labels if not any(film.label == label for film in side_films)]
        if missing:
            raise TrainingError(
                f"After dividing the films by patient none of {', '.join(missing)} is left to {side}. "
                "Films of more patients are needed."
            )
    return Material(
        dataset,
        labels,
        tuple(label in speak for label in labels),
        store,
        (*train, *beside),
        tuple(validation),
        test,
        not_used,
        adults.held_out if adults else (),
    )


def _adults(table: Path, found: Sequence[LabelledFilm], chosen: tuple[str, ...]) -> AdultFilms:
    labels = tuple(sorted({film.label for film in found}))
    speak = suspicious_labels(labels, chosen)
    if len(labels) != 2:
        raise TrainingError(
            f"Films of adults can be added where there are two classes; the folder has {len(labels)}: "
            f"{', '.join(labels)}."
        )
    (harmless,) = set(labels) - set(speak)
    return adult_films(table, harmless, speak[0])


def _divide(
    films: Sequence[StoredFilm], dataset: Dataset, seed: int
) -> tuple[list[StoredFilm], list[StoredFilm]]:
    if dataset.validation is not None:
        held_out = {i for i, film in enumerate(films) if film.name in dataset.validation}
    else:
        held_out = set(
            hold_out(
                [film.label for film in films],
                [film.patient for film in films],
                [film.digest for film in films],
                HELD_OUT_SHARE,
                seed,
            )
        )
    return (
        [film for i, film in enumerate(films) if i not in held_out],
        [film for i, film in enumerate(films) if i in held_out],
    )


def _check_one_class_each(films: Sequence[StoredFilm], test: Sequence[tuple[str, LabelledFilm]]) -> None:
    """TrainingError where the same film, byte by byte, lies in two classes: one of them is wrong, and only a
    person can say which. (In the Kermany set no film does, on any side.)
    """
    places: dict[str, dict[str, str]] = {}  # digest -> class -> the first file there
    for film in films:
        places.setdefault(film.digest, {}).setdefault(film.label, film.name)
    for digest, of_test in test:
        places.setdefault(digest, {}).setdefault(of_test.label, of_test.path.name)
    twice = [of_class for of_class in places.values() if len(of_class) > 1]
    if not twice:
        return
    named = [" = ".join(f"{label}/{name}" for label, name in sorted(each.items())) for each in twice[:_NAMED]]
    more = f" and {len(twice) - _NAMED} more" if len(twice) > _NAMED else ""
    raise TrainingError(
        f"The same film lies in two classes, {len(twice)} times: {'; '.join(named)}{more}. Keep each film in "
        "the class that is right and start again."
    )


def _without_test_films(
    films: Sequence[StoredFilm], test: Sequence[tuple[str, LabelledFilm]]
) -> tuple[list[StoredFilm], list[LeftOut]]:
    digests = {digest for digest, _ in test}
    reason = "The same film is among the test films; learning from it would flatter the test."
    kept = [film for film in films if film.digest not in digests]
    return kept, [LeftOut(film.name, reason) for film in films if film.digest in digests]


def _digests(films: Iterable[LabelledFilm]) -> list[tuple[str, LabelledFilm]]:
    digests = []
    for film in films:
        try:
            digests.append((hashlib.sha256(film.path.read_bytes()).hexdigest(), film))
        except OSError:
            continue  # it will be listed as left out when it is read to be judged
    return digests
