"""One trainer a run's folder: it holds a lock there while it lives, and the system drops it when it dies."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr
from cxr_desktop.training.run_folder import LOCK_FILE

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})


class FolderInUse(TrainingError):  # noqa: N818 - the name is the statement
    """A trainer is at work in the folder."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "A trainer is still at work in the run's folder; it goes on when the window or the "
                "terminal that started it is closed. Wait until it has finished, or name another "
                "--run folder."
            )
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder's lock.

    Raises:
        FolderInUse: another process holds it.
    """
    with (folder / LOCK_FILE).open("ab") as file:
        try:
            _lock(file)
        except OSError as error:
            if error.errno in _HELD:
                raise FolderInUse from error
            # A file system without locks is used without.
        yield  # closing the file gives the lock back


def check_free(folder: Path) -> None:
    """FolderInUse where a trainer is at work in a folder, which need not exist."""
    if (folder / LOCK_FILE).exists():
        with locked(folder):
            pass


def is_locked(folder: Path) -> bool:
    """Whether a trainer is at work in a folder, which need not exist."""
    try:
        check_free(folder)
    except FolderInUse:
        return True
    except OSError:  # it went in this moment
        return False
    return False


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
