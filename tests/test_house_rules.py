"""The rules of the house, checked on each run: layers, style, types, and what the window's start imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT


def run(*command: str) -> str:
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def tool(name: str) -> str:
    """A tool installed beside this Python."""
    return str(Path(sys.executable).parent / name)


def test_imports_point_one_way() -> None:
    assert "0 broken" in run(tool("lint-imports"))


@pytest.mark.parametrize("check", [("check", "."), ("format", "--check", ".")])
def test_ruff_finds_nothing(check: tuple[str, ...]) -> None:
    run(tool("ruff"), *check)


def test_types_hold() -> None:
    run(tool("mypy"))


def test_the_window_opens_without_paying_for_keras_scipy_or_the_readers() -> None:
    heavy = (
        "keras",
        "tensorflow",
        "scipy",
        "sklearn",
        "skimage",
        "pydicom",
        "onnxruntime",
        "alembic",
        "lime",
        "matplotlib",
        "sqlalchemy",
        "pyqtgraph",
    )
    program = (
        "import sys, cxr_desktop.cli.main, cxr_desktop.cli.window, cxr_desktop.app.window;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert run(sys.executable, "-c", program).strip() == "[]"


def test_triage_needs_neither_keras_nor_qt() -> None:
    program = (
        "import sys, cxr_desktop.cli.commands;"
        "print([name for name in ('keras', 'tensorflow', 'PySide6', 'sqlalchemy') if name in sys.modules])"
    )
    assert run(sys.executable, "-c", program).strip() == "[]"


@pytest.mark.parametrize("word", ["utils", "helpers"])
def test_no_room_is_called_after_nothing(word: str) -> None:
    assert not list((PROJECT / "cxr_desktop").rglob(f"*{word}*.py"))


def test_no_file_is_too_long_to_be_read_in_one_sitting() -> None:
    lengths = {
        p: len(p.read_text(encoding="utf-8").splitlines()) for p in (PROJECT / "cxr_desktop").rglob("*.py")
    }
    assert {path.name: length for path, length in lengths.items() if length > 350} == {}
