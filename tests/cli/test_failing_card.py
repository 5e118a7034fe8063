"""Commands on a computer whose graphics card fails while they run."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.imaging.phantom import phantom_file
from tests.cli.conftest import Answer
from tests.conftest import BUNDLED
from tests.inference.failing_card import CARD, FailingCard


def test_triage_goes_on_without_the_card_and_says_so_once(
    run: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "films").mkdir()
    for number in range(5):
        (tmp_path / "films" / f"{number}.jpg").write_bytes(phantom_file(number, (512, 420)))

    def rows(name: str) -> tuple[Answer, list[dict[str, str]]]:
        answer = run("triage", tmp_path / "films", "--model", BUNDLED, "--csv", tmp_path / name)
        with (tmp_path / name).open(encoding="utf-8", newline="") as table:
            return answer, list(csv.DictReader(table))

    _, expected = rows("before.csv")
    FailingCard(runs=2).plug_in(monkeypatch)
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: [CARD, "CPUExecutionProvider"])
    answer, found = rows("after.csv")
    assert answer.code == 0
    assert len(expected) == 5
    assert found == expected
    assert answer.err.count("failed and is left") == 1
    assert "Falling back" not in answer.out
