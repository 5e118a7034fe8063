"""What something was made with is told as far as it is known."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.training.versions import versions_of


def test_versions_are_told_of_what_is_installed() -> None:
    assert versions_of(["numpy", "a-library-of-nobody"]) == {"numpy": np.__version__}


def test_the_runtime_is_known_under_the_name_of_each_kind_of_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "onnxruntime_directml-1.2.3.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: onnxruntime-directml\nVersion: 1.2.3\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert versions_of(["onnxruntime", "numpy"]) == {"onnxruntime": "1.2.3"}
