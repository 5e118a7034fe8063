"""The window "Train a better model": steps on the left, one page at a time, back and next at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.theme import set_role

_STEPS_WIDTH = 190
_SIZE = QSize(1280, 820)


class RetrainingWizard(QDialog):
    """Not modal. Closing hides it: what was chosen is there again when it is opened again.

    The plan goes from page to page. Where an earlier page changes it, later pages wait to be entered anew.
    """

    def __init__(self, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        """
        Args:
            pages: in the order of the steps.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Train a better model"))
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.95))
        self.plan = RetrainingPlan()
        self.pages = tuple(pages)
        self._stale = set(self.pages)  # not entered since the plan changed before them
        self._hindrance = ""  # why the page in view could not be entered or left
        self.steps = QListWidget(self)
        self.steps.setAccessibleName(tr("Steps"))
        self.steps.setFixedWidth(_STEPS_WIDTH)
        set_role(self.steps, "steps")
        self.stack = QStackedWidget(self)
        self.problem = plain_label("check", self)
        self.back = QPushButton(tr("Back"), self)
        self.next = QPushButton(tr("Next"), self)
        self._lay_out()
        self.back.clicked.connect(lambda: self._go(self.number - 1))
        self.next.clicked.connect(self.go_on)
        self.steps.currentRowChanged.connect(self._choose)
        for number, page in enumerate(self.pages):
            page.plan_changed.connect(partial(self._take_plan, number))
            page.ready_changed.connect(lambda _: self._tell())
            page.remark_changed.connect(lambda _: self._tell())

    @property
    def number(self) -> int:
        """Of the page in view, from 0."""
        return self.stack.currentIndex()

    @property
    def page(self) -> Page:
        """The one in view."""
        return self.pages[self.number]

    def go_on(self) -> None:
        """To the next page, if this one lets go; from the last one, out."""
        if not self._leave():
            return
        if self.number + 1 < len(self.pages):
            self._go(self.number + 1)
        else:
            self.close()

    def go_to(self, page: Page) -> None:
        """To a page, whatever comes before it: what it shows is there without."""
        self._go(self.pages.index(page))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            for page in self.pages:
                page.resume(self.plan)
            self._enter()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            for page in self.pages:
                page.end()

    def _leave(self) -> bool:
        try:
            self.page.leave()
        except CxrError as reason:
            self._say(str(reason))
            return False
        return True

    def _go(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self._enter()

    def _choose(self, row: int) -> None:
        """A step was chosen in the list; one after another is left on the way there."""
        if row == self.number or row < 0:
            return
        while self.number < row:
            if not (self.page.is_ready and self._leave()):
                break
            self._go(self.number + 1)
        else:
            self._go(row)
        self._tell()

    def _enter(self) -> None:
        self._say("")
        self._stale.discard(self.page)
        try:
            self.page.enter(self.plan)
        except CxrError as reason:  # a run that is gone, a damaged locked test set
            self._say(str(reason))
        else:
            self._tell()

    def _take_plan(self, number: int, plan: RetrainingPlan) -> None:
        self.plan = plan
        self._stale.update(self.pages[number + 1 :])
        self._say("")

    def _say(self, hindrance: str) -> None:
        self._hindrance = hindrance
        self._tell()

    def _tell(self) -> None:
        """Says which steps can be gone to: this one, those before it, those after pages that are done. And
        what hinders the reader, or else what is to be heard of other pages.
        """
        remarks = [page.remark for page in self.pages if page is not self.page and page.remark]
        words = self._hindrance or " ".join(remarks)
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        reachable = True
        for number, page in enumerate(self.pages):
            item = self.steps.item(number)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags if reachable or number <= self.number else Qt.ItemFlag.NoItemFlags)
            is_done = page.is_ready and page not in self._stale
            mark = str(number + 1)
            if number != self.number and (page.remark or is_done):
                mark = "!" if page.remark else "✓"
            item.setText(f"{mark}   {page.title}")
            item.setToolTip(page.remark)
            reachable = reachable and is_done
        self.steps.blockSignals(True)
        self.steps.setCurrentRow(self.number)
        self.steps.blockSignals(False)
        self.back.setEnabled(self.number > 0)
        self.next.setEnabled(self.page.is_ready)
        if self.next.isEnabled():
            self.next.setDefault(True)  # which a page may have given to a button of its own
        self.next.setText(tr("Next") if self.number + 1 < len(self.pages) else tr("Close"))

    def _lay_out(self) -> None:
        for page in self.pages:
            self.steps.addItem(QListWidgetItem(page.title))
            self.stack.addWidget(page)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter is for the fields
        self.next.setDefault(True)
        line = QHBoxLayout()
        line.addWidget(self.problem, 1)
        line.addStretch()  # the problem is hidden where there is none
        line.addWidget(self.back)
        line.addWidget(self.next)
        right = QVBoxLayout()
        right.addWidget(self.stack, 1)
        right.addLayout(line)
        row = QHBoxLayout(self)
        row.addWidget(self.steps)
        row.addLayout(right, 1)
        self._tell()
