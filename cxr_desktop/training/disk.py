"""Room on the disk: asked for before a run begins, and reserved for what grows with the number of films."""

from __future__ import annotations

import errno
import math
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr
from cxr_desktop.training.run_folder import FRESH

Level = TypeVar("Level", bound=np.generic)

_BYTES = 4  # a parameter, float32
# A checkpoint holds weights, two moments and, with some recipes, averaged weights. It is replaced as a whole,
# so that there are two of it for a moment; and so are the kept weights.
_IN_RUN = 2 * 4 + 2
# The graph and the weights, and each once more while it is written.
_IN_OUTPUT = 4
_SMALL_FILES = 50_000_000  # events, log, card

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def room_to_learn(parameters: int, run: Path) -> tuple[Path, int]:
    """A run's folder, and the bytes that learning writes there beside the films.

    Args:
        parameters: of the network.
    """
    return run, _IN_RUN * _BYTES * parameters + _SMALL_FILES


def room_to_package(parameters: int, output: Path) -> tuple[Path, int]:
    """A bundle's folder, and the bytes that making it takes there.

    Args:
        parameters: of the network.
    """
    return output, _IN_OUTPUT * _BYTES * parameters


def check_room(wanted: Iterable[tuple[Path, int]]) -> None:
    """TrainingError where a disk has less room than all that is to go there.

    Args:
        wanted: folders, which need not exist yet, and bytes; those on one disk are added up.
    """
    by_disk: dict[int, tuple[Path, int]] = {}
    for folder, needed in wanted:
        there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
        disk = there.stat().st_dev
        first, before = by_disk.get(disk, (there, 0))
        by_disk[disk] = (first, before + needed)
    for folder, needed in by_disk.values():
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise TrainingError(
                tr(
                    "Training needs about {needed:.1f} GB on the disk and {free:.1f} GB are free. "
                    "Make room, or choose another output folder.",
                    needed=needed / 1e9,
                    free=free / 1e9,
                )
            )


def mapped(file: Path, dtype: type[Level], shape: tuple[int, ...]) -> NDArray[Level]:
    """A new file of zeros, mapped into memory, with its room reserved.

    Where a disk fills up later, writing to a page without room would end the process without a word.

    Raises:
        TrainingError: the disk has no room for it.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    with file.open("wb") as opened:
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(opened.fileno(), 0, size)
        except OSError as error:
            if error.errno in _FULL:
                raise TrainingError(
                    tr(
                        "The disk has no room for the films ({size:,.0f} MB). Make room, or choose "
                        "another output folder.",
                        size=size / 1e6,
                    )
                ) from error
            # A file system that cannot reserve is used without.
    return np.memmap(file, dtype=dtype, mode="r+", shape=shape)


def replace_whole(file: Path, write: Callable[[BinaryIO], Any]) -> None:
    """Writes a file beside its place and then puts it there, so that a kill never leaves half of it."""
    fresh = file.with_name(f"{FRESH}{file.name}")
    try:
        with fresh.open("wb") as opened:
            write(opened)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)  # on a full disk half a file is only in the way
        raise
