"""How the program starts itself once more, for what Keras does in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cxr_desktop import LANGUAGE_VARIABLE, PROGRAM
from cxr_desktop.language import LANGUAGE


@dataclass(frozen=True)
class ChildWork:
    """What a child process is started for.

    Attributes:
        module: runs it in a Python that has the sources.
        command: the hidden command that runs it in a frozen program, which has no other Python.
    """

    module: str
    command: str


# Whoever started a detached child may let go of it while it runs, of which Python would warn.
_outliving: list[subprocess.Popen[bytes]] = []


def child_command(work: ChildWork, folder: Path) -> list[str]:
    """What starts it on a run's folder."""
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-m", work.module, str(folder)]
    # The window's own executable has no output on Windows, which the log would miss.
    this = Path(sys.executable)
    return [str(this.with_name(f"{PROGRAM}{this.suffix}")), work.command, str(folder)]


def start_child(
    work: ChildWork,
    folder: Path,
    log: BinaryIO,
    detached: bool = False,
    defaults: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Starts it and returns at once.

    Args:
        log: takes what the child prints.
        detached: it outlives its starter.
        defaults: environment variables, where the user has not set them.

    Raises:
        OSError: it cannot be started.
    """
    # Keras keeps its settings in the user's home else, and takes whatever another program left there.
    settled = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_HOME": str(folder), LANGUAGE_VARIABLE: LANGUAGE}
    environment = {**(defaults or {}), **os.environ, **settled}
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    if detached:
        # Windows has no sessions; a process group of its own keeps the terminal's Ctrl+C away there.
        flags |= getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    child = subprocess.Popen(
        child_command(work, folder),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment,
        creationflags=flags,
        start_new_session=detached,
    )
    if detached:
        _outliving.append(child)
    return child
