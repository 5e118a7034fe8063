"""What every installer says of the program: its names and the files that it opens. Written once, here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cxr_desktop import PROGRAM, __version__
from cxr_desktop.domain.bundle_manifest import MODEL_FILE_SUFFIX

PROJECT = Path(__file__).parents[2]

NAME = "CXR Desktop"
# The executable with a terminal's output, and on Linux the only one.
COMMAND = PROGRAM
VERSION = __version__
# macOS and Windows know a program by such a name.
IDENTIFIER = "org.cxr-desktop.CXRDesktop"

_project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SUMMARY = str(_project["description"]).rstrip(".")
LICENCE = str(_project["license"])
del _project

ICON = PROJECT / "resources" / "icons" / "cxr-desktop.svg"

Edition = Literal["reader", "full"]
EDITIONS: dict[Edition, str] = {
    "reader": "reads, scores and explains; a model is not trained with it",
    "full": "also trains models, with TensorFlow inside",
}


@dataclass(frozen=True)
class FileType:
    """A kind of file that the program opens.

    Attributes:
        title: for people.
        mime: its MIME type.
        uti: macOS's name for it.
        suffixes: of such files, in lower case, with the dot; the usual one first.
    """

    title: str
    mime: str
    uti: str
    suffixes: tuple[str, ...]


DICOM = FileType("DICOM film", "application/dicom", "org.nema.dicom", (".dcm", ".dicom", ".dic", ".ima"))
MODEL = FileType(
    "CXR Desktop model",
    "application/vnd.cxr-desktop.model+zip",
    "org.cxr-desktop.model",
    (MODEL_FILE_SUFFIX,),
)
FILE_TYPES = (
    DICOM,
    MODEL,
    FileType("JPEG picture", "image/jpeg", "public.jpeg", (".jpg", ".jpeg", ".jpe", ".jfif")),
    FileType("PNG picture", "image/png", "public.png", (".png",)),
    FileType("TIFF picture", "image/tiff", "public.tiff", (".tif", ".tiff")),
    FileType("BMP picture", "image/bmp", "com.microsoft.bmp", (".bmp", ".dib")),
    FileType("WebP picture", "image/webp", "org.webmproject.webp", (".webp",)),
    FileType("ZIP archive of films", "application/zip", "public.zip-archive", (".zip",)),
)


def folder_name(edition: Edition) -> str:
    """Of the folder, and of the package, that an edition is built into."""
    return COMMAND if edition == "full" else f"{COMMAND}-{edition}"
