"""The list of shortcuts under `?`, made from the very actions that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui.theme import set_role


class ShortcutsPage(QDialog):
    """Groups of actions with their keys, in two columns."""

    def __init__(self, groups: Mapping[str, Sequence[QAction]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(760, 620)
        sheet = QWidget()
        columns = QGridLayout(sheet)
        columns.setHorizontalSpacing(36)
        for number, (title, actions) in enumerate(groups.items()):
            columns.addWidget(_group(title, actions), number // 2, number % 2)
        columns.setRowStretch(columns.rowCount(), 1)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(buttons)


def _group(title: str, actions: Sequence[QAction]) -> QWidget:
    group = QWidget()
    grid = QGridLayout(group)
    heading = QLabel(title.upper())
    set_role(heading, "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for action in actions:
        keys = " or ".join(k.toString(QKeySequence.SequenceFormat.NativeText) for k in action.shortcuts())
        if not keys:
            continue
        row = grid.rowCount()
        key = QLabel(keys)
        set_role(key, "muted")
        grid.addWidget(QLabel(action.text().replace("&", "").rstrip("…")), row, 0)
        grid.addWidget(key, row, 1)
    grid.setColumnStretch(0, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return group
