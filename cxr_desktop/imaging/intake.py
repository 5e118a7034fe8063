"""Which of the opened files, folders and archives may be films."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.natural_order import natural_key
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.archive import member_problem, open_archive
from cxr_desktop.imaging.content import LINK_LOOP, read_content, reason_of
from cxr_desktop.imaging.dicomdir import MISSING, OUTSIDE, locate, referenced_files, stays_inside
from cxr_desktop.imaging.quiet import ignore_remarks
from cxr_desktop.imaging.sniff import READABLE, SNIFF_BYTES, Kind, sniff
from cxr_desktop.language import tr

# Files of these names are taken for films unopened; whether they are is the reader's to say, with a reason.
FILM_SUFFIXES = frozenset(
    {".dcm", ".dicom", ".dic", ".ima", ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp"}
    | {".dib", ".webp"}
)
# These are ZIP archives within, but nobody sends films in them.
_DOCUMENT_SUFFIXES = frozenset(
    {".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".apk", ".vsdx"}
)
# Pictures that are not read here: their row says so, which a mere count would not.
_SHOWN = READABLE | {Kind.GIF, Kind.JPEG2000, Kind.HEIF}

NESTED = tr("This is an archive inside an archive. Unpack the outer one and open this one by itself.")
OTHER_ARCHIVE = tr("This kind of archive is not read here. Unpack it and open the folder, or use ZIP.")
NO_FILMS = tr("There are no films in here. Choose the folder or archive that holds the X-rays.")
SAME_NAME = tr(
    "Another member of the archive has this very name, so only one can be read. Unpack the archive."
)
NOT_A_FILE = tr("This is a device or a pipe and not a film's file. Open a film's file.")


@dataclass(frozen=True)
class Candidate:
    """A file that may be a film; reading it will tell.

    Attributes:
        named: whether it was given by itself rather than found in a folder, an archive or a DICOMDIR.
    """

    source: FilmSource
    named: bool = False


@dataclass(frozen=True)
class Rejected:
    """Something that was to be read and cannot be: it gets a row with the reason."""

    source: FilmSource
    reason: str


@dataclass(frozen=True)
class Ignored:
    """A file that is no image, neither by its name nor by its content: it is only counted."""

    source: FilmSource


Found = Candidate | Rejected | Ignored


def find_films(paths: Sequence[Path], cancelled: Callable[[], bool] = lambda: False) -> Iterator[Found]:
    """Goes through files, folders (with their subfolders), ZIP archives and DICOMDIRs, lazily.

    Each file is yielded once, however often it is named or linked to. In a folder come first the files that
    its DICOMDIR lists, then its other files, then its subfolders, each in natural order (2 before 10).
    What is named always yields something. Stops as soon as `cancelled()` is true.
    """
    ignore_remarks()
    intake = _Intake()
    for path in paths:
        for found in intake.named(path):
            if cancelled():
                return
            yield found


class _Intake:
    """One pass over what was opened; remembers what it has been to."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[tuple[int, int]] = set()
        self._repeats = 0  # files and folders that were met again and passed over

    def named(self, path: Path) -> Iterator[Found]:
        """What a person gave by itself."""
        source = FilmSource(path)
        try:
            mode = path.stat().st_mode
            if stat.S_ISDIR(mode):
                yield from self._unless_empty(source, self._folder(path))
                return
            if not stat.S_ISREG(mode):
                yield Rejected(source, NOT_A_FILE)
                return
            kind = sniff(read_content(source, SNIFF_BYTES))
        except OSError as error:
            yield Rejected(source, reason_of(error))
            return
        except (UnreadableImage, ValueError) as error:
            yield Rejected(source, str(error))
            return
        if kind is Kind.ZIP or path.suffix.lower() == ".zip":
            yield from self._unless_empty(source, self._archive(path))
        elif kind is Kind.DICOMDIR:
            yield from self._unless_empty(source, self._dicomdir(path))
        elif self._is_new(path):
            yield Candidate(source, named=True)

    def _unless_empty(self, source: FilmSource, finds: Iterator[Found]) -> Iterator[Found]:
        """Everything found; and a reason where there is nothing to show for what was named."""
        any_row, repeats = False, self._repeats
        for found in finds:
            any_row = any_row or not isinstance(found, Ignored)
            yield found
        if not any_row and self._repeats == repeats:
            yield Rejected(source, NO_FILMS)

    def _is_new(self, path: Path) -> bool:
        """Whether this file comes for the first time; it is remembered."""
        key = _key(path)
        if key in self._files:
            self._repeats += 1
            return False
        self._files.add(key)
        return True

    def _folder(self, top: Path) -> Iterator[Found]:
        """A folder with all its subfolders; without recursion, as folders may lie a thousand deep."""
        waiting: list[tuple[Path, frozenset[tuple[int, int]]]] = [(top, frozenset())]
        while waiting:
            folder, above = waiting.pop()
            try:
                status = folder.stat()
                here = (status.st_dev, status.st_ino)
                if here in above:
                    yield Rejected(FilmSource(folder), LINK_LOOP)
                    continue
                if here in self._folders:
                    self._repeats += 1
                    continue  # a second way to a folder whose films have been listed
                self._folders.add(here)
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: natural_key(entry.name))
            except OSError as error:
                yield Rejected(FilmSource(folder), reason_of(error))
                continue
            files = [entry for entry in entries if not _is_folder(entry)]
            for entry in sorted(files, key=lambda entry: entry.name.upper() != "DICOMDIR"):
                yield from self._file(entry)
            below = above | {here}
            waiting.extend((Path(entry.path), below) for entry in reversed(entries) if _is_folder(entry))

    def _file(self, entry: os.DirEntry[str]) -> Iterator[Found]:
        """A file that was found in a folder."""
        path = Path(entry.path)
        source = FilmSource(path)
        if _key(path) in self._files:
            self._repeats += 1
            return
        if _is_apple_double(path.parts):
            yield Ignored(source)
            return
        try:
            # A broken or circular link shows only when it is followed.
            mode = entry.stat().st_mode
        except OSError as error:
            yield Rejected(source, reason_of(error))
            return
        if not stat.S_ISREG(mode):
            yield Rejected(source, NOT_A_FILE) if path.suffix.lower() in FILM_SUFFIXES else Ignored(source)
            return
        if path.suffix.lower() in FILM_SUFFIXES:
            kind = Kind.DICOM
        else:
            try:
                kind = sniff(read_content(source, SNIFF_BYTES))
            except UnreadableImage as error:
                yield Rejected(source, str(error))
                return
        is_document = path.suffix.lower() in _DOCUMENT_SUFFIXES
        if kind is Kind.DICOMDIR:
            yield from self._dicomdir(path)
        elif path.suffix.lower() == ".zip" or (kind is Kind.ZIP and not is_document):
            yield from self._archive(path)
        elif kind is Kind.ARCHIVE:
            yield Rejected(source, OTHER_ARCHIVE)
        elif kind in _SHOWN:
            self._is_new(path)
            yield Candidate(source)
        else:
            yield Ignored(source)

    def _archive(self, path: Path) -> Iterator[Found]:
        """The members of a ZIP archive, in natural order."""
        if not self._is_new(path):
            return
        try:
            members = [info for info in open_archive(path).infolist() if not info.is_dir()]
        except UnreadableImage as error:
            yield Rejected(FilmSource(path), str(error))
            return
        except OSError as error:
            yield Rejected(FilmSource(path), reason_of(error))
            return
        names = {info.filename for info in members}
        told: set[str] = set()
        for info in sorted(members, key=lambda info: natural_key(info.filename)):
            source = FilmSource(path, info.filename)
            if info.filename in told:
                yield Rejected(source, SAME_NAME)
            elif _is_apple_double(PurePosixPath(info.filename).parts):
                yield Ignored(source)
            elif problem := member_problem(info):
                yield Rejected(source, problem)
            else:
                yield from _member(source, names)
            told.add(info.filename)

    def _dicomdir(self, path: Path) -> Iterator[Found]:
        """The files that a DICOMDIR lists, and those of them that are missing."""
        if not self._is_new(path):
            return
        try:
            references = referenced_files(read_content(FilmSource(path)))
        except UnreadableImage as error:
            yield Rejected(FilmSource(path), str(error))
            return
        for reference in references:
            if not stays_inside(reference):
                yield Rejected(FilmSource(path), OUTSIDE)
            elif (file := locate(path.parent, reference)) is None:
                yield Rejected(FilmSource(path.parent.joinpath(*reference.parts)), MISSING)
            elif self._is_new(file):
                yield Candidate(FilmSource(file))


def _member(source: FilmSource, names: set[str]) -> Iterator[Found]:
    """A member of an archive whose entry shows nothing wrong; `names` are those of all members."""
    suffix = PurePosixPath(source.member).suffix.lower()
    if suffix in FILM_SUFFIXES:
        yield Candidate(source)
        return
    try:
        kind = sniff(read_content(source, SNIFF_BYTES))
        if kind is Kind.DICOMDIR:
            folder = PurePosixPath(source.member).parent
            for reference in referenced_files(read_content(source)):
                member = str(folder / reference)
                if not stays_inside(reference):
                    yield Rejected(source, OUTSIDE)
                elif member not in names:
                    yield Rejected(FilmSource(source.path, member), MISSING)
    except UnreadableImage as error:
        yield Rejected(source, str(error))
        return
    if suffix == ".zip" or kind is Kind.ARCHIVE or (kind is Kind.ZIP and suffix not in _DOCUMENT_SUFFIXES):
        yield Rejected(source, NESTED)
    elif kind in _SHOWN:
        yield Candidate(source)
    else:
        yield Ignored(source)


def _key(path: Path) -> str:
    """What tells files apart. `Path.resolve` would ask the disk for each part of the path."""
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a circular link; `_file` finds the reason
        return False


def _is_apple_double(parts: tuple[str, ...]) -> bool:
    """macOS lays a file "._NAME" beside each file, with its name and its suffix but no image in it."""
    return "__MACOSX" in parts or parts[-1].startswith("._")
