"""One problem that an audit found: how grave, in words, what to do, and its films."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.problems import Problem, Severity
from cxr_desktop.domain.wording import counted
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_GRAVITY = {
    Severity.STOP: ("To be put right first", "suspected"),
    Severity.GRAVE: ("Grave: figures would not be what they seem", "suspected"),
    Severity.WARNING: ("Worth a look", "check"),
    Severity.NOTE: ("To be known", "muted"),
}


class ProblemCard(QFrame):
    """Buttons leave the problem's films out, take them back, and show them.

    Signals:
        films_wanted: the reader wants to see the problem's films.
        leave_out_requested, take_back_requested: for all films whose absence would help.
    """

    films_wanted = Signal()
    leave_out_requested = Signal()
    take_back_requested = Signal()

    def __init__(self, problem: Problem, left_out: frozenset[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.problem = problem
        words, role = _GRAVITY[problem.severity]
        settled = problem.is_settled(left_out)
        gravity = plain_label("muted" if settled else role, self)
        gravity.setText("✓ Settled: its films are left out" if settled else words)
        sentence = plain_label("muted" if settled else "", self)
        sentence.setText(problem.sentence)
        remedy = plain_label("muted", self)
        remedy.setText(problem.remedy)
        remedy.setVisible(bool(problem.remedy) and not settled)
        buttons = QHBoxLayout()
        self.show_films = QPushButton(f"Look at {counted(len(problem.films), 'film')}", self)
        self.leave_out = QPushButton("Leave out", self)
        self.take_back = QPushButton("Take back", self)
        here = {film.path for film in problem.leave_out}
        gone = len(here & left_out)
        self.leave_out.setText(f"Leave out {len(here) - gone:,}")
        self.take_back.setText(f"Take back {gone:,}")
        self.show_films.setVisible(bool(problem.cases))
        self.leave_out.setVisible(gone < len(here))
        self.take_back.setVisible(gone > 0)
        for button in (self.show_films, self.leave_out, self.take_back):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        for part in (gravity, sentence, remedy):
            column.addWidget(part)
        if problem.cases or here:
            column.addLayout(buttons)
        self.show_films.clicked.connect(self.films_wanted)
        self.leave_out.clicked.connect(self.leave_out_requested)
        self.take_back.clicked.connect(self.take_back_requested)
