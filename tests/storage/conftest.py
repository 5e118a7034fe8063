"""What the catalogue's tests share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxr_desktop.storage.catalogue import Catalogue
from tests.storage.builders import NOON


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "catalogue.sqlite"


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    opened = Catalogue.open(path, now=lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte; only root may mount one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = sys.platform == "linux" and not _run(
        "mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)
    )
    if not mounted:
        pytest.skip("a tiny disk can be mounted by root on Linux only")
    yield folder
    _run("umount", "--lazy", str(folder))


def _run(*command: str) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode
