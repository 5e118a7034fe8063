"""The look at this computer, as the command line and the window take it."""

from __future__ import annotations

import getpass
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from cxr_desktop.app.check_up import computer, examination, models
from cxr_desktop.app.check_up.examination import examine, report
from cxr_desktop.domain.check_up import CheckUp, Finding, Outcome
from cxr_desktop.domain.errors import Cancelled
from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.storage.model_library import ModelLibrary
from tests.app.conftest import add_model, less_inclined
from tests.conftest import BUNDLED
from tests.inference.failing_card import CARD, FailingCard


@pytest.fixture
def library(tmp_path: Path, folders: UserFolders) -> ModelLibrary:
    """The lung finder and the smallest model, and whatever the user has."""
    bundled = tmp_path / "bundled"
    for id in (BUNDLED, "lung-finder"):
        shutil.copytree(resources_folder() / "models" / id, bundled / id)
    return ModelLibrary(bundled, folders.models)


@pytest.fixture(autouse=True)
def few_films(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "FILMS", 2)


def look(library: ModelLibrary, folders: UserFolders) -> CheckUp:
    return examine(library, folders, folders.catalogue, lambda words: None)


def finding(found: CheckUp, part: str, about: str) -> Finding:
    (wanted,) = [each for p in found.parts if p.title == part for each in p.findings if each.about == about]
    return wanted


def test_on_a_sound_computer_all_is_well_and_every_part_has_something_to_tell(
    library: ModelLibrary, folders: UserFolders
) -> None:
    found = look(library, folders)
    assert found.amiss == ()
    assert [part.title for part in found.parts] == [
        "Program", "Memory", "Scoring", "Folders", "Catalogue", "Models", "Speed",
    ]  # fmt: skip
    assert all(part.findings for part in found.parts)
    assert "numpy" in finding(found, "Program", "Libraries").words
    assert "closed to other users" in finding(found, "Folders", "Data").words
    card = library.find("").card
    assert card is not None
    assert "as it should" in finding(found, "Models", f"{card.name} {card.version}").words
    assert "films/s" in finding(found, "Speed", "Speed").words


def test_no_name_of_a_patient_a_file_or_the_user_is_in_the_text(
    library: ModelLibrary, folders: UserFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: folders.data.parent.name)
    catalogue = Catalogue.open(folders.catalogue)
    secret = FilmHeader(
        patient_name=PersonName("Secret^Name"), patient_id="4711-X", institution="St. Elsewhere"
    )
    films = [
        NewFilm(FilmSource(Path("/films/Secret-file.dcm")), secret, fingerprint="f1"),
        NewFilm(FilmSource(Path("/films/Other-file.dcm")), problem="The file is empty."),
    ]
    catalogue.add_films(films)
    text, all_well = report(library, folders, folders.catalogue, lambda words: None)
    catalogue.close()
    assert all_well
    assert "Films       2, 1 of them with a problem" in text
    for word in ("Secret", "4711", "Elsewhere", "-file", folders.data.parent.name):
        assert word not in text


def test_a_damaged_model_and_catalogue_are_told_and_the_rest_is_looked_at(
    library: ModelLibrary, folders: UserFolders
) -> None:
    own = folders.models / add_model(folders, "own", "Own CNN", less_inclined)
    graph = bytearray((own / "model.onnx").read_bytes())
    graph[len(graph) // 2] ^= 1
    (own / "model.onnx").write_bytes(graph)
    folders.catalogue.write_bytes(b"this was a catalogue once" * 100)
    found = look(library, folders)
    assert "damaged" in finding(found, "Catalogue", "Catalogue").words
    assert "damaged or was changed" in finding(found, "Models", "Own CNN 7 (your own)").words
    assert len(found.amiss) == 2
    assert "films/s" in finding(found, "Speed", "Speed").words


def test_a_users_own_model_has_to_say_the_same_on_the_processor(
    library: ModelLibrary, folders: UserFolders
) -> None:
    add_model(folders, "own", "Own CNN", less_inclined)
    assert "as it should" in finding(look(library, folders), "Models", "Own CNN 7 (your own)").words


def test_a_computer_that_reckons_wrongly_is_found_out(
    library: ModelLibrary, folders: UserFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "answer_of", lambda scorer: 0.123)
    (wrong,) = look(library, folders).amiss
    assert "gets 0.123 and should get" in wrong.words
    assert "do not rely on scores" in wrong.words


def test_a_card_that_fails_is_told_and_the_models_are_checked_on_the_processor(
    library: ModelLibrary, folders: UserFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    FailingCard(runs=1).plug_in(monkeypatch)
    offered = [CARD, "CPUExecutionProvider"]
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: offered)
    found = look(library, folders)
    (card, *_) = found.amiss
    assert "failed and is left" in card.words
    assert "It said: " in card.words and "CUDNN_STATUS_EXECUTION_FAILED" in card.words
    assert found.parts[2].findings[0].words == ", ".join(offered)


def test_a_part_that_breaks_is_a_finding_without_its_text(
    library: ModelLibrary, folders: UserFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Sequence[Finding]:
        raise OSError("/films/Secret^Name.dcm")

    monkeypatch.setattr(examination, "of_memory", broken)
    (memory,) = look(library, folders).amiss
    assert memory.outcome is Outcome.AMISS
    assert "OSError" in memory.words
    assert "Secret" not in memory.words


def test_little_memory_is_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computer, "_LITTLE_MEMORY", 1e15)
    assert [each.outcome for each in computer.of_memory()] == [Outcome.AMISS, Outcome.FINE]


def test_it_ends_where_nobody_wants_to_know_any_more(library: ModelLibrary, folders: UserFolders) -> None:
    def step(words: str) -> None:
        if "Models" in words:
            raise Cancelled

    with pytest.raises(Cancelled):
        examine(library, folders, folders.catalogue, step)
