"""What would carry a film or a patient from one side to another, and so flatter what is measured there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cxr_desktop.domain.errors import TrainingError, UnreadableImage
from cxr_desktop.domain.labelled_films import NAMED, LabelledFilm, listed
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.dicom import parse_dataset
from cxr_desktop.imaging.dicom_header import film_header
from cxr_desktop.imaging.sniff import SNIFF_BYTES, Kind, sniff
from cxr_desktop.language import tr
from cxr_desktop.training.store import LeftOut, StoredFilm

_TEST_COPY = tr("The same film is among the test films; learning from it would flatter the test.")
_TEST_PATIENT = tr(
    "Another film of this patient (by DICOM Patient ID or list) is among the test films; "
    "learning from it would flatter the test."
)
_HELD_OUT_COPY = tr("The same film is among the validation films, which are not learned from.")
_HELD_OUT_PATIENT = tr(
    "Another film of this patient is among the validation films, which are not learned from."
)


@dataclass(frozen=True)
class TestMark:
    """By what a test film is known elsewhere.

    Attributes:
        digest: SHA-256 of the file, in hexadecimal.
        patient: what its list or its DICOM header says; "" where neither does. Never what a name says: the
            numbers in the names of Kermany's test films begin anew, and are other children's.
    """

    __test__ = False  # no test of pytest's

    film: LabelledFilm
    digest: str
    patient: str


def marks(films: Iterable[LabelledFilm]) -> list[TestMark]:
    """Those of the films whose files can be opened; the others are listed when they are read to be judged."""
    found = []
    for film in films:
        try:
            data = film.path.read_bytes()
        except OSError:
            continue
        found.append(TestMark(film, hashlib.sha256(data).hexdigest(), film.patient or _dicom_patient(data)))
    return found


def check_one_class_each(films: Sequence[StoredFilm], test: Sequence[TestMark]) -> None:
    """TrainingError where the same film, byte by byte, lies in two classes: one of them is wrong, and only a
    person can say which. (In the Kermany set no film does, on any side.)
    """
    places: dict[str, dict[str, str]] = {}  # digest -> class -> the first file there
    for film in films:
        places.setdefault(film.digest, {}).setdefault(film.label, film.name)
    for mark in test:
        places.setdefault(mark.digest, {}).setdefault(mark.film.label, mark.film.path.name)
    refuse_two_classes(places)


def refuse_two_classes(places: Mapping[str, Mapping[str, str]]) -> None:
    """TrainingError where a film lies in two classes.

    Args:
        places: by what a film is known by -> class -> the first file there.
    """
    twice = [of_class for of_class in places.values() if len(of_class) > 1]
    if not twice:
        return
    named = [" = ".join(f"{label}/{name}" for label, name in sorted(each.items())) for each in twice]
    raise TrainingError(
        tr(
            "The same film lies in two classes, {times}: {films}. Keep each film in the class "
            "that is right and start again.",
            times=counted(len(twice), "time", "times"),
            films=listed(named, NAMED, "; "),
        )
    )


def without_test_films(
    films: Sequence[StoredFilm], test: Sequence[TestMark]
) -> tuple[list[StoredFilm], list[LeftOut]]:
    """The films that no test film is a copy of, and no test film is of the same patient as."""
    digests = {mark.digest for mark in test}
    patients = {mark.patient for mark in test} - {""}
    reasons = {
        film.row: _TEST_COPY if film.digest in digests else _TEST_PATIENT
        for film in films
        if film.digest in digests or film.known_patient in patients
    }
    return _divided(films, reasons)


def without_held_out(
    train: Sequence[StoredFilm], held_out: Sequence[StoredFilm]
) -> tuple[list[StoredFilm], list[LeftOut]]:
    """The films that no held-out film is a copy of or, by file or name, of the same patient as."""
    digests = {film.digest for film in held_out}
    patients = {film.patient for film in held_out}
    reasons = {
        film.row: _HELD_OUT_COPY if film.digest in digests else _HELD_OUT_PATIENT
        for film in train
        if film.digest in digests or film.patient in patients
    }
    return _divided(train, reasons)


def _divided(films: Sequence[StoredFilm], reasons: dict[int, str]) -> tuple[list[StoredFilm], list[LeftOut]]:
    """Films that stay, and those with a reason to go, by their row."""
    kept = [film for film in films if film.row not in reasons]
    return kept, [LeftOut(film.name, reasons[film.row]) for film in films if film.row in reasons]


def _dicom_patient(data: bytes) -> str:
    if sniff(data[:SNIFF_BYTES]) is not Kind.DICOM:
        return ""
    try:
        return film_header(parse_dataset(data)).patient_id
    except UnreadableImage:
        return ""  # it will be listed as left out when it is read to be judged
