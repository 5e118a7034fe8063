"""The films of a plan divided before training: learned from, held out, tested on; and the locked test set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.audit.facts import FilmFacts
from cxr_desktop.domain.audit.patients import name_pattern, with_patients_of_names
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import (
    MIN_VALIDATION_PER_CLASS,
    LabelledFilm,
    Side,
    check_classes,
    listed,
)
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.retraining import Division, RetrainingPlan
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.training.likeness import alike_names, likeness, look_of_text
from cxr_desktop.training.locked_test import KnownFilm, draw_locked_test, none_left
from cxr_desktop.training.split import hold_out


def divide(plan: RetrainingPlan) -> Division:
    """Each film of an audited plan on its side.

    Films of the locked test set are on the test side, and other films of its patients are left out. Given
    test films stay where they are, and so do given validation films where there are enough to choose by;
    otherwise a share is held out by patient, with the classes in proportion.

    Raises:
        TrainingError: nothing would be left of a class to learn from, or to hold out.
    """
    remarks: list[str] = []
    test: list[KnownFilm] = []
    others: list[KnownFilm] = []
    in_set: set[str] = set()  # fingerprints: a copy is the same film
    kept_away = alike = to_lock = 0
    locked = plan.split.locked
    known = films_of_plan(plan)
    near_locked = _near_copies(known, locked)
    for each in known:
        if locked is not None and locked.film(each.fingerprint) is not None:
            in_set.add(each.fingerprint)
            test.append(each)
            continue
        is_known = locked is not None and locked.has_patient(each.patient)
        if each.film.side is Side.TEST:
            test.append(each)
            to_lock += not is_known
        elif is_known:
            kept_away += 1
        elif each.fingerprint in near_locked:
            alike += 1
        else:
            others.append(each)
    if kept_away:
        remarks.append(
            tr(
                "{films} left out: another film of the same patient is in the locked test set, and "
                "learning from it would flatter the test.",
                films=counted(kept_away, "film", "films"),
            )
        )
    if alike:
        remarks.append(
            tr(
                "{films} left out: they look the same as films of the locked test set, so that "
                "learning from them would flatter the test.",
                films=counted(alike, "film", "films"),
            )
        )
    _check_left(known, others)
    labels = sorted({each.film.label for each in others})
    given = Counter(each.film.label for each in others if each.film.side is Side.VALIDATION)
    if given and all(given[label] >= MIN_VALIDATION_PER_CLASS for label in labels):
        remarks.append(tr("The given validation films are kept as they are; share and seed change nothing."))
        held_out = frozenset(i for i, each in enumerate(others) if each.film.side is Side.VALIDATION)
    else:
        if given:
            remarks.append(
                tr(
                    "The {films} are too few to choose by (at least {least} of each class are "
                    "needed), so they are divided anew together with the others.",
                    films=counted(sum(given.values()), "given validation film", "given validation films"),
                    least=MIN_VALIDATION_PER_CLASS,
                )
            )
        held_out = _held_out(others, plan)
    validation = Counter(others[i].film.label for i in held_out)
    few = [
        f"{label} ({validation[label]})" for label in labels if validation[label] < MIN_VALIDATION_PER_CLASS
    ]
    if few:
        remarks.append(
            tr(
                "So few films are held out of {classes} that chance plays a large part in what is "
                "chosen by them; at least {least} of each class are better. Choose a larger share, "
                "or add films.",
                classes=listed(few, 5),
                least=MIN_VALIDATION_PER_CLASS,
            )
        )
    sides = [Side.VALIDATION if i in held_out else Side.TRAIN for i in range(len(others))]
    films = (
        *(_on(each, side) for each, side in zip(others, sides, strict=True)),
        *(_on(each, Side.TEST) for each in test),
    )
    return Division(films, len(in_set), to_lock, tuple(remarks))


def lock_films(plan: RetrainingPlan, share: float) -> LockedTestSet:
    """The locked test set with films of the plan: of its test side, else a share of its patients.

    Films that are in the set already stay; those of new patients are added.

    Raises:
        TrainingError: there are no new patients, or too few of them.
    """
    return draw_locked_test(films_of_plan(plan), share, plan.split.seed, plan.split.locked)


def films_of_plan(plan: RetrainingPlan) -> list[KnownFilm]:
    """The films of an audited plan that can be read, with whom they show.

    Raises:
        TrainingError: what is to find the patient in a file's name is no pattern.
    """
    if plan.report is None:
        raise ValueError("a plan is divided after its films were looked at")
    seen: dict[Path, FilmFacts] = {each.film.path: each for each in plan.report.facts}
    facts = [seen[film.path] for film in plan.films if film.path in seen]
    named: Sequence[LabelledFilm] = [each.film for each in facts]
    if plan.pattern:
        named = with_patients_of_names(facts, name_pattern(plan.pattern))
    return [
        KnownFilm(film, each.fingerprint, film.patient or each.dicom_patient, each.look)
        for film, each in zip(named, facts, strict=True)
    ]


def _check_left(known: Sequence[KnownFilm], others: Sequence[KnownFilm]) -> None:
    """TrainingError where too few of the known films, or none of a class, may be learned from."""
    if known and not others:
        raise none_left(len(known))
    counts = Counter(each.film.label for each in others)
    gone = sorted({each.film.label for each in known} - set(counts))
    if gone:
        raise TrainingError(
            tr(
                "No film of {classes} may be learned from: all of them are test films, or of "
                "patients in the locked test set. Leave the class out, or add films of other "
                "patients.",
                classes=listed(gone),
            )
        )
    try:
        check_classes(counts)
    except TrainingError as problem:
        away = len(known) - len(others)
        if not away:
            raise
        more = tr(
            "{films} of these are tested on, or left out because of it.",
            films=counted(away, "film", "films"),
        )
        raise TrainingError(f"{problem} {more}") from None


def _near_copies(films: Sequence[KnownFilm], locked: LockedTestSet | None) -> frozenset[str]:
    """The fingerprints of films that are, or look the same as, films of the locked test set."""
    looks = [look_of_text(each.look) for each in locked.films if each.look] if locked is not None else []
    if not looks:
        return frozenset()
    numbers = likeness([*looks, *(each.look for each in films)])
    of_locked = set(numbers[: len(looks)])
    return frozenset(
        each.fingerprint
        for each, number in zip(films, numbers[len(looks) :], strict=True)
        if number in of_locked
    )


def _held_out(films: Sequence[KnownFilm], plan: RetrainingPlan) -> frozenset[int]:
    positions = hold_out(
        [each.film.label for each in films],
        [each.patient or each.fingerprint for each in films],
        alike_names([each.look for each in films], [each.fingerprint for each in films]),
        plan.split.share / 100,
        plan.split.seed,
    )
    there = {True: set[str](), False: set[str]()}
    for index, each in enumerate(films):
        there[index in positions].add(each.film.label)
    missing = there[True] ^ there[False]
    if missing:
        raise TrainingError(
            tr(
                "After dividing the films by patient all of {classes} would be on one side. Films "
                "of more patients are needed, or another seed.",
                classes=listed(sorted(missing)),
            )
        )
    return positions


def _on(each: KnownFilm, side: Side) -> LabelledFilm:
    return replace(each.film, side=side, patient=each.patient)
