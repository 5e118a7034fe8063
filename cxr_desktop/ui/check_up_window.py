"""The window of *Help → Check this computer*: a text to be read, copied or saved."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.language import tr
from cxr_desktop.ui.theme import set_role


class CheckUpWindow(QDialog):
    """Shows what is looked at, then what was found. Not modal.

    Signals:
        check_requested: the reader wants to look again.
        save_requested: the reader wants the text in a file.
    """

    check_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Check this computer"))
        self._step = QLabel()
        self._step.setWordWrap(True)
        set_role(self._step, "muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)  # moves to and fro: the end is not known
        self._bar.setTextVisible(False)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName(tr("What was found"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        action = QDialogButtonBox.ButtonRole.ActionRole
        self.again_button = buttons.addButton(tr("Check again"), action)
        self.copy_button = buttons.addButton(tr("Copy"), action)
        self.save_button = buttons.addButton(tr("Save…"), action)
        self.again_button.clicked.connect(self.check_requested)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self.save_button.clicked.connect(self.save_requested)
        buttons.rejected.connect(self.close)
        for button in buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.addWidget(self._step)
        layout.addWidget(self._bar)
        layout.addWidget(self._text, 1)
        layout.addWidget(buttons)
        self.resize(QSize(920, 700).boundedTo(self.screen().availableSize() * 0.9))

    @property
    def text(self) -> str:
        """What is shown; "" while it is being looked."""
        return self._text.toPlainText()

    def show_step(self, words: str) -> None:
        """What is looked at now. What was found before is gone."""
        self._step.setText(f"{words}…")
        self._text.clear()
        self._show_busy(True)

    def show_text(self, text: str) -> None:
        """What was found."""
        self._step.setText(tr("Send this text to whoever helps you with the program."))
        self._text.setPlainText(text)
        self._show_busy(False)

    def show_problem(self, words: str) -> None:
        """Why there is nothing to show."""
        self._step.setText(words)
        self._show_busy(False)

    def _show_busy(self, busy: bool) -> None:
        self._bar.setVisible(busy)
        self.again_button.setEnabled(not busy)
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(self.text))
