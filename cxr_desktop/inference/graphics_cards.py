"""Which graphics cards this computer has, found without any driver's package, and what puts them to use."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path

from cxr_desktop.language import tr


class Maker(StrEnum):
    """Who made a graphics card."""

    NVIDIA = "NVIDIA"
    AMD = "AMD"
    INTEL = "Intel"
    APPLE = "Apple"


# https://pcisig.com/membership/member-companies
_PCI_VENDORS = {"10de": Maker.NVIDIA, "1002": Maker.AMD, "1022": Maker.AMD, "8086": Maker.INTEL}

# The class of display adapters; each adapter is a numbered key in it, those of virtual screens among them.
# https://learn.microsoft.com/windows-hardware/drivers/install/system-defined-device-setup-classes-available-to-vendors
_WINDOWS_DISPLAYS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


def find_makers() -> tuple[Maker, ...]:
    """The makers of this computer's graphics cards, each once; those that no provider knows are left out."""
    if sys.platform == "win32":
        return _known(_vendor_in(each) for each in _windows_ids())
    if sys.platform == "darwin":
        return (Maker.APPLE,) if platform.machine() == "arm64" else ()
    return linux_makers(Path("/"), has_nvidia_tool=shutil.which("nvidia-smi") is not None)


def linux_makers(root: Path, has_nvidia_tool: bool) -> tuple[Maker, ...]:
    """What Linux tells of the cards in its file system.

    Args:
        root: where `/proc` and `/sys` are.
        has_nvidia_tool: whether `nvidia-smi` is there; in a container it may be all that tells of a card.
    """
    nvidia = has_nvidia_tool or (root / "proc" / "driver" / "nvidia" / "version").exists()
    vendors = ["10de"] if nvidia else []
    for file in sorted((root / "sys" / "class" / "drm").glob("card*/device/vendor")):
        try:
            vendors.append(file.read_text(encoding="ascii").strip().removeprefix("0x"))
        except (OSError, UnicodeDecodeError):
            continue  # a card that was taken out, or one that is no PCI device
    return _known(vendors)


def advice(makers: Collection[Maker], providers: Collection[str], system: str) -> str:
    """What to install where a card is there that nothing uses; "" where there is nothing to be done.

    Args:
        providers: what the installed ONNX Runtime offers.
        system: as `sys.platform` has it.
    """
    if system == "win32" and makers and not {"DmlExecutionProvider", "CUDAExecutionProvider"} & {*providers}:
        return _install(tr("The graphics card ({makers})", makers=", ".join(makers)), "onnxruntime-directml")
    if Maker.APPLE in makers and "CoreMLExecutionProvider" not in providers:
        return _install(tr("The Mac's graphics unit"), "onnxruntime")
    if system == "linux" and Maker.NVIDIA in makers and "CUDAExecutionProvider" not in providers:
        return _install(tr("The NVIDIA card"), "onnxruntime-gpu[cuda,cudnn]")
    return ""


def _install(card: str, package: str) -> str:
    return tr(
        "{card} is not used. Where the program was installed by pip, exchange the runtime: "
        "“pip uninstall -y onnxruntime && pip install '{package}'”, then start the program "
        "again. Scores stay what they are; they only come faster.",
        card=card,
        package=package,
    )


def _known(vendors: Iterable[str]) -> tuple[Maker, ...]:
    makers = (_PCI_VENDORS.get(vendor.lower()) for vendor in vendors)
    return tuple(dict.fromkeys(maker for maker in makers if maker is not None))


def _vendor_in(device_id: str) -> str:
    """The four digits of a Windows hardware id such as `PCI\\VEN_10DE&DEV_1FB9`; "" where it has none."""
    return device_id.upper().partition("VEN_")[2][:4]


def _windows_ids() -> list[str]:
    """The hardware ids of Windows' display adapters."""
    found: list[str] = []
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only Windows has it

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _WINDOWS_DISPLAYS) as displays:
            for index in range(winreg.QueryInfoKey(displays)[0]):
                try:
                    with winreg.OpenKey(displays, winreg.EnumKey(displays, index)) as display:
                        found.append(str(winreg.QueryValueEx(display, "MatchingDeviceId")[0]))
                except OSError:
                    continue  # “Properties”, which is closed to users, or an adapter without an id
    return found
