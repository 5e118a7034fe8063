"""What a frozen program puts right for the programs that it starts, and for those that print."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cxr_desktop.frozen import settle_in


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process, as PyInstaller marks its own."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)


@pytest.mark.usefixtures("frozen")
def test_other_programs_find_the_systems_libraries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/cxr-desktop/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/drivers")
    settle_in()
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/drivers"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/cxr-desktop/_internal")
    settle_in()
    assert "LD_LIBRARY_PATH" not in os.environ


def test_a_program_that_is_not_frozen_keeps_its_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/drivers")
    settle_in()
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/drivers"


def test_whatever_prints_in_a_windowed_program_does_not_end_it() -> None:
    program = (
        "import sys; sys.frozen = True; sys.stdout = sys.stderr = None\n"
        "from cxr_desktop.frozen import settle_in\n"
        "settle_in(); sys.stdout.write('a'); sys.stderr.flush()"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
