"""What stands in the study list's place while there is nothing to list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.language import tr
from cxr_desktop.ui.theme import set_role


class Invitation(QWidget):
    """Shown before the first film: how films come in.

    Signals:
        open_files_requested, open_folder_requested: the reader pressed the button of that name.
    """

    open_files_requested = Signal()
    open_folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files_button = QPushButton(tr("Open files…"), self)
        self.files_button.clicked.connect(self.open_files_requested)
        self.folder_button = QPushButton(tr("Open folder…"), self)
        self.folder_button.clicked.connect(self.open_folder_requested)
        layout = _centred(
            self, tr("No X-rays yet"), tr("Drop chest X-rays, a folder or a ZIP anywhere on this window.")
        )
        layout.addWidget(self.files_button)
        layout.addWidget(self.folder_button)
        layout.addStretch(3)


class NothingFound(QWidget):
    """Shown where there are studies, but search and filter list none of them.

    Signals:
        all_wanted: the reader wants search and filter undone.
    """

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all_button = QPushButton(tr("Show all studies"), self)
        self.all_button.clicked.connect(self.all_wanted)
        layout = _centred(
            self, tr("No study matches"), tr("Nothing is lost: search or filter hides all studies.")
        )
        layout.addWidget(self.all_button)
        layout.addStretch(3)


def _centred(page: QWidget, title: str, text: str) -> QVBoxLayout:
    headline, explanation = QLabel(title, page), QLabel(text, page)
    set_role(headline, "verdict")
    set_role(explanation, "muted")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(16, 16, 16, 16)
    layout.setSpacing(10)
    layout.addStretch(2)
    for label in (headline, explanation):
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        layout.addWidget(label)
    return layout
