"""Which command is meant. The window's path imports nothing that only commands need: it must open at once."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

# The names of `cxr_desktop.cli.commands`; said here so that the window need not import them.
COMMANDS = ("demo", "evaluate", "models", "train", "train-child", "triage")


def main(arguments: Sequence[str] | None = None) -> None:
    """The program's entry: `cxr-desktop`, `python -m cxr_desktop`, and the frozen program."""
    for stream in (sys.stdout, sys.stderr):
        # File names come in all languages and terminals in fewer: an odd character must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if means_command(given):
        from cxr_desktop.cli.commands import program  # noqa: PLC0415
    else:
        from cxr_desktop.cli.window import program  # noqa: PLC0415
    program(given, prog_name="cxr-desktop")


def means_command(given: Sequence[str]) -> bool:
    """Whether arguments name a command or ask for help; a film called like a command is meant as a film."""
    if not given:
        return False
    return given[0] in {"--help", "--version"} or (given[0] in COMMANDS and not Path(given[0]).is_file())
