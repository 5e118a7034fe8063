"""A finished model tried on labelled films: what counts, what is told, and what is not compared."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.engine import OnnxEngine
from cxr_desktop.inference.loading import load_lung_finder
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.events import Event, FilmLeftOut
from cxr_desktop.training.prepare import Material, prepare
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.trial import Trial
from tests.training.tiny_bundle import write_tiny_bundle


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelCard, OnnxEngine]:
    """Tells drawn films with a spot from those without, by their brightness."""
    folder = tmp_path_factory.mktemp("tiny")
    return write_tiny_bundle(folder, "tiny", slope=600.0), OnnxEngine(folder / "model.onnx", [cpu(1)])


@pytest.fixture(scope="module")
def material(
    drawn_folder: Path, model: tuple[ModelCard, OnnxEngine], tmp_path_factory: pytest.TempPathFactory
) -> Material:
    scratch = tmp_path_factory.mktemp("prepared")
    request = TrainingRequest(drawn_folder, "tiny", scratch / "out")
    return prepare(request, model[0].input, scratch / "films.u16", read_radiograph, lambda event: None)


def trial_of(
    material: Material,
    model: tuple[ModelCard, OnnxEngine],
    told: list[Event],
    lung_finder: LungFinder | None = None,
) -> Trial:
    return Trial(material, *model, lung_finder, read_radiograph, told.append)


def test_the_test_films_are_compared_in_the_datasets_own_words(
    material: Material, model: tuple[ModelCard, OnnxEngine]
) -> None:
    told: list[Event] = []
    (evaluation,) = trial_of(material, model, told).on_test_films()
    assert (evaluation.films, evaluation.role) == (material.dataset.test_films, "test")
    assert evaluation.confusion == ((6, 0), (0, 6))
    assert told == []


def test_a_test_film_that_cannot_be_read_is_told_and_does_not_count(
    material: Material, model: tuple[ModelCard, OnnxEngine], tmp_path: Path
) -> None:
    first, *others = material.test
    broken = tmp_path / first.path.name
    broken.write_bytes(b"")
    told: list[Event] = []
    with_broken = replace(material, test=(replace(first, path=broken), *others))
    (evaluation,) = trial_of(with_broken, model, told).on_test_films()
    assert evaluation.count == 11
    (left_out,) = told
    assert isinstance(left_out, FilmLeftOut) and left_out.name == broken.name and "empty" in left_out.reason


def test_films_of_one_kind_are_not_compared(material: Material, model: tuple[ModelCard, OnnxEngine]) -> None:
    normal = replace(material, test=tuple(film for film in material.test if film.label == "NORMAL"))
    assert trial_of(normal, model, []).on_test_films() == ()
    assert trial_of(replace(material, test=()), model, []).on_test_films() == ()


def test_each_question_to_the_adults_is_answered_on_its_own_films(
    material: Material, model: tuple[ModelCard, OnnxEngine]
) -> None:
    asked = replace(material, adults={"normal": material.test[:8], "rest": (), "panel": material.test})
    assert trial_of(material, model, []).on_adults() == ()
    normal, panel = trial_of(asked, model, []).on_adults()
    assert (normal.count, normal.role) == (8, "other") and "against no finding" in normal.films
    assert panel.count == 12 and "panel of radiologists" in panel.films


def test_with_the_lung_finder_only_judged_films_count_and_the_others_say_why(
    material: Material, model: tuple[ModelCard, OnnxEngine]
) -> None:
    finder = load_lung_finder(resources_folder() / "models" / "lung-finder", [cpu(1)])
    told: list[Event] = []
    trial = trial_of(material, model, told, finder)
    assert trial.on_test_films() == ()  # two dark fields on grey are no lungs
    assert [event.name for event in told if isinstance(event, FilmLeftOut)] == [
        film.path.name for film in material.test
    ]
    assert all(isinstance(event, FilmLeftOut) and event.reason for event in told)
    assert trial.on_changed_films(None) == ()


def test_real_films_are_judged_by_the_whole_chain_and_changed_to_find_shortcuts(
    material: Material, model: tuple[ModelCard, OnnxEngine], data_folder: Path, tmp_path: Path
) -> None:
    drawn = data_folder / "lung_masks224"
    films = []
    for stored, label in zip(material.validation[:2], ("NORMAL", "PNEUMONIA"), strict=True):
        source = next(
            path
            for path in sorted((data_folder / "kermany224" / "train" / label).iterdir())
            if (drawn / f"{path.stem}.png").exists()
        )
        shutil.copy(source, tmp_path / source.name)
        films.append(replace(stored, label=label, path=tmp_path / source.name))
    finder = load_lung_finder(resources_folder() / "models" / "lung-finder", [cpu(1)])
    trial = trial_of(replace(material, validation=tuple(films)), model, [], finder)
    figures = trial.on_changed_films(drawn)
    assert {figure.films for figure in figures if figure.mean_change is not None} <= {1, 2}
    assert "blanking all but the dilated lungs" in {figure.name for figure in figures}
    assert trial_of(replace(material, validation=tuple(films)), model, []).on_changed_films(drawn) == ()
