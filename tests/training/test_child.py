"""How the program starts itself once more: from its sources, and frozen."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cxr_desktop.language import LANGUAGE
from cxr_desktop.training.child import ChildWork, child_command, start_child
from cxr_desktop.training.estimate import run_estimate
from cxr_desktop.training.trainer import run_trainer

_WORK = ChildWork("tells", "tell-child")
_TELLS = """
import json, os, sys
told = [os.environ[name] for name in ("KERAS_HOME", "COLOUR", "CXR_LANGUAGE")]
print(json.dumps([sys.argv[1:], told, os.getsid(0) == os.getpid()]))
"""


@pytest.mark.parametrize(
    ("window", "command"),
    [
        ("/opt/cxr-desktop/cxr-desktop", "/opt/cxr-desktop/cxr-desktop"),
        ("/CXR Desktop.app/Contents/MacOS/CXR Desktop", "/CXR Desktop.app/Contents/MacOS/cxr-desktop"),
        ("/programs/CXR Desktop.exe", "/programs/cxr-desktop.exe"),
    ],
)
def test_a_frozen_window_starts_the_executable_that_has_an_output(
    window: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", window)
    assert child_command(_WORK, Path("run")) == [str(Path(command)), "tell-child", "run"]


@pytest.mark.parametrize("detached", [True, False])
def test_a_child_says_what_it_says_into_its_log_and_keeps_keras_settings_beside_it(
    detached: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tells.py").write_text(_TELLS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("COLOUR", "the user's")
    monkeypatch.setenv("CXR_LANGUAGE", "pt")  # not the one that the window settled on
    with (tmp_path / "log").open("wb") as log:
        child = start_child(_WORK, tmp_path, log, detached, defaults={"COLOUR": "ours"})
    assert child.wait(30) == 0
    arguments, found, leads = json.loads((tmp_path / "log").read_text(encoding="utf-8"))
    assert (arguments, found) == ([str(tmp_path)], [str(tmp_path), "the user's", LANGUAGE])
    assert leads is detached or sys.platform == "win32"


def test_what_a_frozen_program_starts_is_one_of_its_commands() -> None:
    from cxr_desktop.cli.main import COMMANDS  # noqa: PLC0415 - the layer above
    from cxr_desktop.training import estimate, trainer  # noqa: PLC0415

    for work, function in ((trainer._TRAINER, run_trainer), (estimate._MEASUREMENT, run_estimate)):
        assert work.command in COMMANDS
        assert work.module == function.__module__
