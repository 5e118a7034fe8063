"""From what training can start: the present model, new networks, ImageNet weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.library_entry import LibraryEntry
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.inference.bundle import WEIGHTS_FILE
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.architectures import ARCHITECTURES, architecture
from cxr_desktop.training.continuing import RATE_SHARE
from cxr_desktop.training.starts import record_of, start_choices
from cxr_desktop.training.tuned import recipe_of, tuned
from tests.conftest import default_card


@pytest.fixture(scope="module")
def current() -> LibraryEntry:
    card = default_card()
    return LibraryEntry(resources_folder() / "models" / card.id, card, bundled=True)


def test_a_recipe_written_as_choices_changes_nothing() -> None:
    for record in ARCHITECTURES.values():
        assert tuned(record, recipe_of(record)) == record


def test_the_model_in_use_comes_first_with_a_smaller_rate_and_its_own_size(current: LibraryEntry) -> None:
    first = start_choices(current, ())[0]
    assert (first.kind, first.problem, first.keeps_size) == ("continue", "", True)
    record = architecture(first.start.architecture)
    assert first.recipe.learning_rate == pytest.approx(record.optimiser.learning_rate * RATE_SHARE)
    assert record_of(first.start, Tuning()).input.shape == current.card.input.shape  # type: ignore[union-attr]


def test_every_architecture_can_be_trained_from_scratch(current: LibraryEntry) -> None:
    scratch = [each for each in start_choices(None, ()) if each.kind == "scratch"]
    assert {each.start.architecture for each in scratch} == set(ARCHITECTURES)
    for each in scratch:
        assert not each.problem and each.about
        assert each.start.from_scratch == (architecture(each.start.architecture).pretrained is not None)


def test_imagenet_starts_say_which_file_they_lack_and_find_it_when_it_is_known(data_folder: Path) -> None:
    without = [each for each in start_choices(None, ()) if each.kind == "imagenet"]
    assert without and all("Choose that file once" in each.problem for each in without)
    file = data_folder.parent / "weights" / "xception_imagenet_notop.h5"
    if not file.is_file():
        pytest.skip("the weights file is not here")
    ready = {e.start.architecture: e for e in start_choices(None, (file,)) if e.kind == "imagenet"}
    assert (ready["xception"].problem, ready["xception"].start.weights) == ("", file)
    assert ready["sharma-resnet101"].problem


def test_a_model_without_weights_to_go_on_from_cannot_be_chosen_and_says_why(
    current: LibraryEntry, tmp_path: Path
) -> None:
    card = current.card
    assert card is not None
    kept = {name: digest for name, digest in card.files.items() if name != WEIGHTS_FILE}
    bare = replace(card, files=kept)
    choice = start_choices(LibraryEntry(tmp_path, bare), ())[0]
    assert choice.kind == "continue" and choice.problem
