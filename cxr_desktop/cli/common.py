"""What several commands need."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cxr_desktop.cli.exit_codes import WRONG_USAGE
from cxr_desktop.domain.errors import BundleError, CxrError
from cxr_desktop.inference.devices import Device, find_devices, left_sentence, runtime_conflict, usable_cores
from cxr_desktop.inference.explain.explainer import Explainer
from cxr_desktop.inference.loading import load_explainer, load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary

# Tables go to standard output; progress, remarks and problems to standard error, so that tables can be piped.
console = Console(stderr=True, highlight=False)


@contextmanager
def worded_errors() -> Iterator[None]:
    """A worded problem is printed as it stands, and ends the program with code 2."""
    try:
        yield
    except CxrError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(WRONG_USAGE) from error


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """A text file to be written; where that fails, the program says why and ends with code 2."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise _not_written(f"The file {path}", error) from error


@contextmanager
def printing() -> Iterator[None]:
    """For what goes to standard output; where that is full, the program says so and ends with code 2."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # nobody reads on; Typer ends the program quietly
    except OSError as error:
        # Else Python would try once more on its way out, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise _not_written("Standard output", error) from error


def check_writable(path: Path) -> None:
    """Ends the program with code 2 if a file cannot be written: now, not after an hour of scoring."""
    if path.exists() and not path.is_file():
        return  # a pipe or a terminal; opening it twice would be an end to its reader
    try:
        path.open("a").close()
    except OSError as error:
        raise _not_written(f"The file {path}", error) from error


def _not_written(what: str, error: OSError) -> typer.Exit:
    console.print(f"{what} could not be written: {error.strerror}.", style="red", markup=False)
    return typer.Exit(WRONG_USAGE)


def progress_bar() -> Progress:
    """A bar with count and time left, on standard error; gone when done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def model_library() -> ModelLibrary:
    """The bundled models and this user's."""
    return ModelLibrary(resources_folder() / "models", UserFolders.of_this_user().models)


def lung_finder_folder() -> Path | None:
    """The lung finder's bundle; None where it is missing, which those say that cannot do without."""
    try:
        return model_library().lung_finder()
    except BundleError:
        return None


def locked_test_file() -> Path | None:
    """The file of the locked test set; None where none was made."""
    file = UserFolders.of_this_user().locked_test
    return file if file.exists() else None


def scorer_for(model: str | None) -> Scorer:
    """The scorer of a model, named by id or by its folder; None: the default.

    Raises:
        CxrError: there is no such model, or it cannot be loaded.
    """
    # One thread within a pass: `score_files` runs several passes at once, which uses the cores better.
    return load_scorer(*_bundles(model), find_devices(1, on_left=_say_left))


def explainer_for(model: str | None) -> Explainer:
    """What questions a model's scores; the model is named as for `scorer_for`.

    Raises:
        CxrError: there is no such model, or it cannot be loaded.
    """
    return load_explainer(*_bundles(model), find_devices(usable_cores(), on_left=_say_left))


def _say_left(device: Device) -> None:
    console.print(left_sentence(device), style="yellow", markup=False)


def _bundles(model: str | None) -> tuple[Path, Path]:
    """The folders of a model and of the lung finder. What is amiss and does not hinder is printed."""
    conflict = runtime_conflict()
    if conflict:
        console.print(conflict, style="yellow", markup=False)
    library = model_library()
    if not model and library.default_problem():
        console.print(library.default_problem(), style="yellow", markup=False)
    return library.find(model or "").folder, library.lung_finder()
