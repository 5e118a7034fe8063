"""A model's page tells everything on its card, in words, and nothing that the card does not hold."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.card_file import card_from_json, card_to_json
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.model_page import (
    ModelPage,
    Paragraph,
    ReliabilityDiagram,
    Section,
    Table,
    model_page,
    page_as_markdown,
)
from cxr_desktop.domain.shortcuts import ShortcutFigure
from tests.domain.full_card import FULL_CARD, LUNG_CARD


def text_of(card: ModelCard) -> str:
    """The page with its blanks drawn together."""
    return re.sub("[ \u00a0]+", " ", page_as_markdown(model_page(card, LUNG_CARD)))


def test_a_full_card_comes_back_from_its_file_as_it_was() -> None:
    assert card_from_json(card_to_json(FULL_CARD)) == FULL_CARD


@pytest.mark.parametrize(
    "said",
    [
        "# Tiny network",
        "tiny, version 2.1, made 2026-11-21",
        "looks like pneumonia",
        "children of 1 to 5 years. Ages: 1 to 5 y.",
        "Trained on children of one centre and a few hundred adults.",
        "| balanced (default) | 62 %",
        "95.0 % (92.0–97.0)",
        "### 200 test films, children",
        "0.970 (0.950–0.980)",
        "| expected calibration error | 0.021",
        "| not pneumonia | 90 | 10 |",
        "| pneumonia | 5 | 95 |",
        "| 50 % to 100 % | 60 | 54 | 90.0 % (79.9–95.3) |",
        "Expected calibration error 0.012",
        "1 / (1 + exp(−(0.500 x − 0.100)))",
        "| blanking all but the lungs | 522 | 0.031 | −0.004 | at most 0.05: met",
        "| squashing by 15 % | 522 | 0.061 | +0.001 | at most 0.05: not met |",
        "| heat in the lungs | 388 | 95.7 % | –",
        "| train | 1,207 | 3,487 | 4,694 |",
        "| optimiser, learning rate | 0.001",
        "| mixed precision | no",
        "| seed | 1337",
        "0.948 (0.944–0.952)",
        "| the lung finder | CC BY",
        "Weights to start from: Keras, MIT",
        "2026-11-21: once",
        f"| model.onnx | {'a' * 64} |",
    ],
)
def test_the_page_tells_it(said: str) -> None:
    assert said in text_of(FULL_CARD)


def test_what_an_older_card_does_not_hold_is_left_out() -> None:
    old = replace(
        FULL_CARD,
        limits=(),
        shortcuts=(),
        test_openings=(),
        attributions=(),
        evaluations=(),
        heatmap=None,
        calibration=replace(FULL_CARD.calibration, bins=(), expected_error=None),
        operating_points=(replace(FULL_CARD.operating_point, sensitivity_interval=None, rule=""),),
    )
    page = model_page(old)
    assert [section.title for section in page.sections] == [
        "What it is for",
        "Operating points",
        "Films",
        "How it was made",
        "Licence and attribution",
        "Files",
    ]
    text = page_as_markdown(page)
    assert "In brackets" not in text
    assert "None" not in text


def test_the_diagram_has_a_text_that_says_the_same() -> None:
    (diagram,) = (
        block
        for section in model_page(FULL_CARD).sections
        for block in section.blocks
        if isinstance(block, ReliabilityDiagram)
    )
    assert [each.films for each in diagram.bins] == [40, 60]  # an empty bin is not drawn
    assert "54 of 60 films pneumonia" in diagram.words


cells = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)


@given(st.lists(st.tuples(cells, cells, cells), min_size=2, max_size=5))
def test_a_table_in_markdown_keeps_its_columns_whatever_its_cells_hold(
    rows: list[tuple[str, str, str]],
) -> None:
    page = ModelPage("t", "s", (Section("x", (Table(rows[0], tuple(rows[1:])),)),))
    lines = page_as_markdown(page).split("\n")[6:-1]
    assert len(lines) == len(rows) + 1
    assert {line.replace("\\|", "").count("|") for line in lines} == {4}
    assert len({len(line) for line in lines}) == 1


def test_a_table_needs_rows_of_one_length() -> None:
    for rows in ((), (("a", "b"), ("c",))):
        with pytest.raises(ValueError, match="equal length"):
            Table((), rows)


@pytest.mark.parametrize("figures", [{}, {"value": 1.5}, {"mean_change": float("nan")}])
def test_a_shortcut_figure_needs_a_figure(figures: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least one film and one figure"):
        ShortcutFigure("squashing", 5, **figures)


def test_paragraphs_are_told_as_they_are() -> None:
    page = ModelPage("t", "s", (Section("x", (Paragraph("One. Two."),)),))
    assert page_as_markdown(page) == "# t\n\ns\n\n## x\n\nOne. Two.\n"
