"""A page that scrolls must not change a value on which the pointer happens to stand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


def keep_wheel_for_scrolling(editor: QWidget) -> None:
    """Lets the wheel change an editor's value only while it has the keyboard."""
    editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel alone does not give it the keyboard
    editor.installEventFilter(_Wheel(editor))


class _Wheel(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget) or watched.hasFocus():
            return False
        event.ignore()  # so that it goes on to what scrolls
        return True
