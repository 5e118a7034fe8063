"""How long training would take on this machine, and in how much room: measured where somebody asks."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.progress import duration
from cxr_desktop.domain.start_choices import TrainingOrder
from cxr_desktop.domain.training_estimate import TrainingEstimate
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.latest_answer import LatestAnswer

_BEFORE = tr("A few steps of the very network tell how long it takes here; that takes about half a minute.")

Estimates = LatestAnswer[TrainingOrder, TrainingEstimate]


class EstimateBox(QFrame):
    """A button, and what came of it.

    Attributes:
        measured: what the training that is chosen takes; None where that was not measured.
    """

    def __init__(self, estimates: Estimates, parent: QWidget | None = None) -> None:
        """
        Args:
            estimates: measures; this box alone asks it.
        """
        super().__init__(parent)
        set_role(self, "card")
        self._estimates = estimates
        self._order: TrainingOrder | None = None
        self.measured: TrainingEstimate | None = None
        heading = plain_label("heading", self)
        heading.setText(tr("TIME AND ROOM ON THIS MACHINE"))
        self.figure = plain_label("verdict", self)
        self.words = plain_label("muted", self)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Measuring"))
        self.measure = QPushButton(tr("Measure"), self)
        self.measure.clicked.connect(self._ask)
        self.cancel = QPushButton(tr("Cancel"), self)
        self.cancel.clicked.connect(self.forget)
        row = QHBoxLayout()
        for button in (self.measure, self.cancel):
            row.addWidget(button)
        row.addWidget(self.bar, 1)
        row.addStretch(0)
        layout = QVBoxLayout(self)
        for widget in (heading, self.figure, self.words):
            layout.addWidget(widget)
        layout.addLayout(row)
        estimates.answered.connect(self._show)
        estimates.refused.connect(self._show_refusal)
        self.forget()

    def show_order(self, order: TrainingOrder | None) -> None:
        """Another training; what was measured of the one before says nothing of it."""
        if order != self._order:
            self._order = order
            self.forget()

    def forget(self) -> None:
        """Stops measuring, and shows nothing."""
        self._estimates.take_back()
        self._settle(_BEFORE)

    def _ask(self) -> None:
        if self._order is None:
            return
        self._estimates.ask(self._order)
        self._settle(tr("Measuring: a few films are read, the network is built, and makes some steps."))

    def _show(self, _: TrainingOrder, estimate: TrainingEstimate) -> None:
        self._settle(estimate.text, estimate)

    def _show_refusal(self, _: TrainingOrder, reason: str) -> None:
        self._settle(reason or tr("This could not be measured."), role="check")

    def _settle(self, words: str, measured: TrainingEstimate | None = None, role: str = "muted") -> None:
        self.measured = measured
        busy = self._estimates.is_busy
        self.measure.setEnabled(not busy and self._order is not None)
        self.cancel.setVisible(busy)
        self.bar.setVisible(busy)
        self.figure.setText(
            "" if measured is None else tr("At most {duration}", duration=duration(measured.seconds))
        )
        self.figure.setVisible(measured is not None)
        set_role(self.words, role)
        self.words.setText(words)
