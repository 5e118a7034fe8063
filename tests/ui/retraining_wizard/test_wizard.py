"""Steps, back and next: how the plan goes from page to page, whatever the pages are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.retraining import RetrainingPlan
from cxr_desktop.ui.retraining_wizard import Page, RetrainingWizard


class Steps(Page):
    """A page that is ready once it is told to be."""

    def __init__(self, title: str) -> None:
        super().__init__(title, "")
        self.entered = 0
        self.ended = 0
        self.resumed = 0
        self.obstacle = ""

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        self.entered += 1

    def leave(self) -> None:
        if self.obstacle:
            raise TrainingError(self.obstacle)

    def end(self) -> None:
        self.ended += 1

    def resume(self, plan: RetrainingPlan) -> None:
        self.resumed += 1


@pytest.fixture
def steps() -> list[Steps]:
    return [Steps(title) for title in ("one", "two", "three")]


@pytest.fixture
def wizard(qtbot: QtBot, steps: list[Steps]) -> RetrainingWizard:
    wizard = RetrainingWizard(steps)
    qtbot.addWidget(wizard)
    wizard.show()
    qtbot.waitExposed(wizard)
    return wizard


def can_choose(wizard: RetrainingWizard) -> list[bool]:
    return [wizard.steps.item(row).flags() != Qt.ItemFlag.NoItemFlags for row in range(wizard.steps.count())]


def test_next_waits_for_the_page_and_carries_the_plan_along(
    wizard: RetrainingWizard, steps: list[Steps]
) -> None:
    assert not wizard.next.isEnabled() and not wizard.back.isEnabled()
    steps[0].change(replace(steps[0].plan, pattern="IM"))
    steps[0].set_ready(True)
    assert can_choose(wizard) == [True, True, False]
    wizard.next.click()
    assert wizard.page is steps[1] and steps[1].plan.pattern == "IM"
    steps[1].change(replace(steps[1].plan, pattern="person"))
    wizard.back.click()
    assert steps[0].plan.pattern == "person"


def test_a_page_that_must_not_be_left_says_why_until_the_plan_changes(
    wizard: RetrainingWizard, steps: list[Steps]
) -> None:
    steps[0].set_ready(True)
    steps[0].obstacle = "The disk is full."
    wizard.next.click()
    assert wizard.page is steps[0] and wizard.problem.text() == "The disk is full."
    steps[0].obstacle = ""
    steps[0].change(steps[0].plan)
    assert not wizard.problem.isVisible()
    wizard.next.click()
    assert wizard.page is steps[1]


def test_steps_are_chosen_in_the_list_as_far_as_pages_are_done(
    wizard: RetrainingWizard, steps: list[Steps]
) -> None:
    for step in steps[:2]:
        step.set_ready(True)
        wizard.next.click()
    wizard.steps.setCurrentRow(0)
    assert wizard.page is steps[0] and can_choose(wizard) == [True, True, True]
    wizard.steps.setCurrentRow(2)
    assert wizard.page is steps[2]
    wizard.steps.setCurrentRow(0)
    steps[0].change(steps[0].plan)  # pages after it were made for another plan
    assert can_choose(wizard) == [True, True, False]


def test_closing_ends_what_runs_and_opening_again_goes_on_where_it_was(
    wizard: RetrainingWizard, steps: list[Steps]
) -> None:
    steps[0].set_ready(True)
    wizard.next.click()
    wizard.close()
    assert [step.ended for step in steps] == [1, 1, 1]
    wizard.show()
    assert wizard.page is steps[1] and steps[1].entered == 2
    assert [step.resumed for step in steps] == [2, 2, 2]


def test_a_page_is_heard_of_on_others_and_what_hinders_there_comes_first(
    wizard: RetrainingWizard, steps: list[Steps]
) -> None:
    steps[0].set_ready(True)
    steps[0].set_remark("4 films are no chest films.")
    assert not wizard.problem.isVisible()  # it is in view
    wizard.next.click()
    assert wizard.problem.text() == "4 films are no chest films." and wizard.problem.isVisible()
    assert wizard.steps.item(0).text().startswith("!")
    steps[1].set_ready(True)
    steps[1].obstacle = "The disk is full."
    wizard.next.click()
    assert wizard.problem.text() == "The disk is full."
    steps[0].set_remark("")
    steps[1].obstacle = ""
    wizard.next.click()
    assert not wizard.problem.isVisible() and wizard.steps.item(0).text().startswith("✓")


def test_the_last_page_closes_the_window(wizard: RetrainingWizard, steps: list[Steps]) -> None:
    for step in steps:
        step.set_ready(True)
        wizard.next.click()
    assert not wizard.isVisible()
