"""The settings in force in an open window, and when they are saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.settings import Settings
from cxr_desktop.storage.settings_file import save_settings

# A slider that is dragged saves the settings once.
SAVE_MS = 1500


class Preferences(QObject):
    """The settings, which it saves a moment after each change.

    Attributes:
        settings: those in force.
    """

    def __init__(self, file: Path, settings: Settings, say: Callable[[str], None], parent: QObject) -> None:
        """
        Args:
            say: tells the reader why the settings could not be saved.
        """
        super().__init__(parent)
        self.settings = settings
        self._file = file
        self._say = say
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_MS)
        self._timer.timeout.connect(self.save)

    def change(self, **changed: object) -> None:
        """Sets some fields of `Settings`."""
        self.settings = replace(self.settings, **changed)  # type: ignore[arg-type]
        self._timer.start()

    def change_heat_look(self, look: HeatLook) -> None:
        """Sets the fields that say how heatmaps look."""
        self.settings = self.settings.with_heat_look(look)
        self._timer.start()

    def save(self) -> None:
        """Saves them now."""
        self._timer.stop()
        try:
            save_settings(self._file, self.settings)
        except CxrError as problem:
            self._say(str(problem))
