"""The second page: what the films are, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from cxr_desktop.domain.audit.patients import name_pattern
from cxr_desktop.domain.audit.problems import Problem, ProblemKind, Severity, told_problems
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.figures_tab import FiguresTab
from cxr_desktop.ui.retraining_wizard.film_grid import FilmGrid
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.retraining_wizard.patient_pattern import PatientPattern
from cxr_desktop.ui.retraining_wizard.problem_list import ProblemList
from cxr_desktop.ui.retraining_wizard.samples_tab import SamplesTab
from cxr_desktop.ui.retraining_wizard.shortcuts_tab import ShortcutsTab
from cxr_desktop.ui.status_line import JobDisplay
from cxr_desktop.workers.audit_service import AuditService
from cxr_desktop.workers.thumbnail_service import ThumbnailService

_ABOUT = tr(
    "What a model learns is in these films, their mistakes too. Go through the problems on the "
    "left, look at their films, and leave out what does not belong there. Nothing is deleted."
)
_PROBLEMS_WIDTH = 470  # three buttons fit into a card
# No name begins with it, so that no patient is found.
_NO_NAME = r"(?!)"


class DataPage(Page):
    """Has the films looked at; the image checks follow while the reader goes on."""

    def __init__(
        self, audit: AuditService, thumbnails: ThumbnailService, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Look at the data"), _ABOUT, parent)
        self._audit = audit
        self._thumbnails = thumbnails
        self._is_judged = False  # whether the report is of the plan's pattern and films
        self._wants_checks = True
        self.reading = JobDisplay(tr("reading films,"), self)
        self.checking = JobDisplay(tr("image checks,"), self)
        self.verdict = plain_label("", self)
        self.again = QPushButton(tr("Read again"), self)
        self.again.setToolTip(tr("Reads what could not be read, and files that have changed since"))
        self.again.setAutoDefault(False)
        self.put_back = QPushButton(tr("Take all back"), self)
        self.put_back.setAutoDefault(False)
        self.problems = ProblemList(self)
        self.pattern = PatientPattern(self)
        self.tabs = QTabWidget(self)
        self.figures = FiguresTab(self)
        self.samples = SamplesTab(thumbnails, self)
        self.shortcuts = ShortcutsTab(self)
        self.concerned = FilmGrid(thumbnails, self)
        self.concerning = plain_label("", self)
        self._of_problem = QWidget(self)
        self._panes = QSplitter(Qt.Orientation.Horizontal, self)
        self._lay_out()
        self.reading.cancel_requested.connect(self._stop_reading)
        self.checking.cancel_requested.connect(self._stop_checking)
        audit.progress_changed.connect(self.reading.show_progress)
        audit.reported.connect(self._take_report)
        audit.checks_changed.connect(self.checking.show_progress)
        audit.checked.connect(self._take_checks)
        audit.failed.connect(self._show_failure)
        audit.checks_failed.connect(self._show_no_checks)
        self.again.clicked.connect(self._look)
        self.put_back.clicked.connect(lambda: self._leave_out(frozenset()))
        self.problems.films_wanted.connect(self._show_films_of)
        self.problems.films_left_out.connect(lambda paths: self._leave_out(self.plan.left_out | set(paths)))
        self.problems.films_taken_back.connect(lambda paths: self._leave_out(self.plan.left_out - set(paths)))
        for grid in (self.samples.grid, self.concerned):
            grid.film_toggled.connect(lambda path: self._leave_out(self.plan.left_out ^ {path}))
        self.pattern.pattern_changed.connect(self._change_pattern)

    def enter(self, plan: RetrainingPlan) -> None:
        if plan.found != self.plan.found or plan.classes != self.plan.classes:
            self._is_judged = False
            self._wants_checks = True
            self._show_films_of(None)
        super().enter(plan)
        self.set_remark("")
        self._show()
        self._look()

    def end(self) -> None:
        self._audit.cancel()
        self.reading.finish()
        self.checking.finish()

    def resume(self, plan: RetrainingPlan) -> None:
        if plan.report is not None and plan.report is self.plan.report:
            self._look()

    # What is found

    @property
    def _choice(self) -> AuditChoice:
        return AuditChoice(name_pattern(self.plan.pattern or _NO_NAME), self.plan.left_out)

    def _look(self) -> None:
        """Has files read that were not read yet or have changed, and the image checks go on."""
        if self.plan.report is None:
            self.again.hide()
            self.verdict.setText(tr("Each film is read once. A thousand take some seconds."))
        self._thumbnails.look_again()
        self._audit.look(self.plan.changed, self._choice, self._wants_checks)

    def _take_report(self, report: AuditReport) -> None:
        """While another page is in view the plan is its; all is told again when this one is entered."""
        self.reading.finish()
        if not self.isVisible():
            return
        self._is_judged = True
        if report is self.plan.report:
            self._show()
        else:
            self._replan(replace(self.plan, report=report))

    def _take_checks(self, report: AuditReport) -> None:
        self.checking.finish()
        known = () if self.plan.report is None else self.plan.report.of_image_checks
        if not self.isVisible() and report.of_image_checks != known:
            self.set_remark(_remark(report))

    def _show_failure(self, reason: str) -> None:
        self.reading.finish()
        self.verdict.setText(reason)
        self.again.show()

    def _show_no_checks(self, reason: str) -> None:
        self._stop_checking()
        self.verdict.setText(reason)

    def _stop_reading(self) -> None:
        self.end()
        if not self._is_judged or self.plan.report is None:
            self.verdict.setText(
                tr("Reading was stopped. Nothing can be said of the films before they are read.")
            )
        self.again.show()

    def _stop_checking(self) -> None:
        self._wants_checks = False
        self._audit.stop_checks()
        self.checking.finish()

    # What the reader does about it

    def _leave_out(self, paths: Iterable[Path]) -> None:
        self._choose(replace(self.plan, left_out=frozenset(paths)))

    def _change_pattern(self, pattern: str) -> None:
        self._choose(replace(self.plan, pattern=pattern))

    def _choose(self, plan: RetrainingPlan) -> None:
        """What was chosen shows at once; what is wrong then is judged anew."""
        self._is_judged = False
        self._replan(plan)
        self._audit.judge(self._choice)

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
        report = plan.report
        self.again.setVisible(bool(report.unreadable))
        self.problems.show_problems(told_problems(report.problems, report.before, plan.left_out))
        self.pattern.show_pattern(plan.pattern, plan.changed.films)
        self.figures.show_plan(plan)
        self.samples.show_plan(plan)
        self.shortcuts.show_giveaways(report.giveaways)
        self.concerned.show_left_out(plan.left_out)
        self.verdict.setText(_verdict(plan, report) if self._is_judged else _judging(plan))
        self.set_ready(self._is_judged and report.can_be_trained_on and not plan.obstacle)

    def _show_films_of(self, problem: Problem | None) -> None:
        self.tabs.setTabVisible(self.tabs.indexOf(self._of_problem), problem is not None)
        if problem is not None:
            self.concerning.setText(problem.sentence)
            self.concerned.show_cases(problem.cases, self.plan.left_out)
            self.tabs.setCurrentWidget(self._of_problem)

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
        beneath = QVBoxLayout(self._of_problem)
        beneath.addWidget(self.concerning)
        beneath.addWidget(self.concerned, 1)
        for tab, title in (
            (self.figures, tr("Figures")),
            (self.samples, tr("Sample films")),
            (self.shortcuts, tr("Shortcuts")),
            (self._of_problem, tr("Films of a problem")),
        ):
            self.tabs.addTab(tab, title)
        self._show_films_of(None)
        self._panes.setChildrenCollapsible(False)
        self._panes.addWidget(left)
        self._panes.addWidget(self.tabs)
        left.setMinimumWidth(_PROBLEMS_WIDTH)
        self._panes.setStretchFactor(1, 1)
        self.column.addLayout(head)
        self.column.addWidget(self._panes, 1)
        self.column.addStretch()


def _used(plan: RetrainingPlan) -> str:
    films = counted(len(plan.films), "film", "films")
    if plan.left_out:
        return tr("{films} used, {left_out:,} left out.", films=films, left_out=len(plan.left_out))
    return tr("{films} used.", films=films)


def _judging(plan: RetrainingPlan) -> str:
    anew = tr("Their problems and shortcuts are measured anew…")
    return f"{_used(plan)} {anew}"


def _verdict(plan: RetrainingPlan, report: AuditReport) -> str:
    return f"{_used(plan)} {_outcome(plan, report)}"


def _outcome(plan: RetrainingPlan, report: AuditReport) -> str:
    open_ones = [each for each in report.problems if each.severity is Severity.STOP]
    if open_ones:
        return tr(
            "{problems_have} to be put right before anything can be trained; the rest may stay.",
            problems_have=counted(len(open_ones), "problem has", "problems have"),
        )
    if plan.obstacle:
        return plan.obstacle
    if not report.problems:
        return tr("No problems found.")
    return tr("These films can be trained on; look at what was found all the same.")


def _remark(report: AuditReport) -> str:
    """What the image checks found, for a reader who is on another page; "" where they found nothing."""
    found = report.of_image_checks
    refused = {film for each in found if each.kind is ProblemKind.OUT_OF_SCOPE for film in each.films}
    odd = {film for each in found for film in each.films} - refused
    not_judged, to_see = counted(len(refused), "film", "films"), counted(len(odd), "film", "films")
    if refused and odd:
        return tr(
            "The image checks found {refused} not to be judged and {odd} worth a look: "
            "see “Look at the data”.",
            refused=not_judged,
            odd=to_see,
        )
    if refused:
        return tr(
            "The image checks found {refused} not to be judged: see “Look at the data”.", refused=not_judged
        )
    return tr("The image checks found {odd} worth a look: see “Look at the data”.", odd=to_see) if odd else ""
