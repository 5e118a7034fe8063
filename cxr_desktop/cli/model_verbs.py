"""`cxr-desktop models use|remove|export|import|history`: what is done with models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxr_desktop.app.models_kept import check_loads, check_removable, export_model, import_model, remove_model
from cxr_desktop.cli.common import console, model_library, printing, worded_errors
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.library_entry import LibraryEntry, ModelUse
from cxr_desktop.domain.wording import date_time_text
from cxr_desktop.storage.folders import UserFolders, disk_errors, make_private_folder
from cxr_desktop.storage.model_history import note_use, uses
from cxr_desktop.storage.model_library import ModelLibrary, name_of
from cxr_desktop.storage.settings_file import load_settings, save_settings

Id = Annotated[str, typer.Argument(metavar="ID", help="A model's id, id@version, or its folder.")]


def use(model: Id) -> None:
    """Let the window judge with a model from its next start on."""
    folders, library = UserFolders.of_this_user(), model_library()
    with worded_errors():
        entry = library.find(model)
        check_loads(library, entry.folder)
        _refuse_beside_a_window(folders)
        now = datetime.now(UTC)
        loaded = load_settings(folders.settings, now)
        if loaded.problem:
            console.print(loaded.problem, style="yellow", markup=False)
        name = name_of(entry, library.models())
        save_settings(folders.settings, replace(loaded.settings, model=name))
        if entry.card is not None:
            note_use(folders.model_history, ModelUse(name, *entry.card.key, now))
    console.print(f"{_title(entry)} judges from the window's next start on.", markup=False)


def remove(
    model: Id, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False
) -> None:
    """Remove one of your own models for good."""
    folders, library = UserFolders.of_this_user(), model_library()
    with worded_errors():
        entry = _found(library, model)
        try:
            in_use = library.find(load_settings(folders.settings, datetime.now(UTC)).settings.model).folder
        except BundleError:
            in_use = None
        check_removable(library, entry.folder, in_use)
        if not yes:
            typer.confirm(f"Remove {_title(entry)} for good?", abort=True, err=True)
        remove_model(library, entry.folder, in_use)
    console.print(f"{_title(entry)} is removed.", markup=False)


def export(
    model: Id,
    file: Annotated[Path, typer.Argument(help="The new file.", metavar="FILE")],
    without_maker: Annotated[
        bool, typer.Option("--without-maker", help="Leave out of the card who made the model.")
    ] = False,
) -> None:
    """Put a model into one file, with a checksum of everything in it."""
    with worded_errors():
        folder = model_library().find(model).folder
        if file.exists():
            raise BundleError("There is a file of this name already. Choose another name.")
        card = export_model(folder, file, not without_maker)
    maker = card.provenance.created_by
    told = f" Its card names its maker, {maker}." if maker and not without_maker else ""
    console.print(f"{card.id} {card.version} is in {file}.{told}", markup=False)


def import_(file: Annotated[Path, typer.Argument(help="A file made by “models export”.")]) -> None:
    """Take a model out of one file: checked first, and put into place whole or not at all."""
    library = model_library()
    with worded_errors():
        entry = import_model(library, UserFolders.of_this_user().models, file)
        name = name_of(entry, library.models())
    console.print(f"{_title(entry)} is here. It judges after “cxr-desktop models use {name}”.", markup=False)


def history() -> None:
    """Tell which model was in use from when."""
    with worded_errors():
        known = uses(UserFolders.of_this_user().model_history)
    table = Table(box=None, pad_edge=False)
    for heading in ("in use from", "id", "version", "to use it again"):
        table.add_column(heading, overflow="fold")
    for each in reversed(known):
        table.add_row(date_time_text(each.since), each.id, each.version, f"models use {each.name}")
    with printing():
        Console(highlight=False, markup=False).print(table)


VERBS: dict[str, Callable[..., None]] = {
    "use": use,
    "remove": remove,
    "export": export,
    "import": import_,
    "history": history,
}


def _title(entry: LibraryEntry) -> str:
    return f"{entry.card.id} {entry.card.version}" if entry.card else entry.folder.name


def _found(library: ModelLibrary, wanted: str) -> LibraryEntry:
    """A model by what the library knows it by; a damaged one by its folder's name."""
    damaged = [each for each in library.models() if each.problem and each.folder.name == wanted]
    return damaged[-1] if damaged else library.find(wanted)


def _refuse_beside_a_window(folders: UserFolders) -> None:
    """BundleError where a window is open: it saves the settings when it closes, as it knows them."""
    from cxr_desktop.workers.single_instance import SingleInstance  # noqa: PLC0415 - Qt

    with disk_errors():
        make_private_folder(folders.data)
    instance = SingleInstance(folders.catalogue)
    free = instance.acquire()
    if free:
        instance.close()
    else:
        raise BundleError("The window is open. Choose the model in its menu, or close it first.")
