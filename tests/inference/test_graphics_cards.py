"""Graphics cards that are there, and what is said where nothing uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.inference.graphics_cards import Maker, advice, find_makers, linux_makers

CPU_ONLY = ("AzureExecutionProvider", "CPUExecutionProvider")
CUDA = ("CUDAExecutionProvider", "CPUExecutionProvider")
DIRECT_ML = ("DmlExecutionProvider", "CPUExecutionProvider")
CORE_ML = ("CoreMLExecutionProvider", "CPUExecutionProvider")


def card(root: Path, name: str, vendor: bytes) -> None:
    folder = root / "sys" / "class" / "drm" / name / "device"
    folder.mkdir(parents=True)
    (folder / "vendor").write_bytes(vendor)


def test_cards_are_known_by_the_vendor_in_the_file_system_each_maker_once(tmp_path: Path) -> None:
    card(tmp_path, "card0", b"0x8086\n")
    card(tmp_path, "card1", b"0x10de\n")
    card(tmp_path, "card2", b"0x10DE\n")
    card(tmp_path, "card3", b"0x1af4\n")  # a virtual machine's
    card(tmp_path, "card4", b"\xff\xfe")
    assert linux_makers(tmp_path, has_nvidia_tool=False) == (Maker.INTEL, Maker.NVIDIA)


def test_nvidias_driver_or_its_tool_alone_tells_of_a_card(tmp_path: Path) -> None:
    assert linux_makers(tmp_path, has_nvidia_tool=False) == ()
    assert linux_makers(tmp_path, has_nvidia_tool=True) == (Maker.NVIDIA,)
    (tmp_path / "proc" / "driver" / "nvidia").mkdir(parents=True)
    (tmp_path / "proc" / "driver" / "nvidia" / "version").touch()
    assert linux_makers(tmp_path, has_nvidia_tool=False) == (Maker.NVIDIA,)


def test_this_computer_can_be_asked() -> None:
    assert set(find_makers()) <= set(Maker)


@pytest.mark.parametrize(
    ("makers", "providers", "system", "package"),
    [
        ((Maker.NVIDIA,), CPU_ONLY, "linux", "'onnxruntime-gpu[cuda,cudnn]'"),
        ((Maker.INTEL, Maker.NVIDIA), CPU_ONLY, "linux", "'onnxruntime-gpu[cuda,cudnn]'"),
        ((Maker.AMD,), CPU_ONLY, "win32", "'onnxruntime-directml'"),
        ((Maker.APPLE,), CPU_ONLY, "darwin", "'onnxruntime'"),
    ],
)
def test_a_card_that_is_not_used_is_told_with_what_to_install(
    makers: tuple[Maker, ...], providers: tuple[str, ...], system: str, package: str
) -> None:
    said = advice(makers, providers, system)
    assert "is not used" in said
    assert package in said


@pytest.mark.parametrize(
    ("makers", "providers", "system"),
    [
        ((), CPU_ONLY, "linux"),
        ((Maker.NVIDIA,), CUDA, "linux"),
        ((Maker.NVIDIA,), DIRECT_ML, "win32"),
        ((Maker.NVIDIA,), CUDA, "win32"),
        ((Maker.APPLE,), CORE_ML, "darwin"),
        ((Maker.INTEL, Maker.AMD), CPU_ONLY, "linux"),  # nothing that could be installed would help
    ],
)
def test_where_nothing_is_to_be_done_nothing_is_said(
    makers: tuple[Maker, ...], providers: tuple[str, ...], system: str
) -> None:
    assert advice(makers, providers, system) == ""
