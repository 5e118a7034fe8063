"""What all pages of the wizard have in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role


class Page(QWidget):
    """One step: a heading, a line that says what it is about, and whatever else it lays out in `column`.

    Attributes:
        title: in the list of steps.
        remark: what the reader is to hear of this page while another one is in view; "" for nothing.

    Signals:
        ready_changed: whether the reader can go on to the next page.
        remark_changed: another remark.
        plan_changed: the plan as this page has it now.
    """

    ready_changed = Signal(bool)
    remark_changed = Signal(str)
    plan_changed = Signal(object)  # RetrainingPlan

    def __init__(self, title: str, about: str, parent: QWidget | None = None) -> None:
        """
        Args:
            about: what the reader does here, in a sentence or two.
        """
        super().__init__(parent)
        self.title = title
        self.plan = RetrainingPlan()
        self.remark = ""
        self._ready = False
        heading = QLabel(title, self)
        set_role(heading, "verdict")
        words = plain_label("muted", self)
        words.setText(about)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(10)
        self.column.addWidget(heading)
        self.column.addWidget(words)

    @property
    def is_ready(self) -> bool:
        """Whether the reader can go on."""
        return self._ready

    def enter(self, plan: RetrainingPlan) -> None:
        """The page comes into sight, with what was chosen before it."""
        self.plan = plan

    def leave(self) -> None:
        """The reader goes on to the next page.

        Raises:
            CxrError: what hinders that; the page stays.
        """

    def end(self) -> None:
        """The wizard is closed: nothing runs for its sake any more."""

    def resume(self, plan: RetrainingPlan) -> None:
        """The wizard is opened again, at this page or another: what was broken off goes on.

        Args:
            plan: as it stands now, whichever page changed it last.
        """

    def set_ready(self, ready: bool) -> None:
        """Says whether the reader can go on."""
        if ready != self._ready:
            self._ready = ready
            self.ready_changed.emit(ready)

    def set_remark(self, remark: str) -> None:
        """Says what is to be heard on other pages."""
        if remark != self.remark:
            self.remark = remark
            self.remark_changed.emit(remark)

    def change(self, plan: RetrainingPlan) -> None:
        """The plan is another one from now on."""
        self.plan = plan
        self.plan_changed.emit(plan)
