"""Which training is in view: that which waits to be started, or one of those that were."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cxr_desktop.domain.training_state import TrainingState
from cxr_desktop.domain.training_words import ORDERED, run_words
from cxr_desktop.language import tr


class RunChoice(QComboBox):
    """The newest first; hidden where there is nothing to choose.

    Signals:
        run_chosen: the name of a run, or "" for the training that waits.
    """

    run_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Trainings"))
        self._entries: list[tuple[str, str]] = []
        self.activated.connect(lambda row: self.run_chosen.emit(self.itemData(row)))

    def show_runs(self, states: Mapping[str, TrainingState], waits: bool, shown: str) -> None:
        """What there is to choose.

        Args:
            states: the runs by name, the oldest first.
            waits: whether a training waits to be started.
            shown: the name of the run in view, which may be too new to be known; "" for none.
        """
        entries = [(run_words(states[name]) or name, name) for name in reversed(tuple(states))]
        if shown and shown not in states:
            entries.insert(0, (tr("Just started"), shown))
        if waits:
            entries.insert(0, (ORDERED, ""))
        if entries != self._entries:  # else an open list would close
            self._entries = entries
            self.clear()
            for words, name in entries:
                self.addItem(words, name)
        self.setCurrentIndex(self.findData(shown))
        self.setVisible(len(entries) > 1)
