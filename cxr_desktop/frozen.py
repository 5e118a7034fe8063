"""What a frozen program puts right before anything else runs in it."""

from __future__ import annotations

import os
import sys

_LIBRARIES = "LD_LIBRARY_PATH"


def settle_in() -> None:
    """Gives a frozen program the surroundings of an ordinary one; anywhere else it does nothing."""
    if not getattr(sys, "frozen", False):
        return
    # A windowed program on Windows has neither, and whatever prints would end it.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    # PyInstaller points the linker to its own libraries. They are loaded; the system's own programs, a file
    # manager or a driver's tool, must find theirs.
    given = os.environ.pop(f"{_LIBRARIES}_ORIG", None)
    if given is not None:
        os.environ[_LIBRARIES] = given
    elif sys.platform == "linux":
        os.environ.pop(_LIBRARIES, None)
