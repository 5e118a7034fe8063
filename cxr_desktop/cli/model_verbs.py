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

from cxr_desktop.cli.common import console, model_library, printing, worded_errors
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.library_entry import LibraryEntry, ModelUse
from cxr_desktop.domain.wording import date_time_text
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.storage.folders import UserFolders, disk_errors, make_private_folder
from cxr_desktop.storage.model_exchange import export_bundle, import_bundle, remove_bundle
from cxr_desktop.storage.model_history import note_use, uses
from cxr_desktop.storage.model_library import ModelLibrary, name_of
from cxr_desktop.storage.settings_file import load_settings, save_settings

Id = Annotated[str, typer.Argument(metavar="ID", help="A model's id, id@version, or its folder.")]


def use(model: Id) -> None:
    """Let the window judge with a model from its next start on."""
    folders, library = UserFolders.of_this_user(), model_library()
    with worded_errors():
        entry = library.find(model)
        _check_loads(library, entry.folder)
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
        entry = _own(library, model)
        try:
            in_use = library.find(load_settings(folders.settings, datetime.now(UTC)).settings.model)
        except BundleError:
            in_use = None
        if in_use is not None and in_use.folder.resolve() == entry.folder.resolve():
            raise BundleError(
                "This model is in use. Let another one judge first, with “cxr-desktop models use ID”."
            )
        if not yes:
            typer.confirm(f"Remove {_title(entry)} for good?", abort=True, err=True)
        remove_bundle(entry.folder)
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
        bundle = open_classifier(model_library().find(model).folder)
        if file.exists():
            raise BundleError("There is a file of this name already. Choose another name.")
        if not file.absolute().parent.is_dir():
            raise BundleError("The folder for the file does not exist. Make it, or choose another.")
        export_bundle(bundle.folder, bundle.card, file.absolute(), not without_maker)
    maker = bundle.card.provenance.created_by
    told = f" Its card names its maker, {maker}." if maker and not without_maker else ""
    console.print(f"{bundle.card.id} {bundle.card.version} is in {file}.{told}", markup=False)


def import_(file: Annotated[Path, typer.Argument(help="A file made by “models export”.")]) -> None:
    """Take a model out of one file: checked first, and put into place whole or not at all."""
    library = model_library()
    with worded_errors():
        known = {entry.card.key for entry in library.models() if entry.card is not None}
        models = UserFolders.of_this_user().models
        folder = import_bundle(file, models, known, lambda draft: _check_loads(library, draft))
        entry = library.find(folder)
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


def _check_loads(library: ModelLibrary, folder: Path) -> None:
    """BundleError or EngineError for a model that could not judge: its files, its card, its network."""
    load_scorer(folder, library.lung_finder(), [cpu(1)])


def _own(library: ModelLibrary, wanted: str) -> LibraryEntry:
    """One of the user's own models, by what the library knows it by; a damaged one by its folder's name."""
    damaged = [each for each in library.models() if each.problem and each.folder.name == wanted]
    folder = (damaged[-1] if damaged else library.find(wanted)).folder.resolve()
    # Found again by its place: one that was named by its folder may be a bundled one all the same.
    listed = [each for each in library.models() if each.folder.resolve() == folder]
    if not listed:
        raise BundleError(
            "This model lies in a folder of its own, outside your models; delete the folder yourself."
        )
    if listed[0].bundled:
        raise BundleError("This model came with the program and stays. Only your own models can be removed.")
    return listed[0]


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
