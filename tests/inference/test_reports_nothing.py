"""What scores films tells nobody of it. The engine is no Python: what it leaves behind gives it away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cxr_desktop.resources import resources_folder

_ASK_ONCE = """
import sys
from pathlib import Path
import numpy as np
from cxr_desktop.inference.bundle import open_lung_finder
from cxr_desktop.inference.devices import find_devices
from cxr_desktop.inference.engine import OnnxEngine
bundle = open_lung_finder(Path(sys.argv[1]))
size = bundle.card.input
OnnxEngine(bundle.graph, find_devices(threads=1)).run(np.zeros((1, size.height, size.width, 1), np.float32))
"""
# Where the engine reports nothing by itself, so that nothing would be seen of it.
_UNWATCHED = ("CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "XDG_DATA_HOME")


def test_the_engine_leaves_no_identifier_in_an_empty_home(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _UNWATCHED}
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
        environment[name] = str(tmp_path)
    ask = [sys.executable, "-c", _ASK_ONCE, str(resources_folder() / "models" / "lung-finder")]
    subprocess.run(ask, env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
