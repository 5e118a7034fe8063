"""`cxr-desktop [PATH…]`: the window. Imports as little as it can: it must open at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.cli.exit_codes import WRONG_USAGE

if TYPE_CHECKING:
    from cxr_desktop.storage.folders import UserFolders


def open_window(arguments: Sequence[str], prog_name: str) -> None:
    """Opens the window with the X-rays named, and ends the program with its exit code."""
    parser = argparse.ArgumentParser(prog=prog_name, description="Open the window, with these X-rays.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="X-rays, folders, ZIP archives.")
    parser.add_argument("--catalogue", type=Path, help="Another catalogue than your own.")
    parser.add_argument("--model", help="Judge with this model: its id, or its folder.")
    given = parser.parse_args(arguments)
    need_display("Use “cxr-desktop triage PATH…” for a table without a window.")
    from cxr_desktop.app.window import run_window  # noqa: PLC0415 - Qt
    from cxr_desktop.storage.folders import UserFolders  # noqa: PLC0415

    folders = UserFolders.of_this_user()
    if given.model is not None:
        check_model(given.model, folders)
    sys.exit(run_window(given.paths, folders, given.catalogue, given.model))


def check_model(model: str, folders: UserFolders) -> Path:
    """The folder of a model; where there is none, the program ends with code 2 before a window stands."""
    from cxr_desktop.domain.errors import BundleError  # noqa: PLC0415
    from cxr_desktop.resources import resources_folder  # noqa: PLC0415
    from cxr_desktop.storage.model_library import ModelLibrary  # noqa: PLC0415

    try:
        return ModelLibrary(resources_folder() / "models", folders.models).find(model).folder
    except BundleError as reason:
        print(reason, file=sys.stderr)
        sys.exit(WRONG_USAGE)


def need_display(remedy: str) -> None:
    """On Linux, Qt without a display would end the program with a message about plugins."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform == "linux" and not has_display and not os.environ.get("QT_QPA_PLATFORM"):
        print(f"There is no display here to open a window on. {remedy}", file=sys.stderr)
        sys.exit(WRONG_USAGE)
