"""What kind of disk a path lies on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import psutil

# SQLite's WAL needs memory shared between processes, which these file systems do not have
# (https://www.sqlite.org/wal.html, "WAL does not work over a network filesystem").
_NETWORK = frozenset(
    {"9p", "afpfs", "afs", "ceph", "cifs", "coda", "davfs", "drvfs", "glusterfs", "gpfs", "lustre", "ncpfs"}
    | {"nfs", "nfs3", "nfs4", "prl_fs", "smb", "smb2", "smb3", "smbfs"}
    | {"vboxsf", "virtiofs", "vmhgfs", "webdav"}
)
_OPTICAL = frozenset(("cdfs", "cd9660", "iso9660", "udf"))
# Where Linux desktops (udisks) and macOS put what was plugged in.
_PLUGGED_IN = ("/media", "/run/media", "/Volumes")


@dataclass(frozen=True)
class Mount:
    """A mounted file system.

    Attributes:
        device: e.g. "/dev/sdb1"; "E:\\" on Windows.
        folder: where it is mounted.
        kind: the file system's type, lower case.
        options: mount options; on Windows psutil adds "removable", "remote", "cdrom".
    """

    device: str
    folder: PurePath
    kind: str
    options: frozenset[str] = frozenset()

    @property
    def is_network(self) -> bool:
        # FUSE: sshfs, rclone and their like reach over a network; ntfs-3g and exfat (fuseblk) do not.
        return self.kind in _NETWORK or self.kind.startswith("fuse.") or "remote" in self.options


def mounts() -> list[Mount]:
    """All file systems of this machine."""
    return [
        Mount(part.device, PurePath(part.mountpoint), part.fstype.lower(), frozenset(part.opts.split(",")))
        for part in psutil.disk_partitions(all=True)
    ]


ListMounts = Callable[[], Sequence[Mount]]


def mount_of(path: Path, list_mounts: ListMounts = mounts) -> Mount | None:
    """The file system that a path, or its nearest existing parent, lies on; None if that cannot be told."""
    resolved = path.resolve()
    holding = [mount for mount in list_mounts() if resolved.is_relative_to(mount.folder)]
    # The deepest one; of two at the same place the later one hides the earlier.
    return max(reversed(holding), key=lambda mount: len(mount.folder.parts), default=None)


def on_network(path: Path, list_mounts: ListMounts = mounts) -> bool:
    """Whether a path lies on a network share, where several machines may write and WAL must not be used."""
    if str(path.absolute()).startswith(("\\\\", "//")):  # UNC, \\server\share: in no list of drives
        return True
    mount = mount_of(path, list_mounts)
    return mount is not None and mount.is_network


def on_removable_drive(path: Path, list_mounts: ListMounts = mounts) -> bool:
    """Whether a path lies on a disc, stick or drive that may be gone tomorrow."""
    mount = mount_of(path, list_mounts)
    if mount is None:
        return False
    if mount.options & {"removable", "cdrom"} or mount.kind in _OPTICAL:
        return True
    plugged_in = any(
        mount.folder.is_relative_to(place) and mount.folder != PurePath(place) for place in _PLUGGED_IN
    )
    return plugged_in or (sys.platform == "linux" and _kernel_says_removable(mount.device))


def _kernel_says_removable(device: str, blocks: Path = Path("/sys/class/block")) -> bool:
    """Whether sysfs calls the device, or the one that it is a partition of, removable."""
    if not device.startswith("/dev/"):
        return False
    entry = Path(os.path.realpath(blocks / Path(device).name))  # …/block/sdb/sdb1
    flags = (entry / "removable", entry.parent / "removable")
    return any(flag.is_file() and flag.read_text().strip() == "1" for flag in flags)
