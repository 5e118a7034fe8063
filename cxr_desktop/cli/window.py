"""`cxr-desktop [PATH…]`: the window; `cxr-desktop demo`: on films that ship with pydicom-data."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cxr_desktop.storage.folders import UserFolders

WRONG_USAGE = 2

program = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@program.command()
def open_window(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="X-rays, folders, ZIP archives.", metavar="[PATH]…")
    ] = None,
    catalogue: Annotated[Path | None, typer.Option(help="Another catalogue than your own.")] = None,
) -> None:
    """Open the window, with these X-rays."""
    _need_display("Use “cxr-desktop triage PATH…” for a table without a window.")
    from cxr_desktop.app.window import run_window  # noqa: PLC0415 - Qt

    raise typer.Exit(run_window(paths or [], UserFolders.of_this_user(), catalogue))


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Print the queue instead of opening a window.")
    ] = False,
) -> None:
    """Show the program on the DICOM files of pydicom-data, with a catalogue that is thrown away."""
    folder = _demo_folder()
    if headless:
        from cxr_desktop.cli.common import scorer_for, worded_errors  # noqa: PLC0415
        from cxr_desktop.cli.queue_table import print_queue  # noqa: PLC0415
        from cxr_desktop.cli.triage import run_triage  # noqa: PLC0415
        from cxr_desktop.inference.devices import usable_cores  # noqa: PLC0415

        with worded_errors():
            result = run_triage([folder], scorer_for(None), usable_cores())
        print_queue(result.rows, result.ignored)
        return
    _need_display("Use “cxr-desktop demo --headless” to print the queue instead.")
    from cxr_desktop.app.window import run_window  # noqa: PLC0415 - Qt

    with tempfile.TemporaryDirectory(prefix="cxr-desktop-demo-") as scratch:
        folders = UserFolders(data=Path(scratch) / "data", log=Path(scratch) / "log")
        code = run_window([folder], folders)
    raise typer.Exit(code)


def _demo_folder() -> Path:
    spec = importlib.util.find_spec("data_store")
    if spec is None or spec.origin is None:
        typer.echo("The demo's films are not installed. Run: pip install 'cxr-desktop[demo]'", err=True)
        raise typer.Exit(WRONG_USAGE)
    return Path(spec.origin).parent / "data"


def _need_display(remedy: str) -> None:
    """On Linux, Qt without a display would end the program with a message about plugins."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not has_display and not os.environ.get("QT_QPA_PLATFORM"):
        typer.echo(f"There is no display here to open a window on. {remedy}", err=True)
        raise typer.Exit(WRONG_USAGE)
