"""The list of models."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.calibration import Calibration
from cxr_desktop.domain.card_file import card_to_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import (
    Card,
    Estimate,
    InputSpec,
    Label,
    LungFinderCard,
    ModelCard,
    OperatingPoint,
    Provenance,
)
from cxr_desktop.domain.population import Population
from cxr_desktop.storage.model_library import DEFAULT_MODELS, ModelLibrary, name_of

PROVENANCE = Provenance("cnn", "films", "2025-03-10")


def classifier(id: str, version: str = "1") -> ModelCard:
    return ModelCard(
        id=id,
        version=version,
        name=id.title(),
        labels=(Label("NORMAL", False), Label("PNEUMONIA", True)),
        input=InputSpec(64, 64),
        heatmap=None,
        calibration=Calibration(),
        operating_points=(OperatingPoint("balanced", 0.5, 0.9, 0.9),),
        population=Population("children"),
        provenance=PROVENANCE,
        licence="MIT",
        files={"model.onnx": "00"},
    )


LUNGS = LungFinderCard(
    "lungs",
    "1",
    "Lungs",
    InputSpec(128, 128),
    Estimate(0.95, 0.94, 0.96),
    PROVENANCE,
    "MIT",
    {"model.onnx": "00"},
)


def put(folder: Path, card: Card | bytes) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.onnx").touch()
    (folder / "card.json").write_bytes(card if isinstance(card, bytes) else card_to_json(card))
    return folder


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    put(tmp_path / "bundled" / "a", classifier("first"))
    put(tmp_path / "bundled" / "b", LUNGS)
    return ModelLibrary(tmp_path / "bundled", tmp_path / "user")


def test_bundled_models_come_first_and_a_lung_finder_is_no_classifier(
    library: ModelLibrary, tmp_path: Path
) -> None:
    put(tmp_path / "user" / "0", classifier("mine"))
    assert [(e.card.id if e.card else "", e.bundled) for e in library.models()] == [
        ("first", True),
        ("mine", False),
    ]
    assert library.lung_finder() == tmp_path / "bundled" / "b"


def test_a_damaged_bundle_is_listed_with_its_problem(library: ModelLibrary, tmp_path: Path) -> None:
    put(tmp_path / "user" / "bad", b"{")
    (tmp_path / "user" / "empty").mkdir()
    (tmp_path / "user" / ".half-written").mkdir()
    (tmp_path / "user" / "notes.txt").touch()
    _, bad, empty = library.models()
    assert bad.card is None and "cannot be read" in bad.problem
    assert empty.card is None and "no card.json" in empty.problem


def test_a_model_is_found_by_id_version_or_folder(library: ModelLibrary, tmp_path: Path) -> None:
    mine = put(tmp_path / "user" / "mine", classifier("mine", "2"))
    elsewhere = put(tmp_path / "elsewhere", classifier("other"))
    assert library.find("mine").folder == library.find("mine@2").folder == mine
    assert library.find(elsewhere).folder == library.find(str(elsewhere)).folder == elsewhere
    assert library.find("").folder == tmp_path / "bundled" / "a"


def test_a_model_that_is_named_by_its_folder_still_came_with_the_program(library: ModelLibrary) -> None:
    for entry in library.models():
        if entry.card is not None:
            assert library.find(entry.folder).bundled is entry.bundled


def test_the_users_own_model_comes_before_a_bundled_one_of_the_same_id(
    library: ModelLibrary, tmp_path: Path
) -> None:
    mine = put(tmp_path / "user" / "x", classifier("first", "2"))
    assert library.find("first").folder == mine
    assert library.find("first@1").bundled


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("unknown", r"Give one of these ids \(first\)"), ("first@9", "no model"), ("/nowhere", "no model")],
)
def test_an_unknown_model_is_answered_with_those_that_there_are(
    library: ModelLibrary, wanted: str, said: str
) -> None:
    with pytest.raises(BundleError, match=said):
        library.find(wanted)


def test_a_folder_with_the_wrong_or_a_damaged_card_is_refused(library: ModelLibrary, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="lung finder"):
        library.find(tmp_path / "bundled" / "b")
    with pytest.raises(BundleError, match="cannot be read"):
        library.find(put(tmp_path / "bad", b"[]"))


def test_an_incomplete_installation_is_named(tmp_path: Path) -> None:
    library = ModelLibrary(tmp_path / "none", tmp_path / "nor here")
    assert library.models() == []
    with pytest.raises(BundleError, match="Install the program again"):
        library.find("")
    with pytest.raises(BundleError, match="Install the program again"):
        library.lung_finder()


def test_the_default_is_chosen_by_id_and_not_by_the_folders_order(tmp_path: Path) -> None:
    library = ModelLibrary(tmp_path / "bundled", tmp_path / "user")
    for id in ("a-first", *reversed(DEFAULT_MODELS)):
        folder = put(tmp_path / "bundled" / id, classifier(id))
        assert library.find("").folder == folder
    put(tmp_path / "user" / "x", classifier(DEFAULT_MODELS[0], "2"))
    assert library.find("").bundled
    (tmp_path / "bundled" / DEFAULT_MODELS[0] / "model.onnx").unlink()
    found = library.find("").card
    assert found is not None
    assert found.id == DEFAULT_MODELS[1]


def test_a_model_without_its_files_is_listed_with_its_problem(library: ModelLibrary, tmp_path: Path) -> None:
    (put(tmp_path / "user" / "mine", classifier("mine")) / "model.onnx").unlink()
    assert "model.onnx is missing" in library.models()[-1].problem
    with pytest.raises(BundleError, match=r"model\.onnx is missing"):
        library.find("mine")


def test_a_damaged_bundle_asked_for_by_its_folders_name_says_which_field_is_wrong(
    library: ModelLibrary, tmp_path: Path
) -> None:
    card = card_to_json(classifier("mine")).replace(b'"threshold": 0.5', b'"threshold": 5')
    put(tmp_path / "user" / "broken", card)
    with pytest.raises(BundleError, match=r"operating_points\[0\].*got 5"):
        library.find("broken")


def test_why_another_model_than_the_default_judges_is_told(tmp_path: Path) -> None:
    library = ModelLibrary(tmp_path / "bundled", tmp_path / "user")
    assert library.default_problem() == ""
    first, second = DEFAULT_MODELS
    put(tmp_path / "bundled" / second, classifier(second))
    assert library.default_problem() == ""  # the first is not there at all
    folder = put(tmp_path / "bundled" / first, classifier(first))
    assert library.default_problem() == ""
    (folder / "model.onnx").unlink()
    assert f"“{first}” cannot be used" in library.default_problem()
    assert "model.onnx is missing" in library.default_problem()


def test_every_model_has_a_name_by_which_it_is_found_again(library: ModelLibrary, tmp_path: Path) -> None:
    put(tmp_path / "user" / "1", classifier("first", "2"))
    put(tmp_path / "user" / "2", classifier("first", "2"))
    put(tmp_path / "user" / "3", classifier("mine"))
    entries = library.models()
    names = [name_of(entry, entries) for entry in entries]
    assert names == ["first@1", str(tmp_path / "user" / "1"), str(tmp_path / "user" / "2"), "mine"]
    assert [library.find(name).folder for name in names] == [entry.folder for entry in entries]
