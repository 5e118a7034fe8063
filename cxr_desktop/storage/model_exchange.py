"""A bundle as one file: a ZIP archive whose first entry lists every other with its size and SHA-256.

Nothing is believed before it is checked, and nothing lies in the models' folder that is not whole: files are
unpacked into a hidden folder beside the models, checked there, and moved into place in one step.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.bundle_manifest import (
    MANIFEST_FILE,
    BundleManifest,
    FileInBundle,
    manifest_from_json,
    manifest_to_json,
)
from cxr_desktop.domain.card_file import card_from_json, card_to_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import CARD_FILE, ModelCard
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import (
    disk_errors,
    make_private_folder,
    private_draft,
    private_draft_folder,
    remove_old_drafts,
    secure,
    settle,
    settle_folder,
)

_MOST_BYTES = 4_000_000_000
_MOST_FILES = 64
_MOST_MANIFEST_BYTES = 1_000_000
# Weights hardly shrink; what unpacks to so many times the file's size are no weights.
_MOST_RATIO = 20
_CHUNK = 1 << 20
_UNSAFE = re.compile(r"[^\w.-]+")

# Told of the bytes done, and of how many there are in all.
OnBytes = Callable[[int, int], None]

_DAMAGED = tr(
    "The model's file is damaged or incomplete. Copy it again from where it came, or export it again."
)


def export_bundle(
    bundle: Path,
    card: ModelCard,
    file: Path,
    with_maker: bool = True,
    on_bytes: OnBytes = lambda done, of: None,
) -> None:
    """Writes a bundle into one file, whole or not at all, for the owner alone.

    Args:
        bundle: its folder, whose files are what its card says.
        file: is replaced where it exists.
        with_maker: whether the card goes on telling who made the model.
        on_bytes: what it raises ends the export; nothing is left of it.

    Raises:
        BundleError: the file cannot be written, or one of the bundle not be read.
    """
    try:
        _write(bundle, card, file, with_maker, on_bytes)
    except OSError as error:
        raise BundleError(
            tr(
                "The model's file could not be written ({reason}). Make room, or choose another place.",
                reason=error.strerror,
            )
        ) from None


def _write(bundle: Path, card: ModelCard, file: Path, with_maker: bool, on_bytes: OnBytes) -> None:
    if not with_maker:
        card = replace(card, provenance=replace(card.provenance, created_by=""))
    card_bytes = card_to_json(card)
    files = {name: _measured(bundle / name) for name in card.files}
    files[CARD_FILE] = FileInBundle(len(card_bytes), hashlib.sha256(card_bytes).hexdigest())
    manifest = BundleManifest(card.id, card.version, files)
    with private_draft(file.parent) as draft:
        with draft.open("wb") as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(MANIFEST_FILE, manifest_to_json(manifest))
                archive.writestr(CARD_FILE, card_bytes)
                written = 0
                for name in card.files:
                    info = zipfile.ZipInfo.from_file(bundle / name, name)
                    with (bundle / name).open("rb") as source, archive.open(info, "w") as entry:
                        while part := source.read(_CHUNK):
                            entry.write(part)
                            written += len(part)
                            on_bytes(written, manifest.size)
            settle(opened)
        draft.replace(file)


def import_bundle(
    file: Path,
    models: Path,
    known: Collection[tuple[str, str]],
    check: Callable[[Path], object],
    on_bytes: OnBytes = lambda done, of: None,
) -> Path:
    """Puts an exported bundle among the user's models, whole or not at all.

    Args:
        models: the folder of the user's models.
        known: ids and versions of the models that are there.
        check: raises BundleError for an unpacked bundle that must not be used.
        on_bytes: what it raises ends the import; nothing is left of it.

    Returns:
        The bundle's folder.

    Raises:
        BundleError: the file is no exported model, damaged, manipulated, of another version, or the model is
            there already.
        CatalogueError: the disk is full or cannot be written to.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, IndexError) as error:
        raise BundleError(
            tr(
                "This is no model's file, or it is damaged. Choose one that was made by “models "
                "export”, or copy it again."
            )
        ) from error
    except OSError as error:
        raise BundleError(tr("The model's file cannot be read ({reason}).", reason=error.strerror)) from None
    with archive, disk_errors():
        manifest = _checked_manifest(archive, file.stat().st_size)
        place = models / f"{_plain(manifest.id)}-{_plain(manifest.version)}"
        if (manifest.id, manifest.version) in known or place.exists():
            raise BundleError(
                tr(
                    "The model {model} is there already. If it is one of your own and damaged, remove it "
                    "first.",
                    model=f"{manifest.id} {manifest.version}",
                )
            )
        make_private_folder(models)
        remove_old_drafts(models)
        if shutil.disk_usage(models).free < manifest.size:
            raise BundleError(
                tr(
                    "The model needs {size:.0f} MB on the disk with the program's data, and less "
                    "is free. Make room, then import it again.",
                    size=manifest.size / 1e6,
                )
            )
        with private_draft_folder(models) as draft:
            unpacked = 0
            for name, expected in manifest.files.items():
                _unpack(archive, name, expected, draft / name)
                unpacked += expected.size
                on_bytes(unpacked, manifest.size)
            _check_card(draft, manifest)
            check(draft)
            settle_folder(draft)
            draft.rename(place)
            settle_folder(models)
    return place


def remove_bundle(bundle: Path) -> None:
    """Removes a bundle's folder: at once for everybody who looks, whatever ends the program meanwhile.

    Raises:
        CatalogueError: it cannot be removed.
    """
    with disk_errors(), private_draft_folder(bundle.parent) as draft:
        bundle.rename(draft / bundle.name)


def _measured(file: Path) -> FileInBundle:
    with file.open("rb") as opened:
        return FileInBundle(file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


def _checked_manifest(archive: zipfile.ZipFile, packed: int) -> BundleManifest:
    """The archive's manifest, with which its entries agree.

    Args:
        packed: the archive's size in bytes.
    """
    entries = archive.infolist()
    if MANIFEST_FILE not in archive.NameToInfo:
        raise BundleError(tr("This archive is no model. Choose a file that was made by “models export”."))
    if archive.getinfo(MANIFEST_FILE).file_size > _MOST_MANIFEST_BYTES:
        raise BundleError(_DAMAGED)
    manifest = manifest_from_json(_read_small(archive, MANIFEST_FILE))
    if CARD_FILE not in manifest.files:
        raise BundleError(tr("The model's file holds no {file}. Export the model again.", file=CARD_FILE))
    names = sorted(entry.filename for entry in entries)
    if names != sorted({MANIFEST_FILE, *manifest.files}):
        raise BundleError(
            tr(
                "The model's file does not hold what it lists: entries are missing, too many, or "
                "there twice. Copy it again, or ask where it comes from."
            )
        )
    if manifest.size > min(_MOST_BYTES, _MOST_RATIO * packed) or len(entries) > _MOST_FILES:
        raise BundleError(
            tr(
                "The model's file would unpack to {size:,.0f} MB in {files} files, as no model "
                "does. Do not use it; ask where it comes from.",
                size=manifest.size / 1e6,
                files=len(manifest.files),
            )
        )
    return manifest


def _read_small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as entry:
            return entry.read(_MOST_MANIFEST_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BundleError(_DAMAGED) from error


def _unpack(archive: zipfile.ZipFile, name: str, expected: FileInBundle, to: Path) -> None:
    """One file, of just the size and content that the manifest says."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as entry, to.open("xb") as file:
            secure(to)
            while part := entry.read(_CHUNK):
                size += len(part)
                if size > expected.size:
                    break
                digest.update(part)
                file.write(part)
            settle(file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BundleError(_DAMAGED) from error
    if size != expected.size or digest.hexdigest() != expected.sha256:
        raise BundleError(
            tr(
                "The file {file} is not the one that was exported (its SHA-256 differs): the "
                "model's file is damaged or was changed. Copy it again from where it came.",
                file=name,
            )
        )


def _check_card(folder: Path, manifest: BundleManifest) -> None:
    card = card_from_json((folder / CARD_FILE).read_bytes())
    if not isinstance(card, ModelCard):
        raise BundleError(tr("This is a lung finder; only classifiers are imported."))
    if card.key != (manifest.id, manifest.version) or {CARD_FILE, *card.files} != set(manifest.files):
        raise BundleError(
            tr("The model's card and the list of its files do not agree. Export the model again.")
        )


def _plain(text: str) -> str:
    """An id or a version as part of a folder's name, on every system."""
    return _UNSAFE.sub("-", text).strip(".-")[:80] or "model"
