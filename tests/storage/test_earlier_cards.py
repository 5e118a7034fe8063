"""Cards of models that earlier versions made, and those of versions to come."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cxr_desktop.domain.card_file import card_from_json, card_to_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import CARD_FILE, ModelCard
from cxr_desktop.domain.model_page import model_page, page_as_markdown
from cxr_desktop.storage.model_library import ModelLibrary

CARDS = sorted((Path(__file__).parent / "earlier" / "cards").glob("*.json"))


@pytest.mark.parametrize("file", CARDS, ids=lambda file: file.stem)
def test_an_earlier_card_is_read_whole_and_what_it_lacks_has_its_default(file: Path) -> None:
    card = card_from_json(file.read_bytes())
    told, kept = json.loads(file.read_bytes()), json.loads(card_to_json(card))
    assert {name: pruned(kept[name], value) for name, value in told.items()} == told
    if isinstance(card, ModelCard):
        assert card.name in page_as_markdown(model_page(card, None))


def pruned(value: object, as_in: object) -> object:
    """A value without the fields that another one of its kind does not have."""
    if isinstance(value, dict) and isinstance(as_in, dict):
        return {name: pruned(value[name], as_in[name]) for name in as_in}
    if isinstance(value, list) and isinstance(as_in, list):
        return [pruned(*pair) for pair in zip(value, as_in, strict=True)]
    return value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 2, "layers": []}, "schema 2.*Update the program"),
        ({"layers": []}, "“layers”.*update the program"),
    ],
)
def test_a_model_of_a_newer_program_is_listed_with_what_to_do_and_left_alone(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    newer = tmp_path / "user" / "newer"
    newer.mkdir(parents=True)
    shutil.copy(next(file for file in CARDS if file.stem == "with-intervals"), newer / CARD_FILE)
    (newer / CARD_FILE).write_text(json.dumps(json.loads((newer / CARD_FILE).read_text()) | change))
    before = (newer / CARD_FILE).read_bytes()
    library = ModelLibrary(tmp_path / "bundled", tmp_path / "user")
    (entry,) = library.models()
    assert entry.card is None
    with pytest.raises(BundleError, match=said):
        library.find("newer")
    assert [each.name for each in newer.iterdir()] == [CARD_FILE]
    assert (newer / CARD_FILE).read_bytes() == before
