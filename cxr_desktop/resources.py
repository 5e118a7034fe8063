"""Where the files that come with the program are: bundled models, icons and styles."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent


def resources_folder(package: Path = _PACKAGE) -> Path:
    """The folder `resources`.

    In a frozen program it lies beside the unpacked packages, in an installed one inside the package, in a
    checkout beside the package.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's bootloader
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [package / "resources", package.parent / "resources"]
    for folder in candidates:
        # Asked for by its content: another package could bring a folder `resources` to site-packages.
        if (folder / "models").is_dir():
            return folder
    raise FileNotFoundError("The program's own models and icons are missing; install the program again.")


def readme_file(package: Path = _PACKAGE) -> Path:
    """README.md, which is also the help: beside the package in a checkout, else among the resources.

    What it links to lies below the folder that holds the resources.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    resources = resources_folder(package)
    for folder in (resources, resources.parent):
        if (folder / "README.md").is_file():
            return folder / "README.md"
    raise FileNotFoundError("The program's README.md is missing; install the program again.")
