"""What a model's one file says of itself: the first entry of the archive that a bundle is exported into."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import msgspec

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.language import tr

MANIFEST_FILE = "manifest.json"
# Of the one file in which a model is carried.
MODEL_FILE_SUFFIX = ".cxrmodel"

MANIFEST_SCHEMA = 1
_FORMAT = "CXR Desktop model"


class FileInBundle(msgspec.Struct, frozen=True):
    """One file of a bundle.

    Attributes:
        size: in bytes.
        sha256: in hexadecimal, lower case.
    """

    size: int
    sha256: str


class BundleManifest(msgspec.Struct, frozen=True):
    """The files of an exported bundle, card included, by name; and which model it is."""

    id: str
    version: str
    files: dict[str, FileInBundle]
    format: str = _FORMAT
    schema: int = MANIFEST_SCHEMA

    @property
    def size(self) -> int:
        """Of all files together, in bytes."""
        return sum(file.size for file in self.files.values())


def manifest_to_json(manifest: BundleManifest) -> bytes:
    """The manifest as it stands in the archive: indented, UTF-8."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def manifest_from_json(data: bytes) -> BundleManifest:
    """The manifest in an archive.

    Raises:
        BundleError: it is none, of another version, or names a file that would lie outside the bundle.
    """
    try:
        raw = msgspec.json.decode(data, type=dict[str, object])
        if raw.get("format") == _FORMAT and raw.get("schema") != MANIFEST_SCHEMA:
            raise BundleError(
                tr(
                    "The model's file has schema {schema!r}; this program reads schema {known}. "
                    "Update the program, or export the model again.",
                    schema=raw.get("schema"),
                    known=MANIFEST_SCHEMA,
                )
            )
        manifest = msgspec.convert(raw, type=BundleManifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BundleError(
            tr(
                "The list of the model's files cannot be read: the file is damaged, or was not "
                "made by “models export”. Export the model again."
            )
        ) from error
    outside = [name for name in manifest.files if not _is_plain(name)]
    if manifest.format != _FORMAT or outside or any(file.size < 0 for file in manifest.files.values()):
        raise BundleError(
            tr(
                "The model's file names places outside the model's folder, as a manipulated one "
                "does. Do not use it; ask where it comes from."
            )
            if outside
            else tr("This file is no model of this program. Choose one that was made by “models export”.")
        )
    return manifest


def _is_plain(name: str) -> bool:
    """Whether a name is a file's own, on every system, and stays within its folder."""
    plain = PurePosixPath(name).name == name == PureWindowsPath(name).name
    return plain and bool(name) and name.isprintable() and not name.startswith(".") and ":" not in name
