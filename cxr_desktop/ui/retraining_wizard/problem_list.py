"""All problems that an audit found, one card each, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.problems import ToldProblem
from cxr_desktop.ui.retraining_wizard.problem_card import ProblemCard


class ProblemList(QScrollArea):
    """Signals:
    films_wanted: the problem whose films the reader wants to see.
    films_left_out, films_taken_back: tuple[Path, ...].
    """

    films_wanted = Signal(object)
    films_left_out = Signal(object)
    films_taken_back = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cards: tuple[ProblemCard, ...] = ()
        self._told: tuple[ToldProblem, ...] = ()

    def show_problems(self, told: Sequence[ToldProblem]) -> None:
        """Other problems; it stays scrolled where it was."""
        if tuple(told) == self._told:
            return  # a card must not go from under the pointer
        self._told = tuple(told)
        place = self.verticalScrollBar().value()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        self.cards = tuple(ProblemCard(each, inside) for each in told)
        for card, each in zip(self.cards, told, strict=True):
            column.addWidget(card)
            card.films_wanted.connect(partial(self.films_wanted.emit, each.problem))
            card.leave_out_requested.connect(partial(self.films_left_out.emit, each.to_leave_out))
            card.take_back_requested.connect(partial(self.films_taken_back.emit, each.left_out))
        column.addStretch(1)
        # The card whose button was pressed must outlive its own signal.
        before = self.takeWidget()
        if before is not None:
            before.deleteLater()
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)
