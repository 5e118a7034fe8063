"""All commands beside the window."""

from __future__ import annotations

from typing import Annotated

import typer

from cxr_desktop import __version__
from cxr_desktop.cli.audit import audit
from cxr_desktop.cli.benchmark import benchmark
from cxr_desktop.cli.compare import compare
from cxr_desktop.cli.demo import demo
from cxr_desktop.cli.doctor import doctor
from cxr_desktop.cli.evaluate import evaluate
from cxr_desktop.cli.explain import explain
from cxr_desktop.cli.locked_test import locked_test
from cxr_desktop.cli.model_verbs import VERBS
from cxr_desktop.cli.models import models
from cxr_desktop.cli.train import estimate_child, train, train_child
from cxr_desktop.cli.triage import triage

program = typer.Typer(
    help="Triage of chest X-rays on this computer. Decision support for research use, never a diagnosis.\n\n"
    "Without a command: opens the window, with the X-rays, folders and ZIP archives named.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (demo, triage, evaluate, compare, explain, audit, train, benchmark, doctor):
    program.command()(command)
program.command(hidden=True)(train_child)
program.command(hidden=True)(estimate_child)
program.add_typer(locked_test, name="locked-test")
for name, verb in VERBS.items():
    models.command(name)(verb)
program.add_typer(models, name="models")


@program.callback(invoke_without_command=True)
def options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Options before a command."""
    if version:
        print(f"CXR Desktop {__version__}")
        raise typer.Exit
