"""Files that a command writes into a folder, all of them or none, in place of those of an earlier run."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import typer

from cxr_desktop.cli.common import console
from cxr_desktop.cli.exit_codes import WRONG_USAGE

# Says which files were written beside it: they are removed when a later run does not write them again.
FIGURES = "figures.json"

# Whatever such a file says, nothing else is removed.
_OURS = re.compile(r"map\.npy|(map|superpixels|channel_\d+|\d{2,}_[\w.-]+)\.png")


@contextmanager
def new_files(folder: Path) -> Iterator[Path]:
    """A place to write files, which then appear in `folder` together; where one raises, none does.

    The folder is made if there is something to put into it. That it cannot be written to is said at once,
    before the work.

    Raises:
        Exit: with code 2; why it cannot be written to is printed.
    """
    with ExitStack() as stack:
        with writing_to(folder):
            # Beside what it is to be, so that files need only be moved.
            there = next(each for each in (folder, *folder.parents) if each.exists())
            fresh = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".explain-", dir=there)))
        yield fresh
        with writing_to(folder):
            for place in sorted({file.parent for file in fresh.rglob("*") if file.is_file()}):
                _put(place, folder / place.relative_to(fresh))


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Where something cannot be written, the program says why and ends with code 2."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "input/output error"
        console.print(f"The folder {folder} could not be written to: {reason}.", style="red", markup=False)
        raise typer.Exit(WRONG_USAGE) from error


def _put(place: Path, folder: Path) -> None:
    """Moves the files of one place, and removes those of an earlier run that it has no successor for."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [file for file in place.iterdir() if file.is_file()]
    outdated = _files_before(folder) - {file.name for file in files}
    for file in files:
        file.replace(folder / file.name)
    for name in outdated:
        (folder / name).unlink(missing_ok=True)


def _files_before(folder: Path) -> set[str]:
    """What an earlier run says that it wrote; nothing where there was none."""
    try:
        files = json.loads((folder / FIGURES).read_text(encoding="utf-8"))["files"]
        return {name for name in files if _OURS.fullmatch(name)}
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # not there, or not this program's
        return set()
