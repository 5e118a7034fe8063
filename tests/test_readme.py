"""What the README promises a newcomer is what there is, and its recipes can be followed as they stand."""

from __future__ import annotations

import re
import textwrap
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from cxr_desktop.cli.commands import program
from cxr_desktop.cli.main import COMMANDS
from cxr_desktop.domain.explanation import METHOD_HELP, METHOD_TITLES, Explanation, Method
from cxr_desktop.domain.help_text import NOT_FOR_READERS, chapters_of, help_chapters
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.imaging.phantom import phantom
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_explainer
from cxr_desktop.resources import resources_folder
from tests.conftest import BUNDLED, PROJECT
from tests.inference.explain.networks import Linear, heard
from tests.screenshots import LARGEST_BYTES, SCREENSHOTS

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CI = PROJECT / ".ci" / "run"


def block(name: str, language: str = "sh") -> str:
    """The one code block of this name."""
    (content,) = re.findall(rf"^```{language} {name}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(content).strip()


def executed(code: str, **known: Any) -> dict[str, Any]:
    """What is there after some code has run."""
    names: dict[str, Any] = {"__name__": "recipe", **known}
    exec(compile(code, "README.md", "exec"), names)
    return names


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


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
@pytest.mark.filterwarnings("ignore:.*np.object.*:FutureWarning")  # tf2onnx' own
def test_an_architecture_added_by_the_recipe_can_be_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cxr_desktop.inference.bundle import open_classifier  # noqa: PLC0415 - Keras, below
    from cxr_desktop.training.architectures import ARCHITECTURES  # noqa: PLC0415
    from cxr_desktop.training.request import TrainingRequest  # noqa: PLC0415
    from cxr_desktop.training.run import run_training  # noqa: PLC0415
    from tests.training.audit.pictures import drawn_films  # noqa: PLC0415

    (record,) = executed(block("add-an-architecture", "python"))["RECORDS"]
    assert record.build(record.input, record.outputs(2)).count_params() == record.parameters
    monkeypatch.setitem(ARCHITECTURES, record.id, record)
    drawn_films(tmp_path / "films", {"NORMAL": 16, "PNEUMONIA": 16})
    (tmp_path / "run").mkdir()
    request = TrainingRequest(
        tmp_path / "films", record.id, tmp_path / "model", tuning=Tuning(epochs=1, batch=8)
    )
    assert run_training(request, tmp_path / "run")
    assert open_classifier(tmp_path / "model").card.provenance.architecture == record.id


def test_an_explanation_added_by_the_recipe_finds_what_a_network_looks_at() -> None:
    rise = executed(block("add-an-explanation", "python"))["rise"]
    slopes = np.zeros((64, 64, 1))
    slopes[:16, -16:] = 1
    image = np.full((64, 64, 1), 0.4, np.float32)
    image[:16, -16:] = 0.9
    found = rise(Linear(slopes), image, heard)
    assert (found.shape, found.dtype) == ((64, 64), np.float32)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert row < 24 and column >= 40


def test_an_explanation_added_by_the_recipe_is_told_like_any_other() -> None:
    members = {method.name: method.value for method in Method}
    members["RISE"] = executed(block("its-name", "python"))["RISE"]
    names = executed(
        "def explain(self, asked, method, on_progress):\n    match method:\n"
        + textwrap.indent(block("its-case", "python"), " " * 8),
        Method=StrEnum("Method", members),
        Heatmap=Heatmap,
        rise=executed(block("add-an-explanation", "python"))["rise"],
    )
    models = resources_folder() / "models"
    explainer = load_explainer(models / BUNDLED, models / "lung-finder", [cpu(1)])
    told = names["explain"](explainer, explainer.question(phantom()), names["Method"].RISE, heard)
    assert isinstance(told, Explanation)
    assert told.heatmap.method == "RISE" and told.in_lungs is not None
    assert set(METHOD_TITLES) == set(METHOD_HELP) == set(Method)


def test_the_help_holds_the_readers_chapters_and_points_only_to_what_is_installed() -> None:
    titles = [chapter.title for chapter in chapters_of(README)]
    assert set(NOT_FOR_READERS) < set(titles)
    chapters = help_chapters(README)
    assert {"How to read the score", "Formats", "Train a model"} <= {chapter.title for chapter in chapters}
    text = "".join(chapter.text for chapter in chapters)
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links and all(link.startswith("resources/") for link in links)


def test_the_pictures_are_small() -> None:
    pictures = re.findall(r"\]\((resources/screenshots/[^)]+)\)", README)
    assert len(pictures) >= 2
    sizes = {file.name: file.stat().st_size for file in SCREENSHOTS.iterdir()}
    assert {name for name, size in sizes.items() if size > LARGEST_BYTES} == set()


@pytest.mark.skipif(not CI.exists(), reason="there is no .ci/run here")
def test_the_build_runs_the_very_commands_of_the_readme() -> None:
    asked = re.findall(r"\$\(block ([a-z-]+)\)", CI.read_text(encoding="utf-8"))
    assert set(asked) == {"debian-packages", "tests"}
    assert all(block(name) for name in asked)
