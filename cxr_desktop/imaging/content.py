"""The bytes of a film's file, or in words why they cannot be had."""

from __future__ import annotations

import errno
import stat

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.archive import read_member
from cxr_desktop.imaging.limits import MAX_FILE_BYTES
from cxr_desktop.language import tr

OUT_OF_MEMORY = tr("There is too little free memory for this film. Close other programs and read it again.")
LINK_LOOP = tr("This is a link that leads back to itself. Open the folder that it was meant to lead to.")
_GONE = tr("There is no such file any more. Connect the drive again, or locate the film where it is now.")
_NO_RIGHT = tr("You have no right to read this. Ask its owner or the administrator for permission.")
_TOO_MANY = tr("Too many files are open at once. Close other programs and read the film again.")
_REASONS = {
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.ENODEV: _GONE,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.ELOOP: LINK_LOOP,
    errno.ENAMETOOLONG: tr("The path is too long for this system. Copy the film to a shorter path."),
    errno.ENOMEM: OUT_OF_MEMORY,
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
}


def read_content(source: FilmSource, most: int | None = None) -> bytes:
    """All bytes of the file, or the first `most`.

    Raises:
        UnreadableImage: with the reason and the remedy.
    """
    try:
        if source.member:
            return read_member(source.path, source.member, most)
        status = source.path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableImage(
                tr("This is a folder and not a film. Open the folder to read the films in it.")
            )
        if not stat.S_ISREG(status.st_mode):
            # Reading a pipe or a device would wait for ever.
            raise UnreadableImage(tr("This is a device or a pipe and not a film's file. Open a film's file."))
        if status.st_size > MAX_FILE_BYTES and most is None:
            raise UnreadableImage(
                tr(
                    "The file has {size:.1f} GB; no chest film is larger than {most:.1f} GB. Export the "
                    "single film.",
                    size=status.st_size / 1e9,
                    most=MAX_FILE_BYTES / 1e9,
                )
            )
        # Unbuffered: one read instead of a copy through a buffer.
        with source.path.open("rb", buffering=0) as file:
            return file.read(-1 if most is None else most)
    except OSError as error:
        raise UnreadableImage(reason_of(error)) from error
    except ValueError as error:  # a NUL in the name
        raise UnreadableImage(
            tr("The file's name cannot be used by this system. Rename the file.")
        ) from error


def reason_of(error: OSError) -> str:
    """Why the system refused a file or folder, in the reader's words and without its name."""
    return _REASONS.get(error.errno or 0) or tr(
        "The system could not read it ({reason}). Check the drive or the network connection and try again.",
        reason=error.strerror or tr("input/output error"),
    )
