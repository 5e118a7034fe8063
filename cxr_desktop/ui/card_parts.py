"""The small parts that cards and pages are put together from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QToolButton, QWidget

from cxr_desktop.ui.theme import set_role


def plain_label(role: str, parent: QWidget) -> QLabel:
    """A label for words of any length, in a role of the theme; "" for the usual one."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a file's or a card's "<" is not a tag
    label.setWordWrap(True)
    if role:
        set_role(label, role)
    return label


def named_button(text: str, name: str, tip: str, parent: QWidget) -> QToolButton:
    """A small button.

    Args:
        name: what a screen reader calls it.
    """
    button = QToolButton(parent)
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(tip)
    return button


def quiet_scroll(widget: QWidget, parent: QWidget) -> QScrollArea:
    """What scrolls a column of cards where it is too long, and does not show otherwise."""
    scroll = QScrollArea(parent)
    scroll.setWidget(widget)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll
