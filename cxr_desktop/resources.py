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
