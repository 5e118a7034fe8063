"""Rows of films: what they say, how they are painted, and lists of them that keep still under the pointer."""

from cxr_desktop.ui.rows.content import RowContent, film_row, study_row
from cxr_desktop.ui.rows.delegate import RowDelegate
from cxr_desktop.ui.rows.model import ROW_CONTENT, ROW_ID, RowModel
from cxr_desktop.ui.rows.view import RowView

__all__ = [
    "ROW_CONTENT",
    "ROW_ID",
    "RowContent",
    "RowDelegate",
    "RowModel",
    "RowView",
    "film_row",
    "study_row",
]
