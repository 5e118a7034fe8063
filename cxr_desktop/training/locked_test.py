"""Making the locked test set out of labelled films, keeping it from learning, and finding its films again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm, Side, patient_in_name
from cxr_desktop.domain.locked_test import LockedFilm, LockedTestSet, locked_test_from_json
from cxr_desktop.domain.wording import counted, utf8_text
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.language import tr
from cxr_desktop.training.leaks import refuse_two_classes
from cxr_desktop.training.likeness import alike_names, look_to_text, perceptual_hash, small_view
from cxr_desktop.training.split import hold_out
from cxr_desktop.training.store import LeftOut, ReadFilm, StoredFilm

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class KnownFilm:
    """A labelled film with all that it is known by elsewhere.

    Attributes:
        fingerprint: digest of its pixels.
        patient: DICOM Patient ID, else what its name says; "" where neither tells.
        look: (256,) bool, its perceptual hash.
    """

    film: LabelledFilm
    fingerprint: str
    patient: str
    look: NDArray[np.bool_]


def known_films(
    films: Sequence[LabelledFilm], read: ReadFilm, on_progress: OnProgress = lambda done, of: None
) -> tuple[list[KnownFilm], list[LeftOut]]:
    """Each film's pixels and patient, and the files that give no film."""
    known: list[KnownFilm] = []
    left_out: list[LeftOut] = []
    for done, film in enumerate(films, 1):
        try:
            radiograph = read(FilmSource(film.path))
        except UnreadableImage as error:
            left_out.append(LeftOut(film.path.name, str(error)))
        else:
            patient = _patient(film.patient or radiograph.header.patient_id, film.path)
            look = perceptual_hash(small_view(radiograph))
            known.append(KnownFilm(film, pixel_fingerprint(radiograph), patient, look))
        on_progress(done, len(films))
    return known, left_out


def draw_locked_test(
    films: Sequence[KnownFilm], share: float, seed: int, before: LockedTestSet | None = None
) -> LockedTestSet:
    """The set made of a folder's own test side, else of a share of its films, drawn by patient.

    Of a test side's films only the DICOM Patient ID counts for a patient: the numbers in file names may begin
    anew there and be other people's.

    Args:
        films: of a labelled folder.
        share: in (0, 0.5]; of the films of patients who are not in the set yet.
        before: the set so far, to which films of new patients are added.

    Raises:
        TrainingError: there are no new patients, too few of them, or the same film has two labels.
    """
    places: dict[str, dict[str, str]] = {}
    for each in films:
        places.setdefault(each.fingerprint, {}).setdefault(each.film.label, each.film.path.name)
    refuse_two_classes(places)
    new = [each for each in films if before is None or not _is_in(before, each.fingerprint, each.patient)]
    if not new:
        raise TrainingError(
            tr(
                "All these films, or their patients, are in the locked test set already. Choose a "
                "folder with films of new patients."
            )
        )
    given = [each for each in new if each.film.side is Side.TEST]
    chosen = [replace(each, patient=_without_name(each)) for each in given] or [
        new[index]
        for index in sorted(
            hold_out(
                [each.film.label for each in new],
                [each.patient or each.fingerprint for each in new],
                alike_names([each.look for each in new], [each.fingerprint for each in new]),
                share,
                seed,
            )
        )
    ]
    missing = {each.film.label for each in new} - {each.film.label for each in chosen}
    if missing:
        raise TrainingError(
            tr(
                "No film of {classes} would be in the locked test set. Films of more patients are "
                "needed, or a larger share.",
                classes=", ".join(sorted(missing)),
            )
        )
    today = date.today().isoformat()
    locked = {
        each.fingerprint: LockedFilm(
            each.fingerprint,
            each.film.label,
            each.patient,
            utf8_text(str(each.film.path.resolve())),
            today,
            look_to_text(each.look),
            each.film.view,
            each.film.age_years,
            each.film.sex,
        )
        for each in chosen
    }
    if before is None:
        return LockedTestSet(tuple(locked.values()), seed)
    return before.with_more(locked.values())


@dataclass(frozen=True)
class Missing:
    """A film of the set that is not to be had, where it was, and why."""

    film: LabelledFilm
    reason: str
    fingerprint: str


@dataclass(frozen=True)
class SetApart:
    """A labelled folder without the films that are locked.

    Attributes:
        free: films that may be learned from or chosen by.
        test: the folder's own test films that are not in the set.
        locked: those of the set that the folder holds, on whatever side, each once, labelled as there.
        left_out: films that were to be learned from and must not be.
        locked_in_all: how many films the set has.
    """

    free: Sequence[StoredFilm]
    test: tuple[LabelledFilm, ...]
    locked: tuple[LabelledFilm, ...] = ()
    left_out: Sequence[LeftOut] = ()
    locked_in_all: int = 0


def set_apart(
    films: Sequence[StoredFilm], test: Sequence[LabelledFilm], file: Path | None, read: ReadFilm
) -> SetApart:
    """Takes out the films of the locked test set, and all others of their patients.

    Args:
        films: to learn from and to choose by.
        test: the folder's own test films.
        file: the set's; None: there is none.

    Raises:
        TrainingError: the file is gone or damaged, or no film is left to learn from.
    """
    if file is None:
        return SetApart(films, tuple(test))
    try:
        locked = locked_test_from_json(file.read_bytes())
    except OSError as error:
        raise TrainingError(
            tr(
                "The file of the locked test set cannot be read ({reason}), so nobody can tell "
                "which films must not be learned from. Put it back and start again.",
                reason=error.strerror,
            )
        ) from error
    free: list[StoredFilm] = []
    inside: dict[str, LabelledFilm] = {}
    left_out: list[LeftOut] = []
    for film in films:
        held = locked.film(film.fingerprint)
        if held is not None:
            inside.setdefault(film.fingerprint, LabelledFilm(film.path, held.label, Side.TEST))
            left_out.append(LeftOut(film.name, _reason(film.label, held.label)))
        elif locked.has_patient(_patient(film.patient, film.path)):
            left_out.append(LeftOut(film.name, _LOCKED_PATIENT))
        else:
            free.append(film)
    if films and not free:
        raise none_left(len(films))
    known, _ = known_films(test, read)  # what cannot be read is told when it is to be judged
    of_test_side = locked_among(known, locked)
    inside = {**of_test_side, **inside}
    others = tuple(film for film in test if film.path not in {each.path for each in of_test_side.values()})
    return SetApart(free, others, tuple(inside.values()), left_out, len(locked.films))


def none_left(films: int) -> TrainingError:
    """What is wrong where nothing may be learned from."""
    return TrainingError(
        tr(
            "All {films} are in the locked test set, or of its patients, and that is never learned "
            "from. Choose films of other patients.",
            films=counted(films, "film", "films"),
        )
    )


def locked_among(films: Iterable[KnownFilm], locked: LockedTestSet) -> dict[str, LabelledFilm]:
    """Those of the films that are in the set, each once, by fingerprint, labelled as they are there."""
    found: dict[str, LabelledFilm] = {}
    for each in films:
        held = locked.film(each.fingerprint)
        if held is not None:
            found.setdefault(each.fingerprint, replace(each.film, label=held.label))
    return found


def locked_in_folder(
    films: Iterable[KnownFilm], locked: LockedTestSet
) -> tuple[list[LabelledFilm], list[Missing]]:
    """The set's films among others, whatever those are called, and those that are not there."""
    found = locked_among(films, locked)
    reason = tr("The film is in the locked test set, and not in this folder.")
    missing = [film for film in locked.films if film.fingerprint not in found]
    return list(found.values()), [Missing(_locked(film), reason, film.fingerprint) for film in missing]


def locked_where_they_were(
    locked: LockedTestSet, read: ReadFilm, on_progress: OnProgress = lambda done, of: None
) -> tuple[list[LabelledFilm], list[Missing]]:
    """The set's films in the files that they were locked from, and those that are not there any longer."""
    found: list[LabelledFilm] = []
    missing: list[Missing] = []
    for done, each in enumerate(locked.films, 1):
        film = _locked(each)
        try:
            same = pixel_fingerprint(read(FilmSource(film.path))) == each.fingerprint
        except UnreadableImage as error:
            missing.append(Missing(film, str(error), each.fingerprint))
        else:
            if same:
                found.append(film)
            else:
                reason = tr("The file holds another film than the one that was locked.")
                missing.append(Missing(film, reason, each.fingerprint))
        on_progress(done, len(locked.films))
    return found, missing


def found_again(
    missing: Sequence[Missing],
    files: Sequence[Path],
    read: ReadFilm,
    on_progress: OnProgress = lambda done, of: None,
) -> dict[str, Path]:
    """Where films of the set are now, by fingerprint: those of them that are among other files.

    Files that are called like one of them are looked at first, and no more than needed: a folder that was
    moved is found again quickly, however many films are beside it.
    """
    wanted = {each.fingerprint for each in missing}
    names = {each.film.path.name for each in missing}
    places: dict[str, Path] = {}
    for done, file in enumerate(sorted(files, key=lambda file: file.name not in names), 1):
        if len(places) == len(wanted):
            break
        with suppress(UnreadableImage):
            fingerprint = pixel_fingerprint(read(FilmSource(file)))
            if fingerprint in wanted:
                places.setdefault(fingerprint, file)
        on_progress(done, len(files))
    return places


def _locked(film: LockedFilm) -> LabelledFilm:
    return LabelledFilm(
        Path(film.place), film.label, Side.TEST, view=film.view, age_years=film.age_years, sex=film.sex
    )


_LOCKED_PATIENT = tr(
    "Another film of this patient is in the locked test set; learning from it would flatter "
    "the test. Nothing is to be done: it is left out."
)


def _reason(label: str, locked_label: str) -> str:
    reason = tr(
        "The film is in the locked test set, which is never learned from or chosen by. Nothing "
        "is to be done: it is left out."
    )
    if label.casefold() == locked_label.casefold():
        return reason
    other = tr("There it is labelled {label}.", label=locked_label)
    return f"{reason} {other}"


def _is_in(locked: LockedTestSet, fingerprint: str, patient: str) -> bool:
    return locked.film(fingerprint) is not None or locked.has_patient(patient)


def _patient(known: str, path: Path) -> str:
    """Whom a film shows; "" where only its whole name could be taken for a patient's."""
    patient = known or patient_in_name(path.stem)
    return "" if patient == path.stem else patient


def _without_name(each: KnownFilm) -> str:
    return "" if each.patient == patient_in_name(each.film.path.stem) else each.patient
