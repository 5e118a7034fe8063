"""Runs every measurement on real films and prints one table each."""

from __future__ import annotations

import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmark import responsiveness, start, triage
from tests.conftest import find_data_folder


def main() -> None:
    data = find_data_folder()
    if data is None:
        sys.exit("The benchmark needs real films: set CXR_DATA to the folder that holds kermany.csv.")
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}\n")
    triage.report(data)
    with tempfile.TemporaryDirectory(prefix="cxr-benchmark-") as scratch:
        responsiveness.report(data, Path(scratch))
        start.report(Path(scratch))


if __name__ == "__main__":
    main()
