"""`evaluate`, `models`, `demo` and what opens the window."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop import __version__
from cxr_desktop.cli.commands import program
from cxr_desktop.cli.main import COMMANDS, means_command, with_json_value
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.training.film_list import write_list
from tests.cli.conftest import Answer
from tests.conftest import BUNDLED, default_card

Run = Callable[..., Answer]


@pytest.fixture
def labelled(data_folder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "labelled"
    for label in ("NORMAL", "PNEUMONIA"):
        (folder / label).mkdir(parents=True)
        for film in sorted((data_folder / "kermany224" / "test" / label).iterdir())[::20]:
            shutil.copy(film, folder / label)
    return folder


def test_evaluate_prints_and_saves_the_figures(run: Run, labelled: Path, tmp_path: Path) -> None:
    answer = run("evaluate", labelled, "--json", tmp_path / "figures.json")
    assert answer.code == 0
    for word in ("accuracy", "sensitivity", "specificity", "AUC", "95 % interval", "confusion matrix"):
        assert word in answer.out
    assert "expected calibration error" in answer.out
    assert "Left out" not in answer.err
    figures = json.loads((tmp_path / "figures.json").read_text())
    (tn, fp), (fn, tp) = figures["evaluation"]["confusion"]
    count = sum(1 for _ in labelled.rglob("*.jpeg"))
    assert tn + fp + fn + tp == figures["evaluation"]["count"] == count - len(figures["not_judged"])
    assert figures["evaluation"]["accuracy"]["value"] == pytest.approx((tn + tp) / (tn + fp + fn + tp))
    assert figures["evaluation"]["auc"]["value"] > 0.85


def test_evaluate_decides_at_the_operating_point_that_is_named(run: Run, labelled: Path) -> None:
    figures = json.loads(run("evaluate", labelled, "--operating-point", "High sensitivity", "--json").out)
    point = default_card().point_named("high sensitivity")
    assert point is not None
    assert figures["operating_point_name"] == "high sensitivity"
    assert figures["operating_point"] == point.threshold


def test_of_a_list_the_test_films_alone_are_evaluated(run: Run, labelled: Path, tmp_path: Path) -> None:
    films = [
        LabelledFilm(path, path.parent.name.lower(), Side.TEST if number % 2 else Side.TRAIN)
        for number, path in enumerate(sorted(labelled.rglob("*.jpeg")))
    ]
    films[1] = replace(films[1], label="virus")
    write_list(films, tmp_path / "films.csv")
    answer = run("evaluate", tmp_path / "films.csv", "--json")
    figures = json.loads(answer.out)
    tested = sum(film.side is Side.TEST for film in films) - 1
    others = sum(film.side is Side.TRAIN for film in films)
    assert figures["evaluation"]["count"] + len(figures["not_judged"]) == tested
    assert f"{others} films that are not on the test side and 1 film of no label of the model" in answer.err


def test_a_window_with_an_unknown_model_is_refused_before_it_opens(run: Run) -> None:
    answer = run("film.dcm", "--model", "no-such-model")
    assert answer.code == 2
    assert "no model “no-such-model”" in answer.err


def test_evaluate_prints_only_json_where_it_is_asked_to(run: Run, labelled: Path) -> None:
    (labelled / "NORMAL" / os.fsdecode(b"M\xfcller.jpg")).touch()
    answer = run("evaluate", labelled, "--json")
    assert answer.code == 3
    figures = json.loads(answer.out)
    (name,) = figures["unreadable"]
    assert name.endswith("M\\udcfcller.jpg")


def test_films_without_a_verdict_are_listed_and_not_counted(
    run: Run, labelled: Path, tmp_path: Path, pydicom_films: Path
) -> None:
    shutil.copy(pydicom_films / "RG3_UNCR.dcm", labelled / "NORMAL" / "hand.dcm")
    (labelled / "PNEUMONIA" / "empty.jpg").touch()
    answer = run("evaluate", labelled, "--json", tmp_path / "figures.json")
    assert answer.code == 3
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert [Path(name).name for name in figures["not_judged"]] == ["hand.dcm"]
    assert [Path(name).name for name in figures["unreadable"]] == ["empty.jpg"]
    assert "1 film not judged, not in the figures" in answer.out


def test_a_folder_without_the_models_classes_is_refused_with_their_names(run: Run, tmp_path: Path) -> None:
    (tmp_path / "CATS").mkdir()
    answer = run("evaluate", tmp_path)
    assert answer.code == 2
    assert "NORMAL, PNEUMONIA" in answer.err


def test_what_belongs_to_no_class_is_named_as_left_out(run: Run, labelled: Path) -> None:
    for path in labelled.rglob("*.jpeg"):
        if "NORMAL2" in path.name or "bacteria" in path.name:
            path.unlink()
    (labelled / "VIRUS").mkdir()
    (labelled / "loose.jpeg").touch()
    answer = run("evaluate", labelled)
    assert answer.code == 0
    assert "1 folder of no label of the model (VIRUS) and 1 loose film (loose.jpeg)" in answer.err


def test_a_class_that_is_there_twice_by_case_is_refused(run: Run, tmp_path: Path) -> None:
    for name in ("NORMAL", "Normal", "PNEUMONIA"):
        (tmp_path / name).mkdir(exist_ok=True)
    if len(list(tmp_path.iterdir())) < 3:
        pytest.skip("this disk does not tell letters' cases apart")
    answer = run("evaluate", tmp_path)
    assert answer.code == 2
    assert "NORMAL and Normal" in answer.err


def test_films_of_one_kind_are_told_before_any_is_scored(run: Run, tmp_path: Path) -> None:
    (tmp_path / "NORMAL").mkdir()
    (tmp_path / "PNEUMONIA").mkdir()
    (tmp_path / "NORMAL" / "a.jpg").touch()  # would be unreadable, were it opened
    answer = run("evaluate", tmp_path)
    assert answer.code == 2
    assert "only NORMAL holds any" in answer.err


def test_models_lists_the_bundled_one_with_its_test_figures(run: Run) -> None:
    answer = run("models")
    assert answer.code == 0
    assert BUNDLED in answer.out
    assert "AUC 0." in answer.out


def test_demo_headless_prints_the_queue_of_the_bundled_dicom_films(run: Run, pydicom_films: Path) -> None:
    answer = run("demo", "--headless")
    assert answer.code == 0
    lines = [line for line in answer.out.splitlines() if "RG1_" in line]
    assert len(lines) == 4
    assert all("suspected pneumonia" in line for line in lines)
    assert "This is a CT slice" in answer.out


def test_without_a_display_the_window_says_what_to_use_instead(
    run: Run, monkeypatch: pytest.MonkeyPatch, pydicom_films: Path
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    answer = run("demo")
    assert answer.code == 2
    assert "demo --headless" in answer.err
    answer = run("film.dcm")
    assert answer.code == 2
    assert "triage" in answer.err


def test_version_and_help(run: Run) -> None:
    assert __version__ in run("--version").out
    answer = run("--help")
    assert answer.code == 0
    assert "triage" in answer.out


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ([], False),
        (["film.dcm"], False),
        (["triage", "film.dcm"], True),
        (["--help"], True),
        (["--catalogue", "x.sqlite"], False),
    ],
)
def test_anything_but_a_command_is_opened_in_the_window(given: list[str], command: bool) -> None:
    assert means_command(given) is command


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["evaluate", "F", "--json"], ["evaluate", "F", "--json", "-"]),
        (["evaluate", "F", "--json", "--jobs", "2"], ["evaluate", "F", "--json", "-", "--jobs", "2"]),
        (["evaluate", "--json", ".."], ["evaluate", "--json", "-", ".."]),
        (["evaluate", "F", "--json", "x.json"], ["evaluate", "F", "--json", "x.json"]),
        (["evaluate", "F", "--json", "-"], ["evaluate", "F", "--json", "-"]),
    ],
)
def test_json_may_be_asked_for_with_and_without_a_file(given: list[str], meant: list[str]) -> None:
    assert with_json_value(given) == meant


def test_a_film_called_like_a_command_is_a_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").touch()
    assert not means_command(["models"])


def test_the_names_known_at_the_door_are_those_of_the_commands() -> None:
    names = {
        c.name or c.callback.__name__.replace("_", "-") for c in program.registered_commands if c.callback
    }
    groups = {str(group.name) for group in program.registered_groups}
    assert names | groups == set(COMMANDS)
