"""Telling network shares and removable drives from the disk inside."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from cxr_desktop.storage import disks
from cxr_desktop.storage.disks import Mount, mount_of, on_network, on_removable_drive

ROOT = Mount("/dev/sda2", PurePath("/"), "ext4")
SHARE = Mount("//server/films", PurePath("/mnt/films"), "cifs")
LOCAL_WITHIN = Mount("/dev/sdc1", PurePath("/mnt/films/local"), "xfs")
STICK = Mount("/dev/sdz9", PurePath("/media/anna/STICK"), "vfat")
DISC = Mount("/dev/sr0", PurePath("/cdrom"), "iso9660")


def table() -> list[Mount]:
    return [ROOT, SHARE, LOCAL_WITHIN, STICK, DISC]


@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("/home/anna/c.sqlite", False),
        ("/mnt/films/c.sqlite", True),
        ("/mnt/films/not/yet/there.sqlite", True),
        ("/mnt/films2/c.sqlite", False),
        ("/mnt/films/local/c.sqlite", False),
        ("//server/films/c.sqlite", True),
    ],
)
def test_the_innermost_mount_decides_whether_a_path_is_on_the_network(path: str, network: bool) -> None:
    assert on_network(Path(path), table) is network


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        ("nfs4", True),
        ("9p", True),
        ("fuse.sshfs", True),
        ("smb3", True),
        ("fuseblk", False),
        ("tmpfs", False),
    ],
)
def test_file_systems_that_reach_over_a_network(kind: str, network: bool) -> None:
    assert on_network(Path("/x"), lambda: [ROOT, Mount("none", PurePath("/x"), kind)]) is network


def test_windows_says_so_in_the_options() -> None:
    assert on_network(Path("/x"), lambda: [Mount("", PurePath("/x"), "ntfs", frozenset({"rw", "remote"}))])
    stick = Mount("", PurePath("/x"), "fat32", frozenset({"rw", "removable"}))
    assert on_removable_drive(Path("/x"), lambda: [stick])


@pytest.mark.parametrize(
    ("path", "removable"),
    [
        ("/home/anna/a.dcm", False),
        ("/media/anna/STICK/a.dcm", True),
        ("/cdrom/DICOMDIR", True),
        ("/mnt/films/a.dcm", False),
    ],
)
def test_sticks_and_discs_are_removable(path: str, removable: bool) -> None:
    assert on_removable_drive(Path(path), table) is removable


def test_the_kernel_knows_removable_drives_wherever_they_are_mounted(tmp_path: Path) -> None:
    for drive, flag in (("sdb", "1"), ("sdc", "0")):
        partition = tmp_path / "devices" / drive / f"{drive}1"
        partition.mkdir(parents=True)
        (partition.parent / "removable").write_text(f"{flag}\n")
        (tmp_path / f"{drive}1").symlink_to(partition)
    assert disks._kernel_says_removable("/dev/sdb1", tmp_path)
    assert not disks._kernel_says_removable("/dev/sdc1", tmp_path)
    assert not disks._kernel_says_removable("/dev/gone1", tmp_path)


def test_of_two_mounts_in_one_place_the_later_one_counts() -> None:
    hidden, seen = Mount("a", PurePath("/x"), "ext4"), Mount("b", PurePath("/x"), "nfs")
    assert mount_of(Path("/x/y"), lambda: [ROOT, hidden, seen]) is seen


def test_this_machines_own_mounts_can_be_read(tmp_path: Path) -> None:
    assert mount_of(tmp_path) is not None
    assert not on_removable_drive(tmp_path)
