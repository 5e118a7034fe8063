"""The trainers that are at work, found among this machine's processes by the folder they are told of."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil


def trainers_in(folder: Path) -> list[psutil.Process]:
    """Processes whose command line names a folder or what lies in it; one that has ended names nothing."""
    return [each for each in psutil.process_iter() if str(folder) in " ".join(line_of(each))]


def line_of(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return process.cmdline()
    return []


def the_trainer_in(folder: Path) -> psutil.Process:
    """The one process at work in a folder."""
    (found,) = trainers_in(folder)
    return found


def end_trainers_in(folder: Path) -> None:
    for each in trainers_in(folder):
        with suppress(psutil.Error):
            each.kill()
