"""Which files a DICOM directory (DICOMDIR, PS3.3 F) lists."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.imaging.dicom import parse_dataset
from cxr_desktop.imaging.dicom_values import clean, items, raw_value, raw_values
from cxr_desktop.language import tr

DAMAGED_DICOMDIR = tr(
    "The DICOM directory (DICOMDIR) is damaged. Open its folder: the films are found without it."
)
MISSING = tr("The DICOM directory (DICOMDIR) lists this file, but it is missing. Copy the whole disc again.")
OUTSIDE = tr("The DICOM directory (DICOMDIR) names a file outside its folder. Ask where the disc comes from.")


def referenced_files(data: bytes) -> list[PurePosixPath]:
    """The files that a DICOMDIR lists, relative to its folder, in its order; each once.

    Raises:
        UnreadableImage: it cannot be parsed or has no records.
    """
    dataset = parse_dataset(data)
    if raw_value(dataset, "DirectoryRecordSequence") is None:
        raise UnreadableImage(DAMAGED_DICOMDIR)
    # Referenced File ID (PS3.3 F.3.2.2) has a value for each part of the path.
    found = (
        PurePosixPath(*(clean(part) for part in parts))
        for record in items(dataset, "DirectoryRecordSequence")
        if (parts := raw_values(record, "ReferencedFileID"))
    )
    return list(dict.fromkeys(found))


def stays_inside(reference: PurePosixPath) -> bool:
    """Whether a reference leads to a file below the DICOMDIR's own folder."""
    windows = PureWindowsPath(str(reference))
    return not (reference.is_absolute() or windows.anchor or ".." in reference.parts or ".." in windows.parts)


def locate(folder: Path, reference: PurePosixPath) -> Path | None:
    """The referenced file on the disk; None where it is missing.

    A DICOMDIR spells in capitals what many systems show of a disc in small letters.
    """
    exact = folder.joinpath(*reference.parts)
    if exact.is_file():
        return exact
    found = folder
    for part in reference.parts:
        try:
            names = {each.name.casefold(): each for each in found.iterdir()}
        except OSError:
            return None
        if part.casefold() not in names:
            return None
        found = names[part.casefold()]
    return found if found.is_file() else None
