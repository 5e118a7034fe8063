"""`cxr-desktop demo`: the program on films that ship with pydicom-data."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cxr_desktop.cli.common import scorer_for, worded_errors
from cxr_desktop.cli.exit_codes import WRONG_USAGE
from cxr_desktop.cli.queue_table import print_queue
from cxr_desktop.cli.triage import ModelOption, run_triage
from cxr_desktop.cli.window import check_model, need_display
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.storage.folders import UserFolders


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Print the queue instead of opening a window.")
    ] = False,
    model: ModelOption = None,
) -> None:
    """Show the program on the DICOM files of pydicom-data, with a catalogue that is thrown away."""
    folder = demo_folder()
    if headless:
        with worded_errors():
            scorer = scorer_for(model)
            result = run_triage([folder], scorer, usable_cores())
        print_queue(result.rows, result.ignored, scorer.card)
        return
    need_display("Use “cxr-desktop demo --headless” to print the queue instead.")
    from cxr_desktop.app.window import run_window  # noqa: PLC0415 - Qt

    # By its folder, because the demo's own folders hold none of this user's models.
    chosen = str(check_model(model, UserFolders.of_this_user())) if model is not None else None
    with tempfile.TemporaryDirectory(prefix="cxr-desktop-demo-") as scratch:
        folders = UserFolders(data=Path(scratch) / "data", log=Path(scratch) / "log")
        code = run_window([folder], folders, model=chosen)
    raise typer.Exit(code)


def demo_folder() -> Path:
    spec = importlib.util.find_spec("data_store")
    if spec is None or spec.origin is None:
        typer.echo("The demo's films are not installed. Run: pip install 'cxr-desktop[demo]'", err=True)
        raise typer.Exit(WRONG_USAGE)
    return Path(spec.origin).parent / "data"
