"""An action that lasts as long as its key is held down."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication

# With these the release of the key goes to somebody else, and would be missed.
_KEYBOARD_LEAVES = {QEvent.Type.FocusOut, QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate}


class HeldAction(QAction):
    """For the keyboard alone: a click has no end. Its shortcut begins it anywhere in the window.

    Attributes:
        is_held: whether it lasts.
    """

    held_changed = Signal(bool)

    def __init__(self, text: str, owner: QObject) -> None:
        super().__init__(text, owner)
        self._app = cast(QApplication, QApplication.instance())
        self.is_held = False
        self.setAutoRepeat(False)
        self.triggered.connect(self._begin)

    def let_go(self) -> None:
        """Ends it, as the key's release does; without effect where it does not last."""
        if self.is_held:
            self.is_held = False
            self._app.removeEventFilter(self)
            self.held_changed.emit(False)

    def _begin(self) -> None:
        if not self.is_held:
            self.is_held = True
            # A shortcut is told of no release, which goes to whatever widget has the keyboard.
            self._app.installEventFilter(self)
            self.held_changed.emit(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            # Any key's: with a Cyrillic keyboard the key of a Latin shortcut is released under another name.
            # A key that repeats is released between its repeats on some systems.
            if not event.isAutoRepeat():
                self.let_go()
        elif event.type() in _KEYBOARD_LEAVES:
            self.let_go()
        return False
