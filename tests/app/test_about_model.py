"""*Help → About this model*, in the whole window."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from cxr_desktop.app.desk import Desk
from cxr_desktop.resources import resources_folder
from cxr_desktop.ui.model_page import ModelPageWindow
from tests.conftest import BUNDLED


@pytest.mark.qt_log_ignore("raise\\(\\)")  # the offscreen platform has no order of windows
def test_it_tells_of_the_model_in_use_and_opens_once(qtbot: QtBot, desk: Desk) -> None:
    desk.actions["about_model"].trigger()
    desk.actions["about_model"].trigger()
    (page,) = desk.window.findChildren(ModelPageWindow)
    assert desk.model.card is not None
    text = page.text.toPlainText()
    assert desk.model.card.provenance.trained_on in text
    assert "Lung finder" in text
    page.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not desk.window.findChildren(ModelPageWindow)
    desk.actions["about_model"].trigger()
    (again,) = desk.window.findChildren(ModelPageWindow)
    assert again.isVisible()


def test_an_open_page_follows_the_model(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.actions["about_model"].trigger()
    (page,) = desk.window.findChildren(ModelPageWindow)
    folder = shutil.copytree(resources_folder() / "models" / BUNDLED, tmp_path / "second")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"id": "second", "name": "Second CNN"}))
    desk.switch.choose_folder(folder)
    assert "Second CNN" in page.windowTitle()
    assert "Second CNN" in page.text.toPlainText()
