"""By what files, and sets of files, are known whatever their names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def file_sha256(file: Path) -> str:
    """A file's SHA-256, in hexadecimal; OSError where it cannot be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def joint_sha256(digests: Iterable[str]) -> str:
    """One digest for many, in whatever order they come: SHA-256 over them, sorted and joined."""
    return hashlib.sha256("".join(sorted(digests)).encode("ascii")).hexdigest()
