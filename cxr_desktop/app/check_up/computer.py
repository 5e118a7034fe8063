"""The program, the computer, and what networks may run on here."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Iterator

import psutil

from cxr_desktop import __version__
from cxr_desktop.domain.check_up import Finding, Outcome
from cxr_desktop.domain.wording import counted
from cxr_desktop.inference.devices import (
    RUNTIMES,
    find_devices,
    offered_providers,
    runtime_conflict,
    threads_beside_a_window,
    usable_cores,
)
from cxr_desktop.inference.graphics_cards import advice, find_makers
from cxr_desktop.language import tr
from cxr_desktop.training.versions import versions_of

LIBRARIES = (
    "numpy", "onnxruntime", "opencv-python-headless", "pillow", "pydicom", "imagecodecs", "simplejpeg",
    "scikit-image", "sqlalchemy", "PySide6-Essentials", "tensorflow", "keras",
)  # fmt: skip

# The window with a model and its cache of decoded films takes about one.
_LITTLE_MEMORY = 1.5e9


def of_program() -> Iterator[Finding]:
    """Versions, and on what they run."""
    kind = tr("installed as a program") if getattr(sys, "frozen", False) else tr("run by Python")
    yield Finding("CXR Desktop", f"{__version__}, {kind}")
    yield Finding("Python", f"{platform.python_version()}, {platform.machine()}")
    yield Finding(tr("System"), _system())
    versions = versions_of(LIBRARIES)
    yield Finding(
        tr("Libraries"),
        ", ".join(f"{name} {version}" for name, version in versions.items()) or tr("not told"),
    )
    if importlib.util.find_spec("tensorflow") is None:
        yield Finding(
            tr("Training"),
            tr("TensorFlow is not installed: this program reads, but trains no models"),
            Outcome.REMARK,
        )


def of_memory() -> Iterator[Finding]:
    """Memory and processor."""
    memory = psutil.virtual_memory()
    words = tr("{all}, {free} of it free", all=gigabytes(memory.total), free=gigabytes(memory.available))
    if memory.available < _LITTLE_MEMORY:
        yield Finding(
            tr("Memory"), tr("{memory}: too little. Close other programs.", memory=words), Outcome.AMISS
        )
    else:
        yield Finding(tr("Memory"), words)
    cores = counted(os.cpu_count() or 1, "core", "cores")
    yield Finding(
        tr("Processor"),
        tr("{cores}, of which {usable} may be used here", cores=cores, usable=usable_cores()),
    )


def of_scoring() -> Iterator[Finding]:
    """Which devices there are, and which could be."""
    providers, makers = offered_providers(), find_makers()
    yield Finding(tr("Providers"), ", ".join(providers))
    devices = find_devices(threads_beside_a_window(), providers)
    yield Finding(tr("Devices"), tr(", then ").join(device.name for device in devices))
    yield Finding(tr("Graphics cards"), ", ".join(makers) or tr("none known to the program"))
    unused = advice(makers, providers, sys.platform)
    if unused:
        yield Finding(tr("Not used"), unused, Outcome.REMARK)
    elif makers and len(devices) == 1:
        yield Finding(
            tr("Not used"), tr("The program cannot use this card; the processor scores."), Outcome.REMARK
        )
    conflict = runtime_conflict()
    if conflict:
        yield Finding(RUNTIMES[0], conflict, Outcome.AMISS)


def gigabytes(count: float) -> str:
    """Bytes, as people say it: "7.8 GB"."""
    return f"{count / 1e9:.1f} GB"


def _system() -> str:
    if sys.platform == "linux":
        try:
            return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}"
        except (OSError, KeyError):
            pass
    return platform.platform()
