"""The rows that a reader sees: films and the studies they belong to. Immutable snapshots of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.domain.prediction import Prediction, Status


@dataclass(frozen=True)
class FilmSource:
    """Where a film's file is.

    Attributes:
        path: the file, or the archive that holds it.
        member: its name inside the archive, or "".
    """

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """For display: the file's name, or `archive.zip/inner/name`."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    def __str__(self) -> str:
        return f"{self.path}/{self.member}" if self.member else str(self.path)


@dataclass(frozen=True)
class NewFilm:
    """What the intake found out about a file; the catalogue makes a `Film` of it.

    Attributes:
        fingerprint: digest of the decoded pixels; "" where it could not be read.
        problem: why it could not be read; "" for a film that could.
        copy: its copy in the data folder, where the source itself will not last (an archive, a removable
            drive); None where the source is the only place.
    """

    source: FilmSource
    header: FilmHeader = field(default_factory=FilmHeader)
    shape: tuple[int, int] = (0, 0)
    fingerprint: str = ""
    thumbnail: bytes = b""
    problem: str = ""
    copy: Path | None = None

    def __post_init__(self) -> None:
        if bool(self.fingerprint) == bool(self.problem):
            raise ValueError("a new film has either a fingerprint or a problem")


@dataclass(frozen=True)
class Film:
    """One film of the worklist.

    Attributes:
        id: the catalogue's number.
        shape: (height, width) in pixels; (0, 0) where it could not be read.
        thumbnail: a small grey picture as JPEG, or b"" where there is none.
        problem: why it could not be read; "" for a film that could.
        marks: remarks of the intake, e.g. that its SOP Instance UID is also another film's.
        prediction: of the model in use; None before it is scored.
        fingerprint: digest of the decoded pixels; "" where it could not be read. A file that now gives
            another digest is no longer this film.
        copy: its copy in the data folder, or None.
        judged_by: where the model in use has not judged it, the id and version of another that has; else "".
        own_reading: what the reader says of it, or None.
    """

    id: int
    study_id: int
    source: FilmSource
    header: FilmHeader
    shape: tuple[int, int]
    added_at: datetime
    thumbnail: bytes = b""
    problem: str = ""
    marks: tuple[str, ...] = ()
    prediction: Prediction | None = None
    fingerprint: str = ""
    copy: Path | None = None
    judged_by: str = ""
    own_reading: OwnReading | None = None

    @property
    def file(self) -> FilmSource:
        """Where to read its pixels from: the copy if there is one, else the source."""
        return FilmSource(self.copy) if self.copy else self.source

    @property
    def status(self) -> Status:
        if self.problem:
            return Status.UNREADABLE
        return self.prediction.status if self.prediction else Status.WAITING

    @property
    def can_be_scored(self) -> bool:
        """Whether it was readable once and has no prediction: it waits, or its drive may be back."""
        return bool(self.fingerprint) and self.prediction is None

    @property
    def probability(self) -> float | None:
        return self.prediction.probability if self.prediction else None


@dataclass(frozen=True)
class Study:
    """A study with its films, in the order in which they came.

    Attributes:
        read_at: when the reader marked it as read (UTC), or None.
    """

    id: int
    films: tuple[Film, ...]
    read_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.films:
            raise ValueError("a study has at least one film")

    @property
    def header(self) -> FilmHeader:
        """Of its first film: patient, study and accession are the same in all of them."""
        return self.films[0].header

    @property
    def name(self) -> str:
        """The patient's name, else the patient's ID, else the file's name."""
        return str(self.header.patient_name) or self.header.patient_id or self.films[0].source.name

    @property
    def when(self) -> datetime:
        """The study's time, or else when its first film came in."""
        return self.header.study_datetime or self.films[0].added_at

    @property
    def lead(self) -> Film:
        """The film that stands for the study: the most suspicious judged one, else the first readable one."""
        judged = [film for film in self.films if film.probability is not None]
        if judged:
            return max(judged, key=lambda film: film.probability or 0.0)
        return next((film for film in self.films if not film.problem), self.films[0])


class Outcome(StrEnum):
    """What became of a file that was handed to the catalogue."""

    ADDED = "added"
    KNOWN = "already there"  # the same pixels, or the same unreadable file
    RECOVERED = "readable now"  # an earlier opening of this file had failed


@dataclass(frozen=True)
class AddedFilm:
    """The catalogue's answer to one `NewFilm`.

    Attributes:
        film: its row as stored, without a prediction.
        changed_study_ids: the studies that look different now: its own, those whose films were marked, and
            those that it left (gone from the catalogue if it was their only film).
    """

    film: Film
    outcome: Outcome
    changed_study_ids: frozenset[int]
