"""What is done with the models that are kept, by the window and the command line alike; without Qt."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.library_entry import LibraryEntry
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.language import tr
from cxr_desktop.storage.model_exchange import OnBytes, export_bundle, import_bundle, remove_bundle
from cxr_desktop.storage.model_library import ModelLibrary


def check_loads(library: ModelLibrary, folder: Path) -> None:
    """BundleError or EngineError for a model that could not judge: its files, its card, its network."""
    load_scorer(folder, library.lung_finder(), [cpu(1)])


def export_model(
    folder: Path, file: Path, with_maker: bool = True, on_bytes: OnBytes = lambda done, of: None
) -> ModelCard:
    """Puts a model into one file with a checksum of everything in it, and gives its card.

    Raises:
        BundleError: the model is not what its card says, or the file cannot be written.
    """
    bundle = open_classifier(folder)
    if not file.absolute().parent.is_dir():
        raise BundleError(tr("The folder for the file does not exist. Make it, or choose another."))
    export_bundle(bundle.folder, bundle.card, file.absolute(), with_maker, on_bytes)
    return bundle.card


def import_model(
    library: ModelLibrary, models: Path, file: Path, on_bytes: OnBytes = lambda done, of: None
) -> LibraryEntry:
    """Takes a model out of one file: checked first, and put into place whole or not at all.

    Args:
        models: the folder of the user's own.

    Raises:
        CxrError: the file is no whole model that can judge, or the disk does not take it.
    """
    known = {entry.card.key for entry in library.models() if entry.card is not None}
    return library.find(
        import_bundle(file, models, known, lambda draft: check_loads(library, draft), on_bytes)
    )


def remove_model(library: ModelLibrary, folder: Path, in_use: Path | None) -> None:
    """Removes one of the user's own models for good.

    Args:
        in_use: the folder of the model that judges, or would at the next start.

    Raises:
        BundleError: it came with the program, lies elsewhere, or is in use.
        CatalogueError: it cannot be removed.
    """
    check_removable(library, folder, in_use)
    remove_bundle(folder)


def check_removable(library: ModelLibrary, folder: Path, in_use: Path | None) -> None:
    """BundleError for a model that stays: one that came with the program, lies elsewhere, or is in use."""
    wanted = folder.resolve()
    listed = [each for each in library.models() if each.folder.resolve() == wanted]
    if not listed:
        raise BundleError(
            tr("This model lies in a folder of its own, outside your models; delete the folder yourself.")
        )
    if listed[0].bundled:
        raise BundleError(
            tr("This model came with the program and stays. Only your own models can be removed.")
        )
    if in_use is not None and in_use.resolve() == wanted:
        raise BundleError(tr("This model is in use. Let another one judge first."))
