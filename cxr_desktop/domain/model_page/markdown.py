"""A model's page as text: Markdown that reads well without being rendered."""

from __future__ import annotations

from cxr_desktop.domain.model_page.content import (
    Block,
    ModelPage,
    Paragraph,
    Points,
    ReliabilityDiagram,
    Subheading,
    Table,
)


def page_as_markdown(page: ModelPage) -> str:
    """The whole page, with a newline at its end. The reliability diagram is told in words."""
    lines = [f"# {page.title}", "", page.subtitle]
    for section in page.sections:
        lines += ["", f"## {section.title}"]
        for block in section.blocks:
            lines += ["", *_block(block)]
    return "\n".join(lines) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Paragraph(text):
            return [text]
        case Subheading(text):
            return [f"### {text}"]
        case Points(items):
            return [f"- {item}" for item in items]
        case Table(headings, rows):
            return _table(headings, rows)
        case ReliabilityDiagram(_, words):
            return [words]


def _table(headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[str]:
    # A table without headings still needs a first row in Markdown.
    first = headings or ("",) * len(rows[0])
    cells = [[_cell(text) for text in row] for row in (first, *rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(first))]
    lined_up = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return [lined_up[0], rule, *lined_up[1:]]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
