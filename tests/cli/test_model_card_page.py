"""`models --card`: a model's page on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Answer
from tests.conftest import default_card

Run = Callable[..., Answer]


def test_a_models_page_is_printed_as_text(run: Run) -> None:
    card = default_card()
    answer = run("models", "--card", card.id)
    assert answer.code == 0
    assert answer.out.startswith(f"# {card.name}\n")
    assert card.provenance.trained_on in answer.out
    for name, digest in card.files.items():
        assert name in answer.out and digest in answer.out


def test_an_unknown_model_is_answered_with_the_known_ones(run: Run, tmp_path: Path) -> None:
    answer = run("models", "--card", tmp_path)
    assert answer.code == 2
    assert default_card().id in answer.err
