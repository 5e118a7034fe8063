"""Films inside ZIP archives."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.imaging.limits import MAX_FILE_BYTES
from cxr_desktop.language import tr

MAX_RATIO = 100
MAX_TOTAL_BYTES = 20_000_000_000
# Below this a high ratio is harmless: an icon or a table of zeros.
RATIO_MATTERS_ABOVE = 1_000_000

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_CHUNK = 1 << 20
_NAME_IS_UTF_8 = 0x800  # in a member's flags

DAMAGED_ARCHIVE = tr("The ZIP archive is damaged or incomplete. Copy it again from where it came.")
NO_MEMBER = tr("The archive no longer holds this film. Open the archive again.")
DAMAGED_MEMBER = tr("This member of the archive is damaged. Copy the archive again from where it came.")
EXPANDS = tr(
    "This member of the archive unpacks to more than {most} times its size, as no film does. If you "
    "trust the archive, unpack it and open the films.",
    most=MAX_RATIO,
)


class _ReopenedFile(io.RawIOBase):
    """A file that is open only while it is read.

    A cached archive thus keeps its table of contents but holds no handle, so that the reader can delete the
    archive or unplug the drive (Windows refuses both for open files) and nothing needs to be closed.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(f"cannot seek to {base + offset}")  # as files do; zipfile relies on it
        self._position = base + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._position)
            count = file.readinto(buffer) or 0
        self._position += count
        return count


def open_archive(path: Path) -> zipfile.ZipFile:
    """The archive's table of contents, cached while the file stays the same; several threads may read it.

    Raises:
        UnreadableImage: no ZIP archive, a damaged one, or one that unpacks to more than `MAX_TOTAL_BYTES`.
        OSError: the file is gone or may not be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableImage(DAMAGED_ARCHIVE)
    return _opened(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _opened(path: Path, mtime_ns: int, size: int) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BufferedReader(_ReopenedFile(path, size), _CHUNK // 8))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, IndexError) as error:
        raise UnreadableImage(DAMAGED_ARCHIVE) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise UnreadableImage(DAMAGED_ARCHIVE) from error
    if sum(info.file_size for info in archive.infolist()) > MAX_TOTAL_BYTES:
        raise UnreadableImage(
            tr(
                "The archive unpacks to more than {most} GB. If you trust it, unpack it and open the films.",
                most=MAX_TOTAL_BYTES // 10**9,
            )
        )
    _read_names_as_utf_8(archive)
    return archive


def _read_names_as_utf_8(archive: zipfile.ZipFile) -> None:
    """Names that are UTF-8 without saying so, as macOS and older Linux tools write them.

    `zipfile` takes them for code page 437, which Windows means by the missing flag.
    """
    for info in archive.filelist:
        if not info.flag_bits & _NAME_IS_UTF_8:
            with suppress(UnicodeError):
                info.filename = info.filename.encode("cp437").decode("utf-8")
    archive.NameToInfo.update((info.filename, info) for info in archive.filelist)


def member_problem(info: zipfile.ZipInfo) -> str:
    """Why a member must not be unpacked, judged by its entry alone; "" where there is no reason."""
    posix, windows = PurePosixPath(info.filename), PureWindowsPath(info.filename)
    if posix.is_absolute() or windows.anchor or ".." in posix.parts or ".." in windows.parts:
        return tr(
            "This member's name points outside the archive, as in a manipulated archive. Ask "
            "where the archive comes from."
        )
    if info.flag_bits & 0x1:
        return tr("This member of the archive is encrypted. Unpack it with its password and open the films.")
    if info.compress_type not in _METHODS:
        return tr(
            "This member is packed by a method that is not read here. Unpack the archive and open the films."
        )
    if info.file_size > MAX_FILE_BYTES:
        return tr(
            "This member of the archive is larger than {most:.1f} GB; no film is that large.",
            most=MAX_FILE_BYTES / 1e9,
        )
    if info.file_size > max(RATIO_MATTERS_ABOVE, MAX_RATIO * info.compress_size):
        return EXPANDS
    return ""


def read_member(path: Path, member: str, most: int | None = None) -> bytes:
    """A member's bytes, all or the first `most`.

    The header is not believed: `zipfile` never gives more than the stated size, and the ratio is watched
    while unpacking, against the bytes that the archive really has. So the sum over all members stays
    within what `open_archive` allowed.

    Raises:
        UnreadableImage: it must not or cannot be unpacked.
        OSError: the archive is gone or may not be read.
    """
    archive = open_archive(path)
    try:
        info = archive.getinfo(member)
    except KeyError:
        raise UnreadableImage(NO_MEMBER) from None
    if problem := member_problem(info):
        raise UnreadableImage(problem)
    packed = min(info.compress_size, path.stat().st_size)
    allowed = max(RATIO_MATTERS_ABOVE, MAX_RATIO * packed)
    try:
        with archive.open(info) as file:
            if most is not None:
                return file.read(min(most, allowed))
            parts, total = [], 0
            while part := file.read(_CHUNK):
                total += len(part)
                if total > allowed:
                    raise UnreadableImage(EXPANDS)
                parts.append(part)
            return b"".join(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableImage(DAMAGED_MEMBER) from error
    except OSError as error:
        # bz2 and lzma report damaged data as an OSError without a number.
        if error.errno is not None:
            raise
        raise UnreadableImage(DAMAGED_MEMBER) from error
