"""The window that tells all of a model: read, found again, copied, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.model_page import model_page, page_as_markdown
from cxr_desktop.ui.model_page import ModelPageWindow
from cxr_desktop.ui.model_page.html import DIAGRAM
from cxr_desktop.ui.theme import DARK, LIGHT, apply_theme
from cxr_desktop.ui.window_actions import VERBS
from tests.domain.full_card import FULL_CARD, LUNG_CARD

PAGE = model_page(FULL_CARD, LUNG_CARD)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[ModelPageWindow]:
    apply_theme(qapp, "dark")
    window = ModelPageWindow(PAGE)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # the fixture closes it
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    apply_theme(qapp, "dark")


def diagram(window: ModelPageWindow) -> QImage:
    image = window.text.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(DIAGRAM))
    assert isinstance(image, QImage)
    return image


def colours(image: QImage) -> set[str]:
    words = np.frombuffer(image.constBits(), np.uint32)  # 0xffRRGGBB
    return {f"#{word & 0xFFFFFF:06x}" for word in np.unique(words).tolist()}


def test_all_that_is_told_stands_on_the_page(window: ModelPageWindow) -> None:
    shown = " ".join(window.text.toPlainText().split())
    for each in (*FULL_CARD.limits, *FULL_CARD.attributions, *FULL_CARD.test_openings, "a" * 64):
        assert each in shown
    for section in PAGE.sections:
        assert section.title in shown


def test_long_titles_leave_most_of_the_window_to_the_text(window: ModelPageWindow) -> None:
    first, *others = PAGE.sections
    longer = replace(first, title="When the films that were kept for the test were opened, by whom, and why")
    window.show_page(replace(PAGE, sections=(longer, *others)))
    window.resize(700, 500)
    assert window.contents.width() <= 700 / 3
    metrics = window.contents.fontMetrics().height()
    assert window.contents.visualItemRect(window.contents.item(0)).height() > 2 * metrics  # broken, not cut


def test_what_stands_on_the_card_is_text_and_never_a_tag(window: ModelPageWindow) -> None:
    window.show_page(model_page(replace(FULL_CARD, limits=("<b>a</b> < b & <img src='x'>",))))
    assert "<b>a</b> < b & <img src='x'>" in window.text.toPlainText()


def test_the_contents_lead_to_their_section(qtbot: QtBot, window: ModelPageWindow) -> None:
    titles = [window.contents.item(row).text() for row in range(window.contents.count())]
    assert titles == [section.title for section in PAGE.sections]
    window.contents.setCurrentRow(titles.index("Files"))
    assert window.text.verticalScrollBar().value() > 0
    window.contents.setCurrentRow(0)
    assert window.text.verticalScrollBar().value() < 150  # below the title


def test_the_whole_page_can_be_copied_as_text(qtbot: QtBot, window: ModelPageWindow) -> None:
    qtbot.mouseClick(window.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == page_as_markdown(PAGE)


def test_marked_text_can_be_copied(qtbot: QtBot, window: ModelPageWindow) -> None:
    window.text.selectAll()
    qtbot.keyClick(window.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "Trained on children of one centre" in QGuiApplication.clipboard().text()


def test_the_diagram_shows_marks_and_counts_in_the_themes_colours(
    qapp: QApplication, window: ModelPageWindow
) -> None:
    assert {DARK.panel, DARK.focus, DARK.track} <= colours(diagram(window))
    window.text.verticalScrollBar().setValue(200)
    apply_theme(qapp, "light")
    assert {LIGHT.panel, LIGHT.focus, LIGHT.track} <= colours(diagram(window))
    assert window.text.verticalScrollBar().value() == 200  # the reader keeps the place
    assert window.text.textColor() != QColor(DARK.text)


def test_who_does_not_see_the_diagram_hears_it(window: ModelPageWindow) -> None:
    assert "54 of 60 films pneumonia" in window.text.accessibleDescription()


def test_it_opens_beside_the_films_and_leads_nowhere_else(window: ModelPageWindow) -> None:
    assert not window.isModal()
    assert not window.text.openLinks()
    assert not window.text.openExternalLinks()


def test_its_key_is_no_other_verbs() -> None:
    keys = [key for verb in VERBS.values() for key in verb.keys]
    assert "Shift+F1" in keys
    assert len(set(keys)) == len(keys)
