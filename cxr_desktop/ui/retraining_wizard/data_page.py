"""The second page: what the films are, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.patients import name_pattern
from cxr_desktop.domain.audit.problems import Problem, Severity
from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.domain.wording import counted
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.figures_tab import FiguresTab
from cxr_desktop.ui.retraining_wizard.film_grid import FilmGrid
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.retraining_wizard.patient_pattern import PatientPattern
from cxr_desktop.ui.retraining_wizard.problem_list import ProblemList
from cxr_desktop.ui.retraining_wizard.samples_tab import SamplesTab
from cxr_desktop.ui.status_line import JobDisplay
from cxr_desktop.workers.audit_service import AuditService
from cxr_desktop.workers.thumbnail_service import ThumbnailService

_ABOUT = (
    "What a model learns is in these films, their mistakes too. Go through the problems on the left, look at "
    "their films, and leave out what does not belong there. Nothing is deleted."
)
_PROBLEMS_WIDTH = 470  # three buttons fit into a card
# No name begins with it, so that no patient is found.
_NO_NAME = r"(?!)"


class DataPage(Page):
    """Has the films looked at; the image checks follow while the reader goes on."""

    def __init__(
        self, audit: AuditService, thumbnails: ThumbnailService, parent: QWidget | None = None
    ) -> None:
        super().__init__("Look at the data", _ABOUT, parent)
        self._audit = audit
        self._is_checked = False
        self._amiss: tuple[Problem, ...] = ()  # what the image checks found and the report has not got yet
        self.reading = JobDisplay("reading films,", self)
        self.checking = JobDisplay("image checks,", self)
        self.verdict = plain_label("", self)
        self.again = QPushButton("Read the films", self)
        self.again.setAutoDefault(False)
        self.put_back = QPushButton("Take all back", self)
        self.put_back.setAutoDefault(False)
        self.problems = ProblemList(self)
        self.pattern = PatientPattern(self)
        self.tabs = QTabWidget(self)
        self.figures = FiguresTab(self)
        self.samples = SamplesTab(thumbnails, self)
        self.concerned = FilmGrid(thumbnails, self)
        self.concerning = plain_label("", self)
        self._panes = QSplitter(Qt.Orientation.Horizontal, self)
        self._lay_out()
        self.reading.cancel_requested.connect(self._stop_reading)
        self.checking.cancel_requested.connect(self._stop_checking)
        audit.progress_changed.connect(self._show_progress)
        audit.reported.connect(self._take_report)
        audit.checks_changed.connect(self.checking.show_progress)
        audit.checked.connect(self._take_checks)
        audit.failed.connect(self._show_failure)
        self.again.clicked.connect(self._ask)
        self.put_back.clicked.connect(lambda: self._leave_out(frozenset()))
        self.problems.films_wanted.connect(self._show_films_of)
        self.problems.films_left_out.connect(lambda paths: self._leave_out(self.plan.left_out | set(paths)))
        self.problems.films_taken_back.connect(lambda paths: self._leave_out(self.plan.left_out - set(paths)))
        for grid in (self.samples.grid, self.concerned):
            grid.film_toggled.connect(lambda path: self._leave_out(self.plan.left_out ^ {path}))
        self.pattern.pattern_changed.connect(self._change_pattern)

    def enter(self, plan: RetrainingPlan) -> None:
        if plan.found != self.plan.found or plan.classes != self.plan.classes:
            self._is_checked = False
            self._amiss = ()
            self._show_films_of(None)
        super().enter(plan)
        self._show()
        if plan.report is None or not self._is_checked:
            self._ask()
        elif self._amiss:
            self._take_checks(self._amiss)

    def end(self) -> None:
        self._audit.cancel()
        self.reading.finish()
        self.checking.finish()

    # What is found

    def _ask(self) -> None:
        self.again.hide()
        if self.plan.report is None:
            self.verdict.setText("Each film is read once. A thousand take some seconds.")
            self.reading.show_progress(Progress(0, len(self.plan.changed.films), 0))
        self._audit.request(self.plan.changed)

    def _show_progress(self, progress: Progress) -> None:
        if self.plan.report is None:
            self.reading.show_progress(progress)

    def _take_report(self, report: AuditReport) -> None:
        self.reading.finish()
        # With one at hand they were only read to be checked; while another page is in view, the plan is its.
        if self.plan.report is None and self.isVisible():
            self._replan(replace(self.plan, report=report))
        self.checking.show_progress(Progress(0, len(report.facts), 0))

    def _take_checks(self, problems: tuple[Problem, ...]) -> None:
        """The plan is another page's while that is in view: there the checks wait for the way back."""
        self.checking.finish()
        self._is_checked = True
        self._amiss = problems
        if self.isVisible() and self.plan.report is not None:
            self._amiss = ()
            self._replan(replace(self.plan, report=self.plan.report.with_problems(problems)))

    def _show_failure(self, reason: str) -> None:
        self.end()
        self.verdict.setText(reason)
        self.again.setVisible(self.plan.report is None)

    def _stop_reading(self) -> None:
        self.end()
        self.verdict.setText("Reading was stopped. Nothing can be said of the films before they are read.")
        self.again.show()

    def _stop_checking(self) -> None:
        self.end()
        self._is_checked = True

    # What the reader does about it

    def _leave_out(self, paths: Iterable[Path]) -> None:
        self._replan(replace(self.plan, left_out=frozenset(paths)))

    def _change_pattern(self, pattern: str) -> None:
        self._replan(replace(self.plan, pattern=pattern))

    def _replan(self, plan: RetrainingPlan) -> None:
        self.change(replace(plan, films_file=None))  # a list written before is of other films
        self._show()

    # How it is shown

    def _show(self) -> None:
        plan = self.plan
        is_there = plan.report is not None
        self._panes.setVisible(is_there)
        self.put_back.setVisible(bool(plan.left_out))
        if plan.report is None:
            self.set_ready(False)
            return
        pattern = name_pattern(plan.pattern or _NO_NAME)
        report = plan.report.as_planned(pattern, plan.left_out, plan.changed.empty)
        self.problems.show_problems(report.problems, plan.left_out)
        self.pattern.show_pattern(plan.pattern, plan.changed.films)
        self.figures.show_plan(plan)
        self.samples.show_plan(plan)
        self.concerned.show_left_out(plan.left_out)
        open_ones = [
            each
            for each in report.problems
            if each.severity is Severity.STOP and not each.is_settled(plan.left_out)
        ]
        self.verdict.setText(_verdict(plan, len(report.problems), len(open_ones)))
        self.set_ready(not open_ones and not plan.obstacle)

    def _show_films_of(self, problem: Problem | None) -> None:
        self.tabs.setTabVisible(2, problem is not None)
        if problem is not None:
            self.concerning.setText(problem.sentence)
            self.concerned.show_cases(problem.cases, self.plan.left_out)
            self.tabs.setCurrentIndex(2)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.verdict, 1)
        for part in (self.reading, self.checking, self.again, self.put_back):
            head.addWidget(part)
        self.again.hide()
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.problems, 1)
        column.addWidget(self.pattern)
        concerned = QWidget(self)
        beneath = QVBoxLayout(concerned)
        beneath.addWidget(self.concerning)
        beneath.addWidget(self.concerned, 1)
        for tab, title in (
            (self.figures, "Figures"),
            (self.samples, "Sample films"),
            (concerned, "Films of a problem"),
        ):
            self.tabs.addTab(tab, title)
        self.tabs.setTabVisible(2, False)
        self._panes.setChildrenCollapsible(False)
        self._panes.addWidget(left)
        self._panes.addWidget(self.tabs)
        left.setMinimumWidth(_PROBLEMS_WIDTH)
        self._panes.setStretchFactor(1, 1)
        self.column.addLayout(head)
        self.column.addWidget(self._panes, 1)
        self.column.addStretch()


def _verdict(plan: RetrainingPlan, problems: int, open_ones: int) -> str:
    used = counted(len(plan.films), "film")
    left_out = f", {len(plan.left_out):,} left out" if plan.left_out else ""
    if open_ones:
        return (
            f"{used} used{left_out}. {counted(open_ones, 'problem has', 'problems have')} to be put right "
            "before anything can be trained; the rest may stay."
        )
    if plan.obstacle:
        return f"{used} used{left_out}. {plan.obstacle}"
    if not problems:
        return f"{used} used{left_out}. No problems found."
    return f"{used} used{left_out}. These films can be trained on; look at what was found all the same."
