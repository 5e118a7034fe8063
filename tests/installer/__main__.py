"""Builds the program, uses it as its user does, and prints sizes and times.

    python -m tests.installer [--edition reader] [--edition full] [--built FOLDER] [--work FOLDER]

For Linux. Takes a quarter of an hour and more, and is therefore no part of the test run. Real films are taken
from where the tests look for them; without them, films are drawn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cxr_desktop.installer.product import COMMAND, EDITIONS, Edition, folder_name
from tests.conftest import PROJECT

# Debian's package of each tool.
TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "strace": "strace", "unshare": "util-linux", "ip": "iproute2"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.installer", description=__doc__)
    parser.add_argument("--edition", action="append", choices=EDITIONS, help="Else each after the other.")
    parser.add_argument("--built", type=Path, help="Test this folder, built before, with --edition.")
    parser.add_argument("--work", type=Path, default=PROJECT / "build", help="For all that comes of it.")
    given = parser.parse_args()
    editions: list[Edition] = given.edition or list(EDITIONS)
    if given.built and len(editions) != 1:
        parser.error("--built is one edition: say which, with --edition.")
    missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    if missing:
        sys.exit(f"The user's surroundings need more tools: apt-get install -y {' '.join(missing)}")
    check_namespaces()
    failed = []
    for edition in editions:
        program = (given.built or build(edition, given.work)).resolve() / COMMAND
        session = [sys.executable, "-m", "tests.installer.session", str(program), edition, str(given.work)]
        # `ip` wakes the loopback, which a new namespace has asleep.
        alone = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", *session]
        if subprocess.run([*into_namespace(), *alone], cwd=PROJECT, check=False).returncode:
            failed.append(edition)
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def into_namespace() -> list[str]:
    """What goes before a command that is to have no network but its own loopback."""
    return ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def check_namespaces() -> None:
    """Ends the program where this system lets nobody leave the network."""
    tried = subprocess.run([*into_namespace(), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        sys.exit(
            f"No network namespace can be made here ({tried.stderr.strip()}), so nothing shows that the "
            "program keeps off the network. Run as root, or where unprivileged user namespaces are allowed."
        )


def build(edition: Edition, work: Path) -> Path:
    """The folder of a fresh build."""
    dist = work / "dist"
    where = ["--noconfirm", "--distpath", str(dist), "--workpath", str(work / edition)]
    command = [sys.executable, "-m", "PyInstaller", "build_installer.spec", *where, "--log-level", "WARN"]
    subprocess.run([*command, "--", "--edition", edition], cwd=PROJECT, check=True)
    return dist / folder_name(edition)


if __name__ == "__main__":
    main()
