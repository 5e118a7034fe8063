"""`cxr-desktop explain` on real films, and on all that cannot be explained."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cxr_desktop.cli.common import explainer_for
from cxr_desktop.cli.explained_files import Told, picture_lines
from cxr_desktop.cli.new_files import new_files
from cxr_desktop.domain.explanation import Method
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.explain.explainer import Explainer
from cxr_desktop.inference.explain.trust import doubts
from tests.cli.conftest import Answer
from tests.conftest import BUNDLED, PROJECT
from tests.training.small_bundle import without_gradient

Run = Callable[..., Answer]

QUICK = ("--samples", 60, "--superpixels", 12, "--seeds", 2)
MAP_FILES = ["figures.json", "map.npy", "map.png"]


@pytest.fixture(scope="session")
def film(data_folder: Path) -> Path:
    """One at its original size."""
    return min((data_folder / "kermany_full" / "PNEUMONIA").iterdir())


def figures_of(folder: Path) -> dict[str, Any]:
    text = (folder / "figures.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def names_in(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


@pytest.mark.parametrize(
    ("method", "made_by"),
    [("cam", "Grad-CAM"), ("gradcam++", "Grad-CAM++"), ("occlusion", "occlusion"), ("lime", "LIME")],
)
def test_each_method_writes_picture_map_and_figures(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path, method: str, made_by: str
) -> None:
    output = tmp_path / "made" / "for it"
    answer = run("explain", film, "--method", method, "--model", small_bundle, "--output", output, *QUICK)
    assert answer.code == 0, answer.err
    assert names_in(output) == MAP_FILES + (["superpixels.png"] if method == "lime" else [])
    with Image.open(film) as original:
        width, height = original.size
    laid = np.load(output / "map.npy")
    assert laid.dtype == np.float32
    assert laid.shape == (height, width)
    assert laid.max() > 0
    figures = figures_of(output)
    assert (figures["method"], figures["made_by"]) == (method, made_by)
    assert figures["model"]["id"] == "small"
    assert figures["film"] == {"height": height, "width": width}
    assert figures["box"] == {"top": 0, "left": 0, "bottom": height, "right": width}
    assert 0 <= figures["probability"] <= 1
    assert figures["has_evidence"] is True
    assert 0 <= figures["evidence_in_lungs"] <= 1
    assert set(figures["overlap"]) == set() if method == "cam" else {"cam"}
    assert figures["seconds"] > 0
    assert film.stem not in (output / "figures.json").read_text(encoding="utf-8")
    with Image.open(output / "map.png") as picture:
        pixels = np.asarray(picture).astype(int)
    assert (pixels.max(axis=2) - pixels.min(axis=2) > 40).any()


def test_lime_tells_fit_agreement_and_each_weight_and_the_same_seed_draws_the_same(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        asked = ("--method", "lime", "--model", small_bundle, "--seed", seed, *QUICK)
        assert run("explain", film, *asked, "--output", tmp_path / name).code == 0
    figures = figures_of(tmp_path / "one")
    assert figures["options"] == {"samples": 60, "superpixels": 12, "seed": 7, "seeds": 2}
    assert -1 <= figures["agreement"] <= 1
    assert figures["fit"] <= 1
    assert len(figures["weights"]) > 5
    one, same, other = (
        (tmp_path / name / "superpixels.png").read_bytes() for name in ("one", "same", "other")
    )
    assert one == same != other
    assert figures["weights"] == figures_of(tmp_path / "same")["weights"]


def test_without_a_method_it_is_the_map_that_comes_with_the_score(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    assert run("explain", film, "--model", small_bundle, "--output", tmp_path / "out").code == 0
    assert figures_of(tmp_path / "out")["method"] == "cam"


def test_several_methods_have_a_folder_each_and_are_compared(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    methods = ("--method", "occlusion", "--method", "gradcam++", "--method", "features")
    channels = ("--channel", 3, "--channel", 5)
    output = tmp_path / "out"
    answer = run("explain", film, *methods, *channels, "--model", small_bundle, "--output", output)
    assert answer.code == 0, answer.err
    assert sorted(each.name for each in output.iterdir()) == ["features", "gradcam++", "occlusion"]
    assert names_in(output / "occlusion") == names_in(output / "gradcam++") == MAP_FILES
    one, other = figures_of(output / "occlusion"), figures_of(output / "gradcam++")
    assert set(one["overlap"]) == {"cam", "gradcam++"}
    assert one["overlap"]["gradcam++"] == pytest.approx(other["overlap"]["occlusion"])
    assert one["doubts"] == other["doubts"]


def test_features_are_a_picture_a_layer_and_one_of_each_channel(run: Run, film: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    answer = run("explain", film, "--method", "features", "--model", BUNDLED, "--output", output)
    assert answer.code == 0, answer.err
    layers = ["01_conv1", "02_pool1", "03_conv2", "04_pool2", "05_conv3", "06_pool3"]
    assert names_in(output) == [
        *(f"{layer}.png" for layer in layers), "channel_15.png", "channel_3.png", "figures.json"
    ]  # fmt: skip
    listed = figures_of(output)["layers"]
    assert [each["channels"] for each in listed] == [32, 32, 64, 64, 128, 128]
    assert [Path(each["file"]).stem for each in listed] == layers


def test_a_channel_that_no_layer_has_is_refused_with_those_that_there_are(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    asked = ("--method", "features", "--channel", 99, "--model", small_bundle)
    answer = run("explain", film, *asked, "--output", tmp_path / "out")
    assert answer.code == 2
    assert "no channel 99: the widest layer has 6, counted from 0 to 5" in answer.err
    assert answer.out == ""
    assert not (tmp_path / "out").exists()


def test_what_a_model_does_not_allow_is_said_and_the_rest_is_written(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    without_gradient(small_bundle, tmp_path / "old")
    asked = ("--method", "gradcam++", "--method", "cam", "--model", tmp_path / "old")
    answer = run("explain", film, *asked, "--output", tmp_path / "out")
    assert answer.code == 2
    assert "gradcam++: " in answer.err
    assert "cxr_desktop.training.repackage" in answer.err
    assert names_in(tmp_path / "out") == [f"cam/{name}" for name in MAP_FILES]


def test_files_of_the_same_name_are_replaced_and_others_stay(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "map.npy").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    look = ("--contours", "--colour-map", "viridis", "--opacity", 0.8, "--threshold", 0.3)
    assert run("explain", film, *look, "--model", small_bundle, "--output", tmp_path).code == 0
    assert np.load(tmp_path / "map.npy").ndim == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert names_in(tmp_path) == [*MAP_FILES, "notes.txt"]


def test_pictures_of_an_earlier_run_do_not_stay_beside_those_of_a_later_one(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    shutil.copy(film, tmp_path / "01_film.png")  # named as a layer's picture might be
    for method, written in (
        ("features", [*(f"0{n}_" for n in range(1, 5)), "channel_3.png", "figures.json"]),
        ("lime", [*MAP_FILES, "superpixels.png"]),
        ("cam", MAP_FILES),
    ):
        asked = ("--method", method, "--channel", 3, "--model", small_bundle, *QUICK)
        assert run("explain", film, *asked, "--output", tmp_path).code == 0
        there = sorted(set(names_in(tmp_path)) - {"01_film.png"})
        assert len(there) == len(written)
        assert all(name.startswith(start) for name, start in zip(there, written, strict=True))
        assert figures_of(tmp_path)["files"] == sorted(set(there) - {"figures.json"})
    assert (tmp_path / "01_film.png").read_bytes() == film.read_bytes()


@pytest.mark.parametrize("figures", ["", "[]", "{}", '{"files": 3}', '{"files": [["map.png"], null]}'])
def test_figures_that_are_not_this_programs_are_replaced_and_nothing_is_removed(
    tmp_path: Path, figures: str
) -> None:
    (tmp_path / "figures.json").write_text(figures)
    (tmp_path / "map.png").touch()
    with new_files(tmp_path) as fresh:
        (fresh / "figures.json").write_text("{}")
    assert names_in(tmp_path) == ["figures.json", "map.png"]
    assert (tmp_path / "figures.json").read_text() == "{}"


def test_only_files_of_these_names_are_ever_removed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for name in ("../notes.png", "film.png", "superpixels.png"):
        (tmp_path / "out" / name).touch()
    listed = ["../notes.png", "film.png", "superpixels.png", "map.npy"]
    (tmp_path / "out" / "figures.json").write_text(json.dumps({"files": listed}))
    with new_files(tmp_path / "out") as fresh:
        (fresh / "figures.json").touch()
    assert names_in(tmp_path) == ["notes.png", "out/figures.json", "out/film.png"]


def test_one_line_tells_where_the_files_are_and_the_main_figures(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    asked = ("--method", "cam", "--method", "lime", "--method", "features", "--channel", 3)
    answer = run("explain", film, *asked, *QUICK, "--model", small_bundle, "--output", output)
    (line,) = answer.out.replace("\u00a0", " ").splitlines()
    assert line.startswith(f"{output}: ")
    share = figures_of(output / "cam")["evidence_in_lungs"]
    assert f"; cam: {100 * share:.0f} % of the evidence lies in the lungs; lime: " in line
    assert f", agreement over 2 seeds {figures_of(output / 'lime')['agreement']:.2f}; " in line
    assert line.endswith("; features: 4 layers")


def test_the_share_in_the_lungs_is_said_once_beneath_a_picture(
    film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    explainer = explainer_for(str(small_bundle))
    radiograph = read_radiograph(FilmSource(film))
    asked = explainer.question(radiograph)
    made = explainer.explain(asked, Method.CAM, lambda *_: None)
    for share, times in ((0.4, "outside the lungs"), (0.9, "in the lungs")):
        told = Told(Method.CAM, replace(made, in_lungs=share), 0.1, None)
        lines = picture_lines(told, asked, explainer.card, doubts([made.heatmap], [share], asked.shape))
        assert [line for line in lines if "the lungs" in line and "evidence" in line and times in line]
        assert sum("of the evidence" in line for line in lines) == 1


def test_a_models_file_that_is_gone_is_not_told_as_the_folders_fault(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = shutil.copytree(small_bundle, tmp_path / "small")

    def load_and_lose(model: str) -> Explainer:
        explainer = explainer_for(model)
        (bundle / "model.onnx").unlink()
        return explainer

    monkeypatch.setattr("cxr_desktop.cli.explain.explainer_for", load_and_lose)
    asked = ("--method", "features", "--model", bundle)
    answer = run("explain", film, *asked, "--output", tmp_path / "out")
    assert answer.code == 2
    assert "features: The model's files cannot be read: No such file or directory." in answer.err
    assert "could not be written" not in answer.err
    assert not (tmp_path / "out").exists()


def test_a_film_out_of_scope_has_no_picture_but_its_reason(
    run: Run, pydicom_films: Path, small_bundle: Path, tmp_path: Path
) -> None:
    hand = pydicom_films / "RG3_UNCR.dcm"
    answer = run("explain", hand, "--model", small_bundle, "--output", tmp_path / "out")
    assert answer.code == 2
    assert "No map can be made: " in answer.err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_film_is_refused_with_its_reason(run: Run, tmp_path: Path) -> None:
    for name, content, reason in (("notes.csv", "a,b\n", "This program reads"), ("empty.dcm", "", "empty")):
        (tmp_path / name).write_text(content)
        answer = run("explain", tmp_path / name, "--output", tmp_path / "out")
        assert answer.code == 3
        assert reason in answer.err
    answer = run("explain", tmp_path / "nowhere.dcm", "--output", tmp_path / "out")
    assert answer.code == 3
    assert "There is no such file. Check its path." in answer.err
    assert not (tmp_path / "out").exists()


def test_a_folder_or_an_archive_of_several_films_is_refused(run: Run, film: Path, tmp_path: Path) -> None:
    answer = run("explain", film.parent, "--output", tmp_path / "out")
    assert answer.code == 2
    assert "This is a folder; one film is explained at a time" in answer.err
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(film, "a.jpeg")
        archive.write(film, "b.jpeg")
    answer = run("explain", tmp_path / "two.zip", "--output", tmp_path / "out")
    assert answer.code == 2
    assert "There are 2 films in this file" in answer.err
    assert run("explain", film, film, "--output", tmp_path / "out").code == 2


def test_the_only_film_of_an_archive_is_explained(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.write(film, "inner/a.jpeg")
    out = tmp_path / "out"
    assert run("explain", tmp_path / "one.zip", "--model", small_bundle, "--output", out).code == 0
    assert names_in(out) == MAP_FILES


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--method", "shap"], "choose cam, gradcam++, occlusion, lime, features"),
        (["--colour-map", "rainbow"], "choose inferno"),
        (["--samples", "3"], "samples must lie in 50 to 20000, got 3"),
        (["--opacity", "1.5"], "--opacity"),
        (["--model", "no-such-model"], "no model “no-such-model”"),
    ],
)
def test_wrong_usage_is_told_with_what_is_known(
    run: Run, film: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    answer = run("explain", film, "--output", tmp_path / "out", *arguments)
    assert answer.code == 2
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_to_is_named(
    run: Run, film: Path, small_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    answer = run("explain", film, "--model", small_bundle, "--output", tmp_path / "file")
    assert answer.code == 2
    assert "could not be written to" in answer.err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent otherwise there")
def test_ctrl_c_ends_at_once_and_leaves_nothing(film: Path, small_bundle: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    asked = ["--method", "lime", "--samples", "20000", "--seeds", "20", "--model", small_bundle]
    # Whatever started these tests may have had Ctrl+C ignored, and its children inherit that.
    program = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program += "from cxr_desktop.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", program, "explain", film, *asked, "--output", output]
    with subprocess.Popen(
        command, cwd=PROJECT, stderr=subprocess.PIPE, env=os.environ | {"COLUMNS": "200"}
    ) as one:
        while not any(tmp_path.glob(".explain-*")):
            assert one.poll() is None
            time.sleep(0.05)
        time.sleep(0.5)  # among the 400,000 passes, which would take minutes
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=30)
    assert one.returncode != 0
    assert list(tmp_path.iterdir()) == []
