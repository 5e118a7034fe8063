"""A model's page: its card as a person reads it."""

from cxr_desktop.domain.model_page.content import (
    Block,
    ModelPage,
    Paragraph,
    Points,
    ReliabilityDiagram,
    Section,
    Subheading,
    Table,
)
from cxr_desktop.domain.model_page.markdown import page_as_markdown
from cxr_desktop.domain.model_page.page import model_page

__all__ = [
    "Block",
    "ModelPage",
    "Paragraph",
    "Points",
    "ReliabilityDiagram",
    "Section",
    "Subheading",
    "Table",
    "model_page",
    "page_as_markdown",
]
