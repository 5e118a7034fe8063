"""What loading a model needed for a moment is not kept."""

from __future__ import annotations

import gc
import sys

import numpy as np
import psutil
import pytest

from cxr_desktop.inference.freed_memory import give_back_memory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do it themselves")
def test_freed_memory_goes_back_to_the_system() -> None:
    process = psutil.Process()
    give_back_memory()  # what other tests left
    # Blocks below the size that the C library maps one by one; every tenth stays, so that it keeps the rest.
    blocks = [np.ones(12_000) for _ in range(2000)]
    kept = blocks[::10]
    del blocks
    gc.collect()
    before = process.memory_info().rss
    give_back_memory()
    assert before - process.memory_info().rss > 50e6  # of the 190 MB that the blocks had
    assert all(each.sum() == 12_000 for each in kept)
