"""The user's folders, open to nobody else, and files written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.language import tr
from cxr_desktop.places import SETTINGS_FILE, data_folder, log_folder

# On Windows the modes mean little; there the user's profile, in which these folders lie, is private by its
# access control list.
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_DRAFT_PREFIX = ".draft-"


@dataclass(frozen=True)
class UserFolders:
    """Where the program keeps what belongs to one user.

    Attributes:
        data: catalogue, backups, copied films, models and settings.
        log: log files.
    """

    data: Path
    log: Path

    @classmethod
    def of_this_user(cls) -> UserFolders:
        """Where the operating system wants them."""
        return cls(
            data=data_folder(),
            log=log_folder(),
        )

    @property
    def catalogue(self) -> Path:
        return self.data / "catalogue.sqlite"

    @property
    def films(self) -> Path:
        return self.data / "films"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def settings(self) -> Path:
        return self.data / SETTINGS_FILE

    @property
    def locked_test(self) -> Path:
        return self.data / "locked-test.json"

    @property
    def film_lists(self) -> Path:
        """Lists of labelled films with their sides, written for trainings."""
        return self.data / "film-lists"

    @property
    def model_history(self) -> Path:
        return self.data / "models-used.json"

    @property
    def trainings(self) -> Path:
        return self.data / "trainings"

    @property
    def weights_places(self) -> Path:
        # Not among the settings: an open window writes those when it closes, as it knows them.
        return self.data / "weights.json"

    def create(self) -> None:
        """Makes the folders and closes them to everybody else, whatever the umask or an older version did.

        What a killed program left half written there is removed.

        Raises:
            CatalogueError: that is not possible there.
        """
        with disk_errors():
            for folder in (self.data, self.log):
                make_private_folder(folder)
                folder.chmod(_PRIVATE_FOLDER)
            remove_old_drafts(self.data)


def make_private_folder(folder: Path) -> None:
    """Creates a folder and its missing parents for the owner alone; folders that exist stay as they are.

    Raises:
        OSError: it cannot be created.
    """
    # One by one, because `mkdir(parents=True)` gives its mode to the last folder only.
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            missing.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
            missing.chmod(_PRIVATE_FOLDER)  # the umask has its say in mkdir, not here


def secure(path: Path) -> None:
    """Makes a file readable and writable by its owner alone.

    Raises:
        OSError: it is missing or somebody else's.
    """
    path.chmod(_PRIVATE_FILE)


def create_private_file(path: Path) -> None:
    """Creates an empty file for the owner alone; one that exists is only closed to everybody else.

    Raises:
        OSError: it cannot be created or is somebody else's.
    """
    make_private_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE))
    secure(path)


@contextmanager
def private_draft(folder: Path) -> Iterator[Path]:
    """An empty file for the owner alone, in `folder`, which is removed at the end unless it was moved away.

    Written there and then given its name by `Path.replace`, a file is never seen half done.

    Raises:
        OSError: it cannot be created.
    """
    make_private_folder(folder)
    handle, name = tempfile.mkstemp(prefix=_DRAFT_PREFIX, dir=folder)
    os.close(handle)
    draft = Path(name)
    try:
        secure(draft)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def private_draft_folder(folder: Path) -> Iterator[Path]:
    """The same for a hidden folder, which is removed at the end with all that is in it.

    Raises:
        OSError: it cannot be created.
    """
    make_private_folder(folder)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT_PREFIX, dir=folder))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def remove_old_drafts(folder: Path) -> None:
    """Removes what a killed program left half written in a folder: drafts of more than a day ago.

    Raises:
        OSError: the folder cannot be read.
    """
    yesterday = time.time() - 86_400
    for draft in folder.glob(f"{_DRAFT_PREFIX}*"):
        if draft.stat().st_mtime >= yesterday:
            continue
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replaces a file by new content for the owner alone: afterwards it is the old one or the new one.

    Raises:
        OSError: the disk is full or cannot be written to; the old file is still there.
    """
    with private_draft(path.parent) as draft:
        with draft.open("wb") as file:
            file.write(content)
            settle(file)
        draft.replace(path)


def settle(file: IO[bytes]) -> None:
    """Waits until a file's content is on the disk: before that, a power cut could leave its name empty."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """The same for the names in a folder, where the system can."""
    if sys.platform == "win32":
        return  # folders cannot be opened there; NTFS keeps a journal of names
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Words what the operating system refused.

    Raises:
        CatalogueError: instead of every OSError inside.
    """
    try:
        yield
    except OSError as error:
        # "from None": an OSError's text holds the file's name, which may hold a patient's.
        raise CatalogueError(disk_sentence(error)) from None


def disk_sentence(error: OSError) -> str:
    """What an OSError means to the reader, and what to do; without the file's name."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return DISK_FULL
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return NO_RIGHTS
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return tr(
                "The folder of the program's data is gone. Connect its drive again, then try once more."
            )
    return tr(
        "The disk with the program's data could not be used ({reason}). Check the drive, then try again.",
        reason=error.strerror or tr("unknown reason"),
    )


DISK_FULL = tr("The disk with the program's data is full. Free some space, then try again; nothing was lost.")
NO_RIGHTS = tr(
    "The program's data cannot be written: the file, its folder or the whole disk is read-only "
    "for you. Ask for the right to write there, or choose another catalogue."
)
