"""All problems that an audit found, one card each, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.problems import Problem
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

    def show_problems(self, problems: Sequence[Problem], left_out: frozenset[Path]) -> None:
        """Other problems; it stays scrolled where it was."""
        place = self.verticalScrollBar().value()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        self.cards = tuple(ProblemCard(each, left_out, inside) for each in problems)
        for card in self.cards:
            column.addWidget(card)
            paths = tuple(film.path for film in card.problem.leave_out)
            card.films_wanted.connect(partial(self.films_wanted.emit, card.problem))
            card.leave_out_requested.connect(partial(self.films_left_out.emit, paths))
            card.take_back_requested.connect(partial(self.films_taken_back.emit, paths))
        column.addStretch(1)
        # The card whose button was pressed must outlive its own signal.
        before = self.takeWidget()
        if before is not None:
            before.deleteLater()
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)
