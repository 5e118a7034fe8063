"""A trainer's share of the machine: so many cores, behind everything else, and what memory it takes."""

from __future__ import annotations

import os

_THREADS = ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS")
# Operations wait for one another less than for cores: one more of them at once only takes turns.
_AT_ONCE = "TF_NUM_INTEROP_THREADS"
_NICENESS = 10


def keep_to(cores: int) -> None:
    """Keeps this process to so many cores, at a low priority.

    To be called before Keras is imported: TensorFlow asks for its number of threads once.
    """
    import cv2  # noqa: PLC0415 - only a trainer needs it here
    import psutil  # noqa: PLC0415

    os.environ.update(dict.fromkeys(_THREADS, str(cores)))
    os.environ[_AT_ONCE] = "1"
    cv2.setNumThreads(cores)
    process = psutil.Process()
    try:
        if hasattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS"):
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(process.nice(), _NICENESS))
    except psutil.Error:
        pass  # the system keeps priorities to itself; the number of threads stands


def memory_in_use() -> int:
    """Bytes that this process holds for itself.

    Where the system tells them apart, files mapped into memory are left out: the stored films among them grow
    with their number, but the system takes that memory back whenever it is needed.
    """
    import psutil  # noqa: PLC0415

    memory = psutil.Process().memory_info()
    return int(memory.rss - getattr(memory, "shared", 0))
