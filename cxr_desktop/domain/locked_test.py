"""The hospital's own test films: the same over all later retrainings, and never learned from.

A film is known by what is in its pixels, so that a file that was renamed, moved or saved again without loss
is still the same film.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr

# 2 keeps view, age and sex. A program that knows only 1 would drop them when it writes the file again, and so
# must refuse it; files of schema 1 are read, and have schema 2 when they are next written.
LOCKED_TEST_SCHEMA = 2
_READ = (1, LOCKED_TEST_SCHEMA)

LOOK_BYTES = 32


@dataclass(frozen=True)
class LockedFilm:
    """One film of the set.

    Attributes:
        fingerprint: digest of its pixels.
        label: its class, which counts here wherever else the file may lie.
        patient: DICOM Patient ID, else what the file's name says; "" where neither tells.
        place: the file, where it was when it was locked, or found again since.
        locked_on: that day, as YYYY-MM-DD.
        look: its perceptual hash, 64 hexadecimal digits, by which copies that were saved again are known; ""
            where it was locked before these were kept.
        view, age_years, sex: as the list that it came from says; "" and None where that says nothing.
    """

    fingerprint: str
    label: str
    patient: str
    place: str
    locked_on: str
    look: str = ""
    view: str = ""
    age_years: float | None = None
    sex: str = ""

    def __post_init__(self) -> None:
        if not (self.fingerprint and self.label):
            raise ValueError("a locked film needs a fingerprint and a label")
        if self.look and len(bytes.fromhex(self.look)) != LOOK_BYTES:
            raise ValueError(f"a look has {LOOK_BYTES} bytes in hexadecimal, got {self.look!r}")


@dataclass(frozen=True)
class LockedTestSet:
    """All films that are kept from learning. There is no way to take one out again.

    Attributes:
        seed: that the first of them were drawn with.
    """

    films: tuple[LockedFilm, ...]
    seed: int
    schema: int = LOCKED_TEST_SCHEMA

    def __post_init__(self) -> None:
        if len(self._by_fingerprint) < len(self.films):
            raise ValueError("a film stands twice in the locked test set")

    @cached_property
    def _by_fingerprint(self) -> dict[str, LockedFilm]:
        return {film.fingerprint: film for film in self.films}

    @cached_property
    def _patients(self) -> frozenset[str]:
        return frozenset(film.patient for film in self.films) - {""}

    def film(self, fingerprint: str) -> LockedFilm | None:
        """The film with these pixels; None where it is not in the set."""
        return self._by_fingerprint.get(fingerprint)

    def has_patient(self, patient: str) -> bool:
        """Whether a film of this patient is in the set; nobody is known by ""."""
        return patient in self._patients

    def with_more(self, films: Iterable[LockedFilm]) -> LockedTestSet:
        """The set with films of new patients.

        Raises:
            ValueError: one of them, or its patient, is in the set already.
        """
        more = tuple(films)
        if any(self.film(each.fingerprint) or self.has_patient(each.patient) for each in more):
            raise ValueError("only films of new patients may be added to the locked test set")
        return LockedTestSet((*self.films, *more), self.seed)

    def with_places(self, places: Mapping[str, str]) -> LockedTestSet:
        """The same films, of which some lie elsewhere now.

        Args:
            places: files by their films' fingerprints.
        """
        films = (replace(film, place=places.get(film.fingerprint, film.place)) for film in self.films)
        return LockedTestSet(tuple(films), self.seed)


def locked_test_to_json(locked: LockedTestSet) -> bytes:
    """The set as its file holds it: indented, UTF-8."""
    return msgspec.json.format(msgspec.json.encode(locked), indent=2) + b"\n"


def locked_test_from_json(data: bytes) -> LockedTestSet:
    """The set that a file holds.

    Raises:
        TrainingError: the file is damaged, or of another version. It is never taken for an empty set: films
            would be learned from that must not be.
    """
    try:
        raw = msgspec.json.decode(data, type=dict[str, object])
        schema = raw.get("schema", 1)
        if schema in _READ:
            return msgspec.convert(raw | {"schema": LOCKED_TEST_SCHEMA}, type=LockedTestSet)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TrainingError(
            tr(
                "The file of the locked test set is damaged, so nobody can tell which films must "
                "not be learned from. Put back a copy of it from a backup of the program's data "
                "folder."
            )
        ) from error
    # Told before the rest is looked at, which may have another shape there.
    raise TrainingError(
        tr(
            "The file of the locked test set has schema {schema}; this program reads schema "
            "{known}. Update the program.",
            schema=schema,
            known=LOCKED_TEST_SCHEMA,
        )
    )
