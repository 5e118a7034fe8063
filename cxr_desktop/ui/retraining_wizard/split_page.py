"""The third page: which films are learned from, which one chooses by, and which are put away for testing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.domain.locked_test import LockedTestSet
from cxr_desktop.domain.retraining import SHARES, Division, RetrainingPlan, Split
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.card_parts import plain_label, quiet_scroll
from cxr_desktop.ui.retraining_wizard.bars import BarChart
from cxr_desktop.ui.retraining_wizard.locked_card import LockedCard
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.latest_answer import LatestAnswer, Work

_ABOUT = tr(
    "A model is judged on films that it has not learned from. All films of one patient go the "
    "same way, and the classes are divided in proportion. The usual choices are made already."
)
_VALIDATION = tr(
    "Validation films tell, while training runs, when to stop and which state of the model is "
    "best. Another seed draws others."
)
_NAMES = {Side.TRAIN: tr("Learned from"), Side.VALIDATION: tr("Validation"), Side.TEST: tr("Test")}
_TITLES = _NAMES | {
    Side.VALIDATION: tr("Validation (to choose by)"),
    Side.TEST: tr("Test (never learned from)"),
}
_CHOICES_WIDTH = 460


class Divider(Protocol):
    """What the page asks for; each may raise CxrError."""

    def divide(self, plan: RetrainingPlan) -> Division:
        """Each film on its side; called on a thread."""

    def lock(self, plan: RetrainingPlan, share: float) -> LockedTestSet:
        """Makes or enlarges the locked test set, and keeps it; called on a thread."""

    def locked(self) -> LockedTestSet | None:
        """The locked test set; None where none was made."""

    def write(self, films: Sequence[LabelledFilm]) -> Path:
        """Writes the list that the trainer reads."""


class SplitPage(Page):
    """Shows at once what each choice does to the numbers of films."""

    def __init__(
        self,
        divider: Divider,
        dividing: LatestAnswer[Work, Any],
        locking: LatestAnswer[Work, Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Split"), _ABOUT, parent)
        self._divider = divider
        self._dividing = dividing
        self._locking = locking
        self.division: Division | None = None
        self.share = QComboBox(self)
        self.share.setAccessibleName(tr("Share of validation films"))
        for percent in SHARES:
            self.share.addItem(f"{percent} %", percent)
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 999_999)
        self.seed.setAccessibleName(tr("Seed of the division"))
        self.locked = LockedCard(self)
        self.problem = plain_label("check", self)
        self.remarks = plain_label("", self)
        self.chart = BarChart(self)
        self.counts = QTableWidget(self)
        self._lay_out()
        self.share.activated.connect(lambda _: self._choose())
        self.seed.editingFinished.connect(self._choose)
        self.locked.lock_requested.connect(self._lock)
        dividing.answered.connect(self._take_division)
        locking.answered.connect(self._take_locked)
        for answers in (dividing, locking):
            answers.refused.connect(self._take_refusal)
            answers.failed.connect(self._refuse)

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        self.share.setCurrentIndex(self.share.findData(plan.split.share))
        self.seed.setValue(plan.split.seed)
        try:
            locked = self._divider.locked()
        except CxrError as problem:
            self._refuse(str(problem))
            return
        self._split_by(replace(plan.split, locked=locked))

    def leave(self) -> None:
        if self.division is not None:
            self.change(replace(self.plan, films_file=self._divider.write(self.division.films)))

    def _choose(self) -> None:
        chosen = replace(self.plan.split, share=self.share.currentData(), seed=self.seed.value())
        if chosen != self.plan.split:
            self._split_by(chosen)

    def _split_by(self, split: Split) -> None:
        if split != self.plan.split:
            self.change(replace(self.plan, split=split, films_file=None))
        self._divide()

    def _divide(self) -> None:
        self.set_ready(False)
        self.division = None
        self.remarks.setText(tr("Dividing the films…"))
        self.locked.setEnabled(False)
        self.problem.hide()
        self._show_locked(None)
        self._dividing.ask(partial(self._divider.divide, self.plan))

    def _lock(self, share: float) -> None:
        self.set_ready(False)
        self.locked.setEnabled(False)
        self._locking.ask(partial(self._divider.lock, self.plan, share))

    def _take_locked(self, _: Work, locked: LockedTestSet) -> None:
        if self.isVisible():
            self._split_by(replace(self.plan.split, locked=locked))

    def _take_division(self, _: Work, division: Division) -> None:
        self.division = division
        self.locked.setEnabled(True)
        self.problem.hide()
        self.remarks.setText("\n\n".join(division.remarks))
        self._show_locked(division.locked)
        self._show_counts(division.counts())
        self.set_ready(True)

    def _take_refusal(self, _: Work, reason: str) -> None:
        if reason:  # else a mistake of the program, which is told otherwise
            self._refuse(reason)

    def _refuse(self, reason: str) -> None:
        """A set that could not be made or enlarged leaves the division as it was."""
        self.problem.setText(reason)
        self.problem.show()
        if self.division is None:
            self.remarks.clear()
            self._show_counts({})
        self.locked.setEnabled(self.division is not None)
        self.set_ready(self.division is not None)

    def _show_locked(self, of_these: int | None) -> None:
        to_lock = 0 if self.division is None else self.division.test_to_lock
        self.locked.show_set(self.plan.split.locked, of_these, to_lock)

    def _show_counts(self, counts: Mapping[Side, Mapping[str, int]]) -> None:
        classes = sorted({label for of_class in counts.values() for label in of_class})
        self.chart.show_bars({_NAMES[side]: dict(of_class) for side, of_class in counts.items()}, tr("films"))
        self.counts.setColumnCount(len(classes) + 2)
        self.counts.setHorizontalHeaderLabels(["", *classes, tr("All")])
        self.counts.setRowCount(len(counts))
        for row, (side, of_class) in enumerate(counts.items()):
            numbers = [of_class.get(label, 0) for label in classes]
            for column, text in enumerate(
                (_TITLES[side], *(grouped(each) for each in numbers), grouped(sum(numbers)))
            ):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.counts.setItem(row, column, item)

    def _lay_out(self) -> None:
        validation = QFrame(self)
        set_role(validation, "card")
        heading = QLabel(tr("VALIDATION FILMS"), validation)
        set_role(heading, "heading")
        about = plain_label("muted", validation)
        about.setText(_VALIDATION)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.addRow(tr("Share held out"), self.share)
        form.addRow(tr("Seed"), self.seed)
        inside = QVBoxLayout(validation)
        inside.addWidget(heading)
        inside.addWidget(about)
        inside.addLayout(form)
        choices = QWidget(self)
        column = QVBoxLayout(choices)
        column.setContentsMargins(0, 0, 8, 0)
        for part in (self.problem, self.locked, validation, self.remarks):
            column.addWidget(part)
        column.addStretch(1)
        self.problem.hide()
        self.counts.setAccessibleName(tr("Films by side and class"))
        self.counts.verticalHeader().hide()
        self.counts.setShowGrid(False)
        self.counts.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.counts.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.counts.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.counts.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.counts.setMaximumHeight(170)
        outcome = QVBoxLayout()
        outcome.addWidget(self.chart, 1)
        outcome.addWidget(self.counts)
        row = QHBoxLayout()
        scroll = quiet_scroll(choices, self)
        scroll.setFixedWidth(_CHOICES_WIDTH)
        row.addWidget(scroll)
        row.addLayout(outcome, 1)
        self.column.addLayout(row, 1)
