"""With which versions of libraries something was made."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata

from cxr_desktop.inference.devices import RUNTIMES


def versions_of(libraries: Iterable[str]) -> dict[str, str]:
    """The versions of those of the libraries that are installed, by name; a frozen program may tell none.

    ONNX Runtime has several names of installation, one for each kind of device.
    """
    found = {}
    for library in libraries:
        for name in RUNTIMES if library in RUNTIMES else (library,):
            try:
                found[library] = metadata.version(name)
            except metadata.PackageNotFoundError:
                continue
            break
    return found
