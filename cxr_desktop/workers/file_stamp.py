"""Whether a file is still the one that was read."""

from __future__ import annotations

from pathlib import Path

# When a file was last written, in nanoseconds, and its size in bytes.
Stamp = tuple[int, int]


def file_stamp(path: Path) -> Stamp | None:
    """Another one once the file was written anew; None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
