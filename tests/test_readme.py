"""What the README promises a newcomer is what there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
import typer

from cxr_desktop.cli.commands import program
from cxr_desktop.cli.main import COMMANDS
from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CI = PROJECT / ".ci" / "run"


def block(name: str) -> str:
    """The one code block of this name."""
    (content,) = re.findall(rf"^```sh {name}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(content).strip()


def test_one_command_installs_and_runs_the_main_job_and_one_the_tests() -> None:
    assert block("demo") == "pip install -e '.[demo]' && cxr-desktop demo"
    assert block("tests") == "pip install -e '.[test]' && python -m pytest"


def test_each_command_is_in_the_readme_and_each_in_the_readme_is_one() -> None:
    named = set(re.findall(r"^\| `cxr-desktop ([a-z-]+)", README, re.MULTILINE))
    assert named == set(COMMANDS) - {"train-child", "estimate-child"}  # which only the program starts


def test_each_option_of_a_command_is_in_its_line_of_the_readme() -> None:
    lines = dict(re.findall(r"^\| `cxr-desktop ([a-z-]+)([^`]*)`", README, re.MULTILINE))
    for name, command in typer.main.get_group(program).commands.items():
        if not command.hidden:
            params = [each for verb in (command, *verbs_of(command)) for each in verb.params]
            options = {option for each in params for option in shown(each) if option.startswith("--")}
            assert set(re.findall(r"--[a-z-]+", lines[name])) == options, name


def verbs_of(command: Any) -> list[Any]:
    """What can be said after a command that has verbs."""
    return list(getattr(command, "commands", {}).values())


def shown(option: Any) -> list[str]:
    """How an option is written; one that is on unless it is turned off, by what turns it off."""
    return option.secondary_opts if option.default is True and option.secondary_opts else option.opts[:1]


def test_what_the_readme_points_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert all((PROJECT / link).exists() for link in links)


@pytest.mark.skipif(not CI.exists(), reason="there is no .ci/run here")
def test_the_build_runs_the_very_commands_of_the_readme() -> None:
    asked = re.findall(r"\$\(block ([a-z-]+)\)", CI.read_text(encoding="utf-8"))
    assert set(asked) == {"debian-packages", "tests"}
    assert all(block(name) for name in asked)
