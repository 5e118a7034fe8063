"""Copies of films whose files will not last: out of archives and from removable drives."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from cxr_desktop.storage.folders import disk_errors, remove_old_drafts, write_whole

_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


class CopiedFilms:
    """The folder of copies, each named by the SHA-256 of its content: `ab/ab12….dcm`.

    The names say nothing of a patient, and a film that comes twice is kept once.
    """

    def __init__(self, folder: Path) -> None:
        """
        Args:
            folder: where the copies are; created for the owner alone when the first one comes.
        """
        self._folder = folder

    def keep(self, content: bytes, name: str) -> Path:
        """Copies a film, whole or not at all.

        Args:
            content: the whole file.
            name: the file's name; only its ending is used.

        Returns:
            The copy: on the disk for good, readable by its owner alone.

        Raises:
            CatalogueError: the disk is full or cannot be written to.
        """
        digest = hashlib.sha256(content).hexdigest()
        ending = Path(name).suffix.lower()
        copy = self._folder / digest[:2] / (digest + (ending if _ENDING.fullmatch(ending) else ""))
        with disk_errors():
            if not (copy.is_file() and copy.stat().st_size == len(content)):
                write_whole(copy, content)
        return copy

    def remove_drafts(self) -> None:
        """Removes what a killed program left half copied more than a day ago.

        Raises:
            CatalogueError: the folder cannot be read.
        """
        with disk_errors():
            for folder in self._folder.glob("??"):
                remove_old_drafts(folder)
