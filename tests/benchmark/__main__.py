"""Runs every measurement on real films and prints one table each."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmark import beside_training, explain, start, triage
from tests.conftest import find_data_folder


def main() -> None:
    data = find_data_folder()
    if data is None:
        sys.exit("The benchmark needs real films: set CXR_DATA to the folder that holds kermany.csv.")
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}\n")
    triage.report(data)
    explain.report(data)
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="cxr-benchmark-") as scratch:
        # In processes of their own: a window has no TensorFlow for its garbage collector to look through.
        for part in ("responsiveness", "labelled_films"):
            watch = f"import sys; from pathlib import Path; from tests.benchmark import {part}; "
            watch += f"{part}.report(Path(sys.argv[1]), Path(sys.argv[2]))"
            subprocess.run([sys.executable, "-c", watch, data, Path(scratch, part)], check=True)
        start.report(Path(scratch))
        beside_training.report(data, Path(scratch))


if __name__ == "__main__":
    main()
