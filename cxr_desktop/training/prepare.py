"""Before learning: which films can be read, what they are called, and which side each is on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import (
    MIN_VALIDATION_PER_CLASS,
    LabelledFilm,
    Side,
    check_classes,
    may_be_learned_from,
    suspicious_labels,
)
from cxr_desktop.domain.model_card import InputSpec, Label
from cxr_desktop.domain.wording import counted
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr
from cxr_desktop.training.datasets import Dataset, dataset_of
from cxr_desktop.training.events import Event, FilmLeftOut, Notice, Preparing
from cxr_desktop.training.film_sources import find_films
from cxr_desktop.training.leaks import check_one_class_each, marks, without_held_out, without_test_films
from cxr_desktop.training.locked_test import set_apart
from cxr_desktop.training.nih import AdultFilms, adult_films, evened_out
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.split import hold_out
from cxr_desktop.training.store import FilmStore, LeftOut, ReadFilm, StoredFilm
from cxr_desktop.training.storing import store_films

HELD_OUT_SHARE = 0.1

# Of a list's films: where more are gone, a drive is missing, or a folder was moved.
MOST_GONE = 0.05


@dataclass(frozen=True)
class Material:
    """What a run learns from, chooses by and is measured on: no film and no patient on two of these sides.

    Attributes:
        labels: harmless ones first, so that with two the network's one logit speaks for the suspicious.
        suspicious: of each label.
        test: the folder's own test films, without those of the locked test set; empty where it has none.
        adults: films of adults of another set, held out by patient to be judged, by what they are compared
            for, as `AdultFilms` says; empty without that set.
        not_used: films by class of a given validation side that is too small to choose by.
        locked: films of the locked test set that the folder holds, on whatever side, labelled as there.
        locked_in_all: how many films that set has.
    """

    dataset: Dataset
    labels: tuple[str, ...]
    suspicious: tuple[bool, ...]
    store: FilmStore
    train: tuple[StoredFilm, ...]
    validation: tuple[StoredFilm, ...]
    test: tuple[LabelledFilm, ...]
    not_used: Counter[str]
    adults: Mapping[str, tuple[LabelledFilm, ...]] = field(default_factory=dict)
    locked: tuple[LabelledFilm, ...] = ()
    locked_in_all: int = 0

    @property
    def classes(self) -> tuple[Label, ...]:
        """The labels as a card has them."""
        return tuple(Label(*each) for each in zip(self.labels, self.suspicious, strict=True))

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Films by side and class."""
        sides: dict[str, Iterable[StoredFilm | LabelledFilm]] = {
            "train": [film for film in self.train if film.weight is None],
            "adults, train": [film for film in self.train if film.weight is not None],
            "validation": self.validation,
            "test": self.test,
            "locked test": self.locked,
            **{f"adults, held out, {name}": films for name, films in self.adults.items()},
        }
        counts = {
            side: dict(sorted(Counter(f.label for f in films).items())) for side, films in sides.items()
        }
        counts["given validation, too small to use"] = dict(sorted(self.not_used.items()))
        return {side: of_class for side, of_class in counts.items() if of_class}

    def suspicion_of(self, films: Iterable[StoredFilm | LabelledFilm]) -> NDArray[np.bool_]:
        """(films,) whether each film's label speaks for suspicion."""
        speaks = dict(zip(self.labels, self.suspicious, strict=True))
        return np.array([speaks[film.label] for film in films], dtype=np.bool_)


def prepare(
    request: TrainingRequest,
    spec: InputSpec,
    file: Path,
    read: ReadFilm,
    on_event: Callable[[Event], None],
    lung_finder: LungFinder | None = None,
    room: Iterable[tuple[Path, int]] = (),
) -> Material:
    """Reads all films that may be learned from or chosen by, and divides them.

    Args:
        file: where the network inputs are kept.
        read: decodes a file, or raises UnreadableImage.
        lung_finder: of a network that is kept to the lungs.
        room: folders, and the bytes that will be needed there beside the films.

    Raises:
        TrainingError: with these films nothing can be learned; says why and what to do.
    """
    found = films_asked_for(request)
    test = tuple(film for film in found if film.side is Side.TEST)
    # By all names: a known set stays what it is where some of its films cannot be read.
    dataset = dataset_of([film.path.name for film in found if may_be_learned_from(film)])
    adults = None if request.adults is None else _adults(request.adults, found, request.suspicious)
    store = store_films(
        [*(film for film in found if film.side is not Side.TEST), *(adults.train if adults else ())],
        request.films if request.films.is_dir() else request.films.parent,  # that of the list
        spec,
        file,
        read,
        lambda done, of: on_event(Preparing(done, of)),
        lung_finder,
        room,
        # On all of them, whatever share is asked for: it is soon over, and a trainer with a share has a low
        # priority, so that others go first.
        usable_cores(),
    )
    _tell(store.left_out, on_event)
    test_marks = marks(test)
    check_one_class_each(store.films, test_marks)
    apart = set_apart(store.films, test, request.locked_test, read)
    test = apart.test
    _tell(apart.left_out, on_event)
    films, left_out = without_test_films(apart.free, test_marks)
    _tell(left_out, on_event)

    beside = evened_out([film for film in films if film.weight is not None])  # never chosen by
    films = [film for film in films if film.weight is None]
    may_train = [film for film in films if film.side is not Side.VALIDATION]
    counts = Counter(dict.fromkeys((film.label for film in found if may_be_learned_from(film)), 0))
    counts.update(film.label for film in may_train)
    check_classes(counts)
    names = sorted({film.label for film in may_train})
    speak = suspicious_labels(tuple(names), request.suspicious)
    labels = tuple(sorted(names, key=lambda name: (name in speak, name)))
    unknown = sorted(({film.label for film in films} | {film.label for film in test}) - set(labels))
    if unknown:
        raise TrainingError(
            tr(
                "The classes {classes} have no films to learn from. Add some, or leave them out.",
                classes=", ".join(unknown),
            )
        )

    given = [film for film in films if film.side is Side.VALIDATION]
    given_counts = Counter(film.label for film in given)
    not_used: Counter[str] = Counter()
    enough = 1 if request.sides_settled else MIN_VALIDATION_PER_CLASS
    if all(given_counts[label] >= enough for label in labels):
        train, validation = may_train, given
    else:
        not_used = given_counts
        if given:
            on_event(
                Notice(
                    tr(
                        "The {films} given validation films are too few to choose by (at least "
                        "{least} a class); films of the training side are held out instead.",
                        films=len(given),
                        least=MIN_VALIDATION_PER_CLASS,
                    )
                )
            )
        train, validation = _divide(may_train, dataset, request.seed)
        listed = dataset.validation or frozenset()
        gone = listed - {film.name for film in validation}
        if gone:
            on_event(
                Notice(
                    tr(
                        "{gone} of the {films} films that every model of this set is chosen by "
                        "are missing or cannot be used; this one is chosen by the others.",
                        gone=len(gone),
                        films=len(listed),
                    )
                )
            )
    train, left_out = without_held_out(train, validation)
    _tell(left_out, on_event)
    if missing := _missing(labels, train):
        raise TrainingError(
            tr(
                "After dividing the films by patient none of {classes} is left to learn from. Films "
                "of more patients are needed.",
                classes=missing,
            )
        )
    if missing := _missing(labels, validation):
        raise TrainingError(
            tr(
                "After dividing the films by patient none of {classes} is left to hold out. Films of "
                "more patients are needed.",
                classes=missing,
            )
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
        adults.held_out if adults else {},
        _of_known_classes(apart.locked, labels, on_event),
        apart.locked_in_all,
    )


def _missing(labels: Sequence[str], films: Sequence[StoredFilm]) -> str:
    """The classes that no film is of; "" where there is one of each."""
    return ", ".join(label for label in labels if not any(film.label == label for film in films))


def _of_known_classes(
    films: Sequence[LabelledFilm], labels: Sequence[str], on_event: Callable[[Event], None]
) -> tuple[LabelledFilm, ...]:
    """The films that the new model has a word for."""
    known = [film for film in films if film.label in labels]
    for film in films:
        if film.label not in labels:
            reason = tr(
                "In the locked test set it is labelled {label}, which is no class of this folder.",
                label=film.label,
            )
            on_event(FilmLeftOut(film.path.name, reason))
    return tuple(known)


def films_asked_for(request: TrainingRequest) -> tuple[LabelledFilm, ...]:
    """The labelled films of a request. A few whose files are gone since the wizard wrote its list are left
    out like others that cannot be read.

    Raises:
        TrainingError: with these films nothing can be learned, or many of them are not where they were.
    """
    found = find_films(request.films, with_absent=request.sides_settled)
    gone = [film.path for film in found if not film.path.exists()]
    if len(gone) > MOST_GONE * len(found):
        raise TrainingError(
            tr(
                "{gone:,} of {films} are not where they were, such as {example}. Connect the drive "
                "that they are on, or put their folder back; then start again.",
                gone=len(gone),
                films=counted(len(found), "film", "films"),
                example=gone[0],
            )
        )
    return found


def films_to_read(request: TrainingRequest) -> tuple[LabelledFilm, ...]:
    """All films that a run reads before it learns.

    Raises:
        TrainingError: with these films nothing can be learned.
    """
    found = films_asked_for(request)
    adults = None if request.adults is None else _adults(request.adults, found, request.suspicious)
    return (*(film for film in found if film.side is not Side.TEST), *(adults.train if adults else ()))


def _tell(left_out: Iterable[LeftOut], on_event: Callable[[Event], None]) -> None:
    for each in left_out:
        on_event(FilmLeftOut(each.name, each.reason))


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
