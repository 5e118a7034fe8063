"""Problems that concern the whole program, above the panes until they are dismissed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from cxr_desktop.language import tr
from cxr_desktop.ui.theme import set_role


class NoticeBar(QFrame):
    """One sentence or several, each said once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._sentences: list[str] = []
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self._words, "check")
        dismiss = QPushButton(tr("Dismiss"))
        # A click leaves the keyboard with the film: the button is gone after it.
        dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        dismiss.clicked.connect(dismiss.clearFocus)
        dismiss.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.addWidget(self._words, 1)
        row.addWidget(dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(self._sentences)

    def say(self, sentence: str) -> None:
        """Adds a sentence, unless it stands there already."""
        if sentence not in self._sentences:
            self._sentences.append(sentence)
            self._words.setText("\n".join(self._sentences))
        self.show()

    def dismiss(self) -> None:
        self._sentences.clear()
        self._words.clear()
        self.hide()
