"""The settings file: whole or not at all, and forgiving."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.domain.settings import Settings
from cxr_desktop.storage.settings_file import load_settings, save_settings
from tests.storage.builders import NOON

EARLIER = sorted((Path(__file__).parent / "earlier" / "settings").glob("*.json"))
CHOSEN = Settings(theme="light", heatmap_opacity=80, recent_folders=("/films/März", "/b"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    loaded = load_settings(file, NOON)
    assert (loaded.settings, loaded.problem) == (Settings(), "")
    assert not file.exists()


def test_what_was_chosen_is_there_the_next_time(file: Path) -> None:
    save_settings(file, CHOSEN)
    loaded = load_settings(file, NOON)
    assert (loaded.settings, loaded.problem) == (CHOSEN, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access control lists instead of modes")
def test_the_file_is_the_owners_alone(file: Path) -> None:
    save_settings(file, CHOSEN)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_setting_of_a_newer_version_is_passed_over(file: Path) -> None:
    file.write_text('{"theme": "light", "holograms": true}')
    loaded = load_settings(file, NOON)
    assert (loaded.settings, loaded.problem) == (Settings(theme="light"), "")


def test_a_setting_of_a_newer_version_is_still_there_after_this_one_saved(file: Path) -> None:
    file.write_text('{"theme": "light", "holograms": {"depth": 3}}')
    save_settings(file, Settings(theme="system"))
    assert json.loads(file.read_bytes())["holograms"] == {"depth": 3}
    assert load_settings(file, NOON).settings.theme == "system"


def test_a_file_of_a_newer_schema_is_refused_in_words_and_never_touched(file: Path) -> None:
    content = b'{"schema": 2, "theme": {"name": "light"}}'
    file.write_bytes(content)
    loaded = load_settings(file, NOON)
    assert loaded.settings == Settings()
    assert "newer version of this program" in loaded.problem
    save_settings(file, CHOSEN)
    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda earlier: earlier.stem)
def test_what_was_chosen_in_an_earlier_version_holds(earlier: Path, file: Path) -> None:
    file.write_bytes(earlier.read_bytes())
    loaded = load_settings(file, NOON)
    assert loaded.problem == ""
    kept = json.loads(earlier.read_bytes())
    now = vars(loaded.settings) | {"recent_folders": list(loaded.settings.recent_folders)}
    assert {name: now[name] for name in kept if name in now} == {n: v for n, v in kept.items() if n in now}
    assert (loaded.settings.theme, loaded.settings.heatmap_opacity) == ("light", 80)


@pytest.mark.parametrize("value", ["400", '"much"', "null", "[]"])
def test_one_value_that_cannot_be_used_gets_its_default_and_is_reported(file: Path, value: str) -> None:
    file.write_text(f'{{"theme": "light", "heatmap_opacity": {value}}}')
    loaded = load_settings(file, NOON)
    assert loaded.settings == Settings(theme="light")
    assert "Heatmap opacity" in loaded.problem


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"theme=dark"])
def test_a_damaged_file_is_set_aside_and_reported(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    loaded = load_settings(file, NOON)
    assert loaded.settings == Settings()
    assert "damaged" in loaded.problem
    assert not file.exists()
    assert file.with_name("settings-damaged-2025-03-10-120000.json").read_bytes() == content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,theme null0123456789', max_size=60).map(str.encode))
def test_no_content_makes_the_program_fail(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert isinstance(load_settings(file, NOON).settings, Settings)


def test_where_the_file_cannot_be_written_the_old_one_stays(tiny_disk: Path) -> None:
    file = tiny_disk / "settings.json"
    save_settings(file, CHOSEN)
    with pytest.raises(CatalogueError, match="is full"):
        save_settings(file, Settings(recent_folders=("/long" * 400_000,)))
    assert load_settings(file, NOON).settings == CHOSEN
    assert [each.name for each in tiny_disk.iterdir()] == [file.name], "no draft is left"


def test_a_folder_in_the_place_of_the_file_is_reported(file: Path) -> None:
    file.mkdir()
    assert "could not be read" in load_settings(file, NOON).problem
