"""A trainer that is killed in the middle, as its reader lives through it in the wizard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.inference.bundle import open_classifier
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.training.run_folder import CHECKPOINT_FILE
from cxr_desktop.ui.retraining_wizard import ModelStep, RetrainingWizard, TrainingStep
from tests.app.test_retraining import LONG, choose_small_network, looked_at, pages, taken

EPOCHS = 8
VERY_LONG = 400_000  # a trainer comes up, on a machine that may have much else to do


def ready_to_start(qtbot: QtBot, desk: Desk, films: Path) -> RetrainingWizard:
    """The wizard at its page *Training*, with a small network ordered of these films."""
    desk.actions["train"].trigger()
    (wizard,) = desk.window.findChildren(RetrainingWizard)
    taken(qtbot, wizard, films)
    looked_at(qtbot, wizard)
    wizard.next.click()
    qtbot.waitUntil(lambda: pages(wizard)[2].is_ready, timeout=LONG)
    wizard.next.click()
    model = wizard.page
    assert isinstance(model, ModelStep)
    qtbot.waitUntil(lambda: model.is_ready, timeout=LONG)
    choose_small_network(model, EPOCHS)
    wizard.next.click()
    return wizard


@pytest.mark.timeout(1200)  # two trainers come up, one after the other
def test_a_trainer_killed_in_the_middle_is_told_of_and_goes_on_to_a_model(
    qtbot: QtBot, desk: Desk, folders: UserFolders, labelled_films: Path,
    trainer: Callable[[], psutil.Process],
) -> None:  # fmt: skip
    wizard = ready_to_start(qtbot, desk, labelled_films)
    step, line = wizard.page, desk.status.training
    assert isinstance(step, TrainingStep)
    page = step.training

    def said() -> str:
        return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())

    assert "To be trained" in said() and "60 films" in said() and f"at most {EPOCHS} epochs" in said()
    assert page.start.isDefault() and not wizard.next.isEnabled()
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(folders.trainings.glob(f"*/{CHECKPOINT_FILE}")), timeout=VERY_LONG)
    trainer().kill()
    qtbot.waitUntil(page.resume.isVisible, timeout=LONG)
    assert "Interrupted" in said() and "It can go on after its last whole epoch." in said()
    assert "left" not in said() and "loss" not in said()
    assert line.isVisible() and line.text() == "training interrupted\ncan go on"
    assert not wizard.next.isEnabled() and not page.start.isVisible()

    qtbot.mouseClick(page.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.cancel.isVisible() and not page.resume.isVisible(), timeout=LONG)
    qtbot.waitUntil(wizard.next.isEnabled, timeout=VERY_LONG)
    assert "The new model is ready" in said() and wizard.next.isDefault()
    (model,) = folders.models.iterdir()
    assert open_classifier(model).card.provenance.recipe["chosen"]["epochs"] == EPOCHS
    assert page.runs.count() == 1  # the same run went on
    qtbot.waitUntil(page.remove.isVisible, timeout=LONG)  # the trainer is gone
    wizard.back.click()
    wizard.next.click()
    assert wizard.next.isEnabled() and not page.start.isVisible()  # what was trained is not offered again
