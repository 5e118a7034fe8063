"""The wheel, installed elsewhere, does the main job."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import BUNDLED, PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, PROJECT]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_models_styles_icons_and_migrations(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
    for wanted in (
        f"cxr_desktop/resources/models/{BUNDLED}/model.onnx",
        "cxr_desktop/resources/models/lung-finder/card.json",
        "cxr_desktop/resources/styles/desktop.qss",
        "cxr_desktop/resources/icons/cxr-desktop.svg",
        "cxr_desktop/resources/README.md",
        "cxr_desktop/resources/screenshots/main-window.jpg",
    ):
        assert wanted in names
    assert any(name.startswith("cxr_desktop/storage/migrations/versions/") for name in names)
    assert not any(name.startswith(("tests", "resources")) for name in names)


def test_the_wheel_installed_elsewhere_runs_the_demo(
    wheel: Path, tmp_path: Path, pydicom_films: Path
) -> None:
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        tmp_path / "site",
        wheel,
    ]
    subprocess.run(install, check=True, capture_output=True)
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site"), "COLUMNS": "200"}
    demo = [sys.executable, "-m", "cxr_desktop", "demo", "--headless"]
    answer = subprocess.run(demo, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "RG1_UNCR.dcm" in answer.stdout
    where = [sys.executable, "-c", "import cxr_desktop; print(cxr_desktop.__file__)"]
    answer = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith(str(tmp_path))
