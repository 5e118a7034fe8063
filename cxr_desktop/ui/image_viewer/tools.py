"""What the mouse does to a film."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, Qt


class Tool(StrEnum):
    """What dragging with the left button does."""

    PAN = "pan"
    WINDOW = "window"
    ZOOM = "zoom"
    MEASURE = "measure"


CURSORS = {
    Tool.PAN: Qt.CursorShape.OpenHandCursor,
    Tool.WINDOW: Qt.CursorShape.ArrowCursor,
    Tool.ZOOM: Qt.CursorShape.SizeVerCursor,
    Tool.MEASURE: Qt.CursorShape.CrossCursor,
}


@dataclass
class Drag:
    """A button held down, and what moving the mouse does meanwhile.

    Attributes:
        begun, last: where it went down and where it was seen last, in logical coordinates.
    """

    tool: Tool
    button: Qt.MouseButton
    begun: QPointF
    last: QPointF
