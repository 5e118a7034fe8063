"""Which command is meant, and the options that all of them share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cxr_desktop import __version__
from cxr_desktop.cli.evaluate import evaluate
from cxr_desktop.cli.models import models
from cxr_desktop.cli.train import train, train_run
from cxr_desktop.cli.triage import triage
from cxr_desktop.cli.window import demo, open_window

program = typer.Typer(
    name="cxr-desktop",
    help="Triage of chest X-rays on this computer. Decision support for research use, never a diagnosis.\n\n"
    "Without a command: opens the window, with the X-rays, folders and ZIP archives named.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (demo, triage, evaluate, train, models):
    program.command()(command)
program.command("train-child", hidden=True)(train_run)
program.command("open", hidden=True)(open_window)


@program.callback()
def options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Options before a command."""
    if version:
        print(f"CXR Desktop {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """The program's entry: `cxr-desktop`, `python -m cxr_desktop`, and the frozen program."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    commands = {command.name or command.callback.__name__ for command in program.registered_commands}  # type: ignore[union-attr]
    # A path or nothing means the window; a film that happens to be called like a command is meant as a film.
    is_command = bool(given) and given[0] in commands and not Path(given[0]).is_file()
    if not is_command and (not given or given[0] not in {"--help", "-h", "--version"}):
        given.insert(0, "open")
    program(given, prog_name="cxr-desktop")
