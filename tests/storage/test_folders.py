"""The user's folders."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.storage.folders import UserFolders, private_draft


@pytest.mark.skipif(sys.platform != "linux", reason="XDG is Linux's")
def test_the_folders_follow_the_desktops_wish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folders = UserFolders.of_this_user()
    assert folders.data == tmp_path / "data" / "cxr-desktop"
    assert folders.log.is_relative_to(tmp_path / "state")
    assert not folders.data.exists(), "asking where creates nothing"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access control lists instead of modes")
def test_the_folders_are_the_owners_alone_even_if_they_were_open_before(tmp_path: Path) -> None:
    folders = UserFolders(tmp_path / "a" / "data", tmp_path / "b" / "log")
    folders.data.mkdir(parents=True, mode=0o755)
    folders.data.chmod(0o755)
    folders.create()
    for folder in (folders.data, folders.log, folders.log.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_in_the_place_of_a_folder_is_worded(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(CatalogueError):
        UserFolders(tmp_path / "data" / "cxr", tmp_path / "log").create()


def test_a_draft_that_was_not_finished_is_gone(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), private_draft(tmp_path) as draft:
        draft.write_bytes(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
