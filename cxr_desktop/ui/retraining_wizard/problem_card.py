"""One problem that an audit found: how grave, in words, what to do, and its films."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.problems import Severity, ToldProblem
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_GRAVITY = {
    Severity.STOP: (tr("To be put right first"), "suspected"),
    Severity.GRAVE: (tr("Grave: figures would not be what they seem"), "suspected"),
    Severity.WARNING: (tr("Worth a look"), "check"),
    Severity.NOTE: (tr("To be known"), "muted"),
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

    def __init__(self, told: ToldProblem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.problem = problem = told.problem
        words, role = _GRAVITY[problem.severity]
        settled = told.settled
        gravity = plain_label("muted" if settled else role, self)
        gravity.setText(tr("✓ Settled: its films are left out") if settled else words)
        sentence = plain_label("muted" if settled else "", self)
        sentence.setText(problem.sentence)
        remedy = plain_label("muted", self)
        remedy.setText(problem.remedy)
        remedy.setVisible(bool(problem.remedy) and not settled)
        buttons = QHBoxLayout()
        self.show_films = QPushButton(
            tr("Look at {films}", films=counted(len(problem.films), "film", "films")), self
        )
        self.leave_out = QPushButton(tr("Leave out {films:,}", films=len(told.to_leave_out)), self)
        self.take_back = QPushButton(tr("Take back {films:,}", films=len(told.left_out)), self)
        self.show_films.setVisible(bool(problem.cases))
        self.leave_out.setVisible(bool(told.to_leave_out))
        self.take_back.setVisible(bool(told.left_out))
        for button in (self.show_films, self.leave_out, self.take_back):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        for part in (gravity, sentence, remedy):
            column.addWidget(part)
        if problem.cases:
            column.addLayout(buttons)
        self.show_films.clicked.connect(self.films_wanted)
        self.leave_out.clicked.connect(self.leave_out_requested)
        self.take_back.clicked.connect(self.take_back_requested)
