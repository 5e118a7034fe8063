"""The licences of all that an installer holds, from the environment that builds it.

`python -m cxr_desktop.installer.licences FILE` writes them into one file. It ends with code 1 and names the
parts where one may not be given away together with this program. pip-licenses says under which licence a
part stands; the texts are those that come with it.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cxr_desktop.resources import resources_folder

_PROJECT = "cxr-desktop"
# Beside the libraries that the project names: the bootloader that starts the frozen program, and code that
# runs in it before the program's own.
_OF_THE_BUILD = ("pyinstaller", "pyinstaller-hooks-contrib")

# Licences that let a part be given away together with a program under MIT, as they are written in the parts'
# descriptions, in lower case. LGPL: see `_QT`.
_ALLOWED = frozenset(
    {
        "0bsd", "2-clause bsd license", "3-clause bsd license", "apache license 2.0",
        "apache software license", "apache-2.0", "bsd", "bsd license", "bsd-2-clause", "bsd-3-clause",
        "cc0-1.0", "isc license (iscl)", "lgpl-3.0-only", "mit", "mit license", "mit-cmu",
        "mozilla public license 2.0 (mpl 2.0)", "mpl-2.0", "psf-2.0", "python software foundation license",
        "unlicense", "zlib",
    }
)  # fmt: skip

# What a part's own description leaves out, from the licence file that comes with it.
_FROM_ITS_FILE = {
    "namex": "Apache-2.0",
    "pyinstaller-hooks-contrib": "Apache-2.0",  # of what runs in a frozen program; the rest stays outside
    # Its COPYING.txt: what the bootloader starts may be given away under any licence.
    "pyinstaller": "GPL-2.0-or-later with an exception for the programs made with it",
}
_EXCEPTIONS = frozenset({"gpl-2.0-or-later with an exception for the programs made with it"})

_TEXTS = re.compile(r"(licen[cs]e|copying|notice|third.?party|copyright)[^/]*$", re.IGNORECASE)
_NO_TEXTS = frozenset({".py", ".pyc", ".pyi", ".h", ".so"})
_HEAD = """\
CXR Desktop stands under the MIT licence. These are the parts that come with it, each with its own licence.
The edition without training holds fewer of them."""
_QT = """\
Qt and Qt for Python are used under the GNU Lesser General Public License, version 3. They are no part of the
program's own files but separate libraries beside them, in the folder PySide6, unchanged from the packages
PySide6_Essentials and shiboken6 of these versions. Whoever wants to may put other builds of them, compatible
with these, in their place; nothing in this program hinders or forbids that, or finding out how they work
together for it. Their source is at https://download.qt.io/official_releases/QtForPython/.

The same holds for the libraries of FFmpeg (LGPL, version 2.1) that come with OpenCV, beside it; their source
is at https://ffmpeg.org."""
_LINE = "=" * 100


@dataclass(frozen=True)
class Licence:
    """Of one part.

    Attributes:
        name, version: of the part.
        terms: the licence's name, or an expression of several.
        texts: (file's name, text) of all that comes with the part.
    """

    name: str
    version: str
    terms: str
    texts: tuple[tuple[str, str], ...]

    @property
    def is_allowed(self) -> bool:
        """Whether one of the licences that can be chosen, all of it, may stand beside this program's."""
        return self.terms.lower() in _EXCEPTIONS or any(
            all(each.strip().lower() in _ALLOWED for each in re.split(r" AND |;", choice))
            for choice in self.terms.split(" OR ")
        )


def parts() -> frozenset[str]:
    """The names of all libraries that the project needs, and those in turn, and of what starts it."""
    found: set[str] = set()
    waiting = [_PROJECT]
    while waiting:
        name = waiting.pop()
        try:
            needed = [Requirement(each) for each in distribution(name).requires or ()]
        except PackageNotFoundError:
            continue  # one that this system does without
        found.add(name)
        here = (each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""}))
        waiting += {str(canonicalize_name(each.name)) for each in here} - found
    return frozenset(found - {_PROJECT}).union(_OF_THE_BUILD)


def collect(names: Iterable[str]) -> tuple[Licence, ...]:
    """Their licences, by name. Needs pip-licenses, which comes with the extra `dev`."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--with-system", "--from=mixed"]
    told = subprocess.run(
        [*command, "--packages", *sorted(names)], capture_output=True, text=True, check=True
    ).stdout
    found = [
        Licence(
            name=row["Name"],
            version=row["Version"],
            terms=_FROM_ITS_FILE.get(str(canonicalize_name(row["Name"])), row["License"]),
            texts=tuple(_texts_of(distribution(row["Name"]))),
        )
        for row in json.loads(told)
    ]
    return tuple(sorted(found, key=lambda each: each.name.lower()))


def licences_text(licences: Iterable[Licence]) -> str:
    """All of them in one text: a list, how Qt's terms are met, Python's licence, each part's own files."""
    licences = tuple(licences)
    table = "\n".join(f"  {each.name} {each.version}: {each.terms}" for each in licences)
    return "\n\n".join((_HEAD, table, _QT, *_own_texts(), *map(_chapter, licences))) + "\n"


def _own_texts() -> Iterator[str]:
    python = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    yield f"{_LINE}\nPython {platform.python_version()}: PSF-2.0\n\n" + (
        python.read_text(encoding="utf-8") if python.is_file() else "https://docs.python.org/3/license.html"
    )
    # Qt's packages come without them.
    for file in sorted((resources_folder() / "licences").iterdir()):
        yield f"{_LINE}\n{file.stem}\n\n{file.read_text(encoding='utf-8')}"


def _chapter(licence: Licence) -> str:
    head = f"{_LINE}\n{licence.name} {licence.version}: {licence.terms}"
    return "\n\n".join([head, *(f"--- {name}\n\n{text}" for name, text in licence.texts)])


def _texts_of(part: Distribution) -> Iterator[tuple[str, str]]:
    for file in part.files or ():
        if _TEXTS.search(file.name) and file.suffix not in _NO_TEXTS:
            path = Path(str(part.locate_file(file)))
            if path.is_file():
                yield str(file), path.read_text(encoding="utf-8", errors="replace").strip()


def main(file: Path) -> int:
    """Writes the file; the exit code."""
    licences = collect(parts())
    file.write_text(licences_text(licences), encoding="utf-8")
    refused = [each for each in licences if not each.is_allowed]
    for each in refused:
        print(
            f"{each.name} {each.version} stands under “{each.terms}”, which is not among the licences that "
            "may stand beside this program's. Do without it, or add its licence where the others are listed.",
            file=sys.stderr,
        )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
