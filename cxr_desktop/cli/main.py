"""Which command is meant. The window's path imports nothing that only commands need: it must open at once."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cxr_desktop import LANGUAGE_VARIABLE, PROGRAM

# The names of `cxr_desktop.cli.commands`; said here so that the window need not import them.
COMMANDS = (
    "audit", "benchmark", "compare", "demo", "doctor", "estimate-child", "evaluate", "explain", "locked-test",
    "models", "train", "train-child", "triage",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """The program's entry: `cxr-desktop`, `python -m cxr_desktop`, and the frozen program."""
    for stream in (sys.stdout, sys.stderr):
        # File names come in all languages and terminals in fewer: an odd character must not end the program.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    given = with_json_value(sys.argv[1:] if arguments is None else arguments)
    if means_command(given):
        # Scripts read what commands print. The window's own trainer finds the window's language there.
        os.environ.setdefault(LANGUAGE_VARIABLE, "en")
        from cxr_desktop.cli.commands import program  # noqa: PLC0415

        program(given, prog_name=PROGRAM)
    else:
        from cxr_desktop.cli.window import open_window  # noqa: PLC0415

        open_window(given, prog_name=PROGRAM)


def means_command(given: Sequence[str]) -> bool:
    """Whether arguments name a command or ask for help; a film called like a command is meant as a film."""
    if not given:
        return False
    return given[0] in {"--help", "--version"} or (given[0] in COMMANDS and not Path(given[0]).is_file())


def with_json_value(given: Sequence[str]) -> list[str]:
    """The arguments with "-" after each `--json` that names no file.

    Typer knows no option whose value may be left out. No file is named where the arguments end, another
    option follows, or a folder does.
    """
    completed: list[str] = []
    for position, argument in enumerate(given):
        completed.append(argument)
        following = given[position + 1] if position + 1 < len(given) else "--"
        if argument == "--json" and (following.startswith("--") or Path(following).is_dir()):
            completed.append("-")
    return completed
