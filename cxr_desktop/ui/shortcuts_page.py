"""The list of shortcuts under `?`, made from the very actions that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.language import tr
from cxr_desktop.ui.held_action import HeldAction
from cxr_desktop.ui.theme import set_role


class ShortcutsPage(QDialog):
    """Groups of actions with their keys, in two columns of about the same length."""

    def __init__(self, groups: Mapping[str, Sequence[QAction]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setSpacing(36)
        longest = max(groups, key=lambda title: len(groups[title]))
        for titles in ([title for title in groups if title != longest], [longest]):
            column = QVBoxLayout()
            for title in titles:
                column.addWidget(_group(title, groups[title]))
            column.addStretch(1)
            columns.addLayout(column)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)
        # All at once where the screen is large enough.
        room = self.screen().availableSize() * 0.9
        self.resize((sheet.sizeHint() + QSize(60, 90)).boundedTo(room))


def _group(title: str, actions: Sequence[QAction]) -> QWidget:
    group = QWidget()
    grid = QGridLayout(group)
    grid.setVerticalSpacing(3)
    heading = QLabel(title.upper())
    set_role(heading, "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for action in actions:
        keys = tr(" or ").join(k.toString(QKeySequence.SequenceFormat.NativeText) for k in action.shortcuts())
        if not keys:
            continue
        if isinstance(action, HeldAction):
            keys = tr("hold {keys}", keys=keys)
        row = grid.rowCount()
        key = QLabel(keys)
        set_role(key, "muted")
        grid.addWidget(QLabel(action.text().replace("&", "").rstrip("…")), row, 0)
        grid.addWidget(key, row, 1)
    grid.setColumnStretch(0, 1)
    grid.setColumnMinimumWidth(1, 140)  # the keys of all groups stand in one column
    return group
