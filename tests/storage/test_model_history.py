"""Which model was in use from when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cxr_desktop.domain.library_entry import ModelUse
from cxr_desktop.storage.model_history import note_use, uses

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def use(id: str, version: str = "1", hours: int = 0) -> ModelUse:
    return ModelUse(id, id, version, NOON + timedelta(hours=hours))


def test_each_change_of_model_is_kept_with_its_time(tmp_path: Path) -> None:
    file = tmp_path / "data" / "models-used.json"
    assert uses(file) == ()
    changes = [use("a"), use("b", hours=1), use("b", "2", hours=2), use("a", hours=3)]
    for change in changes:
        note_use(file, change)
    assert uses(file) == tuple(changes)


def test_the_same_model_started_again_is_no_change(tmp_path: Path) -> None:
    file = tmp_path / "models-used.json"
    note_use(file, use("a"))
    note_use(file, use("a", hours=5))
    assert uses(file) == (use("a"),)


def test_a_damaged_history_is_kept_aside_and_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "models-used.json"
    file.write_bytes(b'[{"name": "a"')
    assert uses(file) == ()
    note_use(file, use("b"))
    assert uses(file) == (use("b"),)
    (aside,) = tmp_path.glob("models-used-damaged-*.json")
    assert aside.read_bytes() == b'[{"name": "a"'
