"""What the intake found, in words; and archives to be opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

from cxr_desktop.imaging.intake import Candidate, Found, Rejected, find_films


def rows(paths: list[Path]) -> dict[str, str]:
    """Each find by its name: "named", "found", "ignored", or the reason why it was rejected."""
    told: dict[str, str] = {}
    for found in find_films(paths):
        assert found.source.name not in told, "a file was listed twice"
        told[found.source.name] = said(found)
    return told


def said(found: Found) -> str:
    match found:
        case Candidate(named=named):
            return "named" if named else "found"
        case Rejected(reason=reason):
            return reason
    return "ignored"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path
