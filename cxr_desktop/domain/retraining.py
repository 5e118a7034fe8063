"""What is to be trained: chosen step by step, and handed from page to page as one value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.film_classes import films_left_out, found_changed
from cxr_desktop.domain.labelled_films import (
    PATIENT_IN_NAME,
    FoundFilms,
    LabelledFilm,
    Side,
    check_classes,
    listed,
    may_be_learned_from,
    suspicious_labels,
)
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.language import tr

# Of the films to learn from, held out to choose by; in percent, each a whole number of parts.
SHARES = (5, 10, 20, 25, 33, 50)


@dataclass(frozen=True)
class ClassUse:
    """What becomes of one class that was found.

    Attributes:
        found: its name in the folders or the list.
        name: its name from now on; classes of the same name become one.
        used: whether its films are.
        suspicious: whether it speaks for suspicion.
    """

    found: str
    name: str
    used: bool = True
    suspicious: bool = True


@dataclass(frozen=True)
class Division:
    """Which film is learned from, held out and tested on.

    Attributes:
        films: all that are used, each with its side and patient.
        locked: how many films of the locked test set are among them; they are on the test side.
        test_to_lock: given test films that could be put into that set.
        remarks: what else is to be known, in sentences.
    """

    films: tuple[LabelledFilm, ...]
    locked: int = 0
    test_to_lock: int = 0
    remarks: tuple[str, ...] = ()

    def counts(self) -> dict[Side, dict[str, int]]:
        """Films by side and class."""
        sides: dict[Side, Counter[str]] = {side: Counter() for side in Side}
        for film in self.films:
            sides[film.side or Side.TRAIN][film.label] += 1
        return {side: dict(sorted(of_class.items())) for side, of_class in sides.items() if of_class}


@dataclass(frozen=True)
class Split:
    """How the films to learn from are divided.

    Attributes:
        share: in percent, held out to choose by.
        seed: the same films and seed give the same division.
        locked: the films that are never learned from; None: no such set was made.
    """

    share: int = 10
    seed: int = 1337
    locked: LockedTestSet | None = None

    def __post_init__(self) -> None:
        if self.share not in SHARES:
            raise ValueError(f"share must be one of {SHARES}, got {self.share}")


@dataclass(frozen=True)
class RetrainingPlan:
    """What the reader has chosen so far.

    Attributes:
        sources: folders or a list, as they were given.
        found: what is in them.
        classes: what becomes of each class found, in their order.
        left_out: films that the reader does without.
        pattern: what a file's name calls the patient by; "": names are not asked.
        report: of the audit of `changed`; None before it.
        films_file: the list of all films with their sides, written for the trainer; None until they are
            divided.
    """

    sources: tuple[Path, ...] = ()
    found: FoundFilms = field(default_factory=lambda: FoundFilms(()))
    classes: tuple[ClassUse, ...] = ()
    left_out: frozenset[Path] = frozenset()
    pattern: str = PATIENT_IN_NAME.pattern
    split: Split = field(default_factory=Split)
    report: AuditReport | None = None
    films_file: Path | None = None

    @cached_property
    def changed(self) -> FoundFilms:
        """What was found, with the reader's classes; films that are left out are still in it.

        Raises:
            TrainingError: a class has no name.
        """
        names = {each.found: each.name for each in self.classes}
        return found_changed(self.found, names, [each.found for each in self.classes if not each.used])

    @cached_property
    def films(self) -> tuple[LabelledFilm, ...]:
        """Those that are used."""
        return films_left_out(self.changed.films, self.left_out)

    @cached_property
    def suspicious(self) -> tuple[str, ...]:
        """The classes with films that speak for suspicion, by their new names.

        Raises:
            TrainingError: a class has no name.
        """
        names = {each.name.strip() for each in self.classes if each.used and each.suspicious}
        return tuple(sorted(names & {film.label for film in self.films}))

    @cached_property
    def obstacle(self) -> str:
        """Why nothing can be trained on these films, as far as their labels tell; "" where something can."""
        try:
            films = self.films
            if self.changed.obstacles:
                return self.changed.obstacles[0]
            counts = Counter(film.label for film in films if may_be_learned_from(film))
            check_classes(counts, self.changed.empty)
            if self.changed.empty:
                return tr(
                    "There are no films to learn from in {classes}. Untick the class, or add films of it.",
                    classes=listed(self.changed.empty),
                )
            labels = tuple(sorted({film.label for film in films}))
            only_judged = [label for label in labels if not counts[label]]
            if only_judged:
                return tr(
                    "No film of {classes} may be learned from: all of them are given as "
                    "validation or test films. Leave the class out, or add films to learn from.",
                    classes=listed(only_judged),
                )
            self._check_suspicion(labels)
        except TrainingError as problem:
            return str(problem)
        return ""

    def with_films(self, sources: tuple[Path, ...], found: FoundFilms) -> RetrainingPlan:
        """The same choices for other films, which are not looked at yet."""
        chosen = {each.found: each for each in self.classes}
        return RetrainingPlan(
            sources,
            found,
            tuple(chosen.get(each.found, each) for each in classes_of(found)),
            self.left_out & {film.path for film in found.films},
            self.pattern,
            self.split,
        )

    def _check_suspicion(self, labels: tuple[str, ...]) -> None:
        twofold = [name for name in self.suspicious if any(_speaks_not(each, name) for each in self.classes)]
        if twofold:
            raise TrainingError(
                tr(
                    "{names} is made of classes of which only some are suspicious. Tick all of "
                    "them, or none.",
                    names=listed(twofold),
                )
            )
        suspicious = [label for label in labels if label in self.suspicious]
        if not suspicious:
            raise TrainingError(tr("No class is suspicious. Tick those whose films are to be found."))
        if len(suspicious) == len(labels):
            raise TrainingError(
                tr(
                    "All classes are suspicious. Remove the tick of those whose films show nothing "
                    "that is to be found, such as films of healthy people."
                )
            )


def classes_of(found: FoundFilms) -> tuple[ClassUse, ...]:
    """Each class found, used under its own name; those that say “normal” are not suspicious."""
    names = sorted({film.label for film in found.films} | set(found.empty))
    try:
        suspicious = suspicious_labels(tuple(names))
    except TrainingError:  # all of one kind: the reader says which are which
        suspicious = tuple(names)
    return tuple(ClassUse(name, name, suspicious=name in suspicious) for name in names)


def _speaks_not(use: ClassUse, name: str) -> bool:
    return use.used and use.name.strip() == name and not use.suspicious
