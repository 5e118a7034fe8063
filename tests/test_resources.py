"""Where the program finds its own models and icons."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cxr_desktop.resources import readme_file, resources_folder
from tests.conftest import PROJECT


def test_in_a_checkout_they_lie_beside_the_package() -> None:
    assert resources_folder(PROJECT / "cxr_desktop") == PROJECT / "resources"


def test_in_an_installed_program_they_lie_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "cxr_desktop"
    inside = package / "resources"
    (inside / "models").mkdir(parents=True)
    (package.parent / "resources" / "models").mkdir(parents=True)  # another package's
    assert resources_folder(package) == inside


def test_in_a_frozen_program_they_lie_where_it_was_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "resources" / "models").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources_folder() == tmp_path / "resources"


def test_an_incomplete_installation_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="install the program again"):
        resources_folder(tmp_path / "site-packages" / "cxr_desktop")


def test_the_help_lies_beside_the_package_or_among_the_resources(tmp_path: Path) -> None:
    assert readme_file(PROJECT / "cxr_desktop") == PROJECT / "README.md"
    package = tmp_path / "site-packages" / "cxr_desktop"
    (package / "resources" / "models").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="install the program again"):
        readme_file(package)
    (package / "resources" / "README.md").write_text("# Help")
    assert readme_file(package) == package / "resources" / "README.md"
