"""What a built folder is made of, the largest parts first."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

_SHOWN = 16
_INTERNAL = "_internal"  # PyInstaller's folder for everything but the executables


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; what links point to counts once."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())


def parts_of(folder: Path) -> Counter[str]:
    """Bytes of each package, folder or file at the top of what was built."""
    parts: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            place = file.relative_to(folder).parts
            top = place[1] if place[0] == _INTERNAL and len(place) > 1 else place[0]
            # A wheel's libraries lie beside its package: numpy and numpy.libs are one part.
            parts[top.removesuffix(".libs")] += file.lstat().st_size
    return parts


def table_of(parts: Counter[str]) -> str:
    """The largest parts as lines, and the sum of all."""
    lines = [f"{size / 1e6:8.1f} MB  {name}" for name, size in parts.most_common(_SHOWN)]
    return "\n".join([*lines, f"{parts.total() / 1e6:8.1f} MB  all together"])
