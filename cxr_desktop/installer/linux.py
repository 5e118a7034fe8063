"""Linux: the entry of the menu, the types of files, and the Debian package that brings both along."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

from cxr_desktop.installer.icons import LINUX_SIZES, write_icon
from cxr_desktop.installer.parts import size_of
from cxr_desktop.installer.product import (
    COMMAND,
    DICOM,
    EDITIONS,
    FILE_TYPES,
    ICON,
    MODEL,
    NAME,
    SUMMARY,
    VERSION,
    Edition,
    folder_name,
)

PLACE = Path("/opt") / COMMAND
# What the folder takes from the system: the graphics driver and the display, which belong to the machine, and
# the settings of fonts and keyboards. (`readelf -d` on all its files names the libraries that are elsewhere.)
LIBRARIES = (
    f"libc6 (>= {platform.libc_ver()[1] or '2.35'})", "libdrm2", "libegl1", "libgl1", "libwayland-client0",
    "libwayland-cursor0", "libwayland-egl1", "libxcb1", "fontconfig-config", "libx11-data", "xkb-data",
)  # fmt: skip
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def desktop_entry() -> str:
    """The menu's entry, as freedesktop.org's specification wants it.

    The window tells the display the same name (`setDesktopFileName`), so that it gets this entry's icon.
    """
    types = "".join(f"{each.mime};" for each in FILE_TYPES)
    return f"""[Desktop Entry]
Type=Application
Name={NAME}
GenericName=Triage of chest X-rays
Comment={SUMMARY}
Exec={PLACE / COMMAND} %F
TryExec={PLACE / COMMAND}
Icon={COMMAND}
Terminal=false
StartupNotify=true
StartupWMClass={COMMAND}
Categories=Science;MedicalSoftware;
Keywords=radiology;DICOM;X-ray;pneumonia;
MimeType={types}
"""


def mime_package() -> str:
    """What DICOM files and models are called and begin with; the system knows the other types by itself."""
    globs = "\n".join(f'    <glob pattern="*{escape(suffix)}"/>' for suffix in DICOM.suffixes)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{DICOM.mime}">
    <comment>{DICOM.title}</comment>
    <magic priority="50"><match type="string" value="DICM" offset="128"/></magic>
{globs}
    <glob pattern="DICOMDIR" case-sensitive="true"/>
  </mime-type>
  <mime-type type="{MODEL.mime}">
    <comment>{MODEL.title}</comment>
    <sub-class-of type="application/zip"/>
    <glob pattern="*{MODEL.suffixes[0]}"/>
  </mime-type>
</mime-info>
"""


def debian_architecture() -> str:
    """Debian's word for this machine."""
    machine = platform.machine()
    return _ARCHITECTURES.get(machine, machine)


def debian_control(edition: Edition, installed_bytes: int) -> str:
    """The package's own description. One edition takes the other's place; both have the same files."""
    name = folder_name(edition)
    (other,) = (folder_name(each) for each in EDITIONS if each != edition)
    return f"""Package: {name}
Version: {VERSION}
Architecture: {debian_architecture()}
Maintainer: {NAME} <{COMMAND}@localhost>
Installed-Size: {installed_bytes // 1024}
Section: science
Priority: optional
Depends: {", ".join(LIBRARIES)}
Conflicts: {other}
Replaces: {other}
Description: {SUMMARY}
 This edition {EDITIONS[edition]}.
 .
 Decision support for research use, never a diagnosis. It needs no network.
"""


def build_deb(program: Path, edition: Edition) -> Path:
    """Packs a built folder, beside which the package is written.

    The menus, types and icons of the system are renewed by its own triggers, so the package runs no script.

    Raises:
        FileNotFoundError: this system has no dpkg-deb.
        subprocess.CalledProcessError: it could not pack.
    """
    package = program.with_name(f"{folder_name(edition)}_{VERSION}_{debian_architecture()}.deb")
    root = program.with_name(f"{program.name}.deb-root")
    shutil.rmtree(root, ignore_errors=True)
    _write(root / "DEBIAN" / "control", debian_control(edition, size_of(program)))
    share = root / "usr" / "share"
    _write(share / "applications" / f"{COMMAND}.desktop", desktop_entry())
    _write(share / "mime" / "packages" / f"{COMMAND}.xml", mime_package())
    icons = share / "icons" / "hicolor"
    for size in LINUX_SIZES:
        write_icon(ICON, icons / f"{size}x{size}" / "apps" / f"{COMMAND}.png", [size])
    (icons / "scalable" / "apps").mkdir(parents=True)
    shutil.copy(ICON, icons / "scalable" / "apps" / f"{COMMAND}.svg")
    (root / "usr" / "bin").mkdir()
    (root / "usr" / "bin" / COMMAND).symlink_to(PLACE / COMMAND)
    place = root / PLACE.relative_to("/")
    place.parent.mkdir()
    with _moved(program, place):
        # zstd packs in seconds what takes xz many minutes; Debian 12 and Ubuntu 22.04 read it.
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z3", "--build", str(root), str(package)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)
    return package


@contextmanager
def _moved(folder: Path, place: Path) -> Iterator[None]:
    """A folder lies elsewhere for a while: a copy of it would take gigabytes."""
    folder.rename(place)
    try:
        yield
    finally:
        place.rename(folder)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
