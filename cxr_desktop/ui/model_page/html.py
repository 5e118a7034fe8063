"""A model's page as the rich text that Qt lays out: headings, tables with hairlines, room to breathe."""

from __future__ import annotations

from html import escape

from cxr_desktop.domain.model_page import (
    Block,
    ModelPage,
    Paragraph,
    Points,
    ReliabilityDiagram,
    Section,
    Subheading,
    Table,
)
from cxr_desktop.ui.model_page.diagram import SIZE
from cxr_desktop.ui.theme import Theme

# The name under which the text finds the diagram's picture.
DIAGRAM = "reliability-diagram"

# A file's digest: long enough to be read in a narrow type, and to be broken anywhere.
_DIGEST_LENGTH = 64
# A cell with more characters is a sentence.
_SHORT = 40


def anchor_of(index: int) -> str:
    """The name of a section's place in the text."""
    return f"section-{index}"


def page_as_html(page: ModelPage, theme: Theme) -> str:
    """The whole page in a theme's colours. All text of the card is escaped: none of it is a tag."""
    sections = "".join(_section(section, index, theme) for index, section in enumerate(page.sections))
    return (
        f'<body style="color:{theme.text}">'
        f'<p style="font-size:20pt; font-weight:700; margin:0">{escape(page.title)}</p>'
        f'<p style="color:{theme.muted}; margin-top:4px; margin-bottom:10px">{escape(page.subtitle)}</p>'
        f"{sections}</body>"
    )


def _section(section: Section, index: int, theme: Theme) -> str:
    blocks = "".join(_block(block, theme) for block in section.blocks)
    return (
        f'<p style="font-size:14pt; font-weight:600; margin-top:26px; margin-bottom:8px">'
        f'<a name="{anchor_of(index)}"></a>{escape(section.title)}</p>{blocks}'
    )


def _block(block: Block, theme: Theme) -> str:
    match block:
        case Paragraph(text):
            return f'<p style="margin-top:6px; margin-bottom:8px; line-height:130%">{escape(text)}</p>'
        case Subheading(text):
            return f'<p style="font-weight:600; margin-top:16px; margin-bottom:6px">{escape(text)}</p>'
        case Points(items):
            lines = "".join(f'<li style="margin-bottom:5px">{escape(item)}</li>' for item in items)
            return f'<ul style="margin-top:4px; margin-bottom:8px; -qt-list-indent:1">{lines}</ul>'
        case Table():
            return _table(block, theme)
        case ReliabilityDiagram():
            size = f'width="{SIZE.width()}" height="{SIZE.height()}"'
            return f'<p style="margin-top:10px; margin-bottom:10px"><img src="{DIAGRAM}" {size}></p>'


def _table(table: Table, theme: Theme) -> str:
    line = f"border-bottom:1px solid {theme.border}; padding:5px 22px 5px 0"
    head = "".join(
        f'<th align="left" style="{line}; color:{theme.muted}; font-weight:600">{escape(text)}</th>'
        for text in table.headings
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="{line}{_first(column, table, theme)}">{_cell(text)}</td>'
            for column, text in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    heads = f"<tr>{head}</tr>" if head else ""
    # Sentences fill the width; figures stand together.
    longest = max(len(text) for row in table.rows for text in row)
    wide = ' width="100%"' if not table.headings and longest > _SHORT else ""
    return (
        f'<table cellspacing="0" cellpadding="0"{wide} style="margin-top:4px; margin-bottom:14px; '
        f'border-collapse:collapse">{heads}{rows}</table>'
    )


def _first(column: int, table: Table, theme: Theme) -> str:
    if column > 0:
        return ""
    return f"; color:{theme.muted}; width:30%" if not table.headings else ""


def _cell(text: str) -> str:
    words = escape(text)
    return f"<code>{words}</code>" if len(text) == _DIGEST_LENGTH and text.isalnum() else words
