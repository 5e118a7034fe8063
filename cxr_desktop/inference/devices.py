"""What this machine can score on, best first."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr

log = logging.getLogger(__name__)

# All of these install the same module `onnxruntime`; the last one installed overwrites the others.
RUNTIMES = (
    "onnxruntime",
    "onnxruntime-gpu",
    "onnxruntime-directml",
    "onnxruntime-openvino",
    "onnxruntime-rocm",
)


@dataclass(eq=False)
class Device:
    """Where networks run. One that failed under one network is left by all, and by those to come.

    Attributes:
        provider: ONNX Runtime's execution provider.
        threads: CPU threads within one pass (used by the CPU provider, and where a GPU lacks an operator).
        name: for the status bar: "NVIDIA T400 (CUDA)", "CPU, 2 threads".
        on_left: told, on whatever thread it happens, when this device is left.
        failure: what ONNX Runtime said when it failed; None while it is in use.
    """

    provider: str
    threads: int
    name: str
    on_left: Callable[[Device], None] | None = None
    failure: str | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def is_cpu(self) -> bool:
        return self.provider == "CPUExecutionProvider"

    @property
    def is_left(self) -> bool:
        """Whether it failed since the program was started, so that nothing is to run there any more."""
        return self.failure is not None

    def leave(self, reason: Exception) -> None:
        """Gives it up until the program is started again; it is logged and told once."""
        with self._lock:
            if self.failure is not None:
                return
            self.failure = str(reason)  # not the error itself, which would hold the films of its batch
        log.warning("%s failed and is left: %s", self.name, reason)
        if self.on_left is not None:
            self.on_left(self)


def left_sentence(device: Device) -> str:
    """What the reader is told of a device that was left."""
    return tr(
        "{device} failed and is left until the program is started again: the processor scores in "
        "its place. No film is lost and scores stay what they are; it only takes longer. If it "
        "happens again, bring the card's driver up to date and look at Help → Check this "
        "computer.",
        device=device.name,
    )


def cpu(threads: int) -> Device:
    """The processor, with so many threads."""
    name = tr("CPU, {threads}", threads=counted(threads, "thread", "threads"))
    return Device("CPUExecutionProvider", threads, name)


def _nvidia_name() -> str:
    """The first NVIDIA card's own name, as its driver's tool gives it."""
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=3, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return "NVIDIA GPU"
    return answer.splitlines()[0].strip() if answer.strip() else "NVIDIA GPU"


# Best first; each with what the status bar calls it.
_ACCELERATORS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("CUDAExecutionProvider", lambda: f"{_nvidia_name()} (CUDA)"),
    ("DmlExecutionProvider", lambda: "GPU (DirectML)"),
    ("CoreMLExecutionProvider", lambda: "Apple (CoreML)"),
)


def find_devices(
    threads: int,
    providers: Sequence[str] | None = None,
    on_left: Callable[[Device], None] | None = None,
) -> list[Device]:
    """The devices to try, best first, the processor always last.

    Args:
        threads: for the processor.
        providers: what ONNX Runtime offers; None asks it.
        on_left: told when one of them is left.
    """
    offered = offered_providers() if providers is None else providers
    found = [Device(p, threads, name(), on_left) for p, name in _ACCELERATORS if p in offered]
    return [*found, cpu(threads)]


def offered_providers() -> list[str]:
    """The execution providers of the ONNX Runtime that is installed, whether they work here or not."""
    import onnxruntime  # noqa: PLC0415 - 0.1 s, spent on the thread that scores

    providers: list[str] = onnxruntime.get_available_providers()
    return providers


def threads_beside_a_window() -> int:
    """All usable cores but one, which the window keeps."""
    return max(1, usable_cores() - 1)


def usable_cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def runtime_conflict(installed: Sequence[str] | None = None) -> str:
    """A warning when several ONNX Runtime packages overwrite each other; "" when all is well.

    Args:
        installed: names of installed distributions; None looks.
    """
    if installed is None:
        from importlib import metadata  # noqa: PLC0415 - brings the e-mail parser along

        installed = [d.name for d in metadata.distributions() if d.name]
    names = {name.lower().replace("_", "-") for name in installed}
    found = sorted(set(RUNTIMES) & names)
    if len(found) < 2:
        return ""
    return tr(
        "{count} packages that overwrite each other are installed: {packages}. Which one runs is "
        "left to chance. Remove all with “pip uninstall -y {all}”, then install the one you "
        "want: “pip install onnxruntime” (processor), “onnxruntime-gpu” (NVIDIA, CUDA) or "
        "“onnxruntime-directml” (Windows).",
        count=len(found),
        packages=", ".join(found),
        all=" ".join(found),
    )
