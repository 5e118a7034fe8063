"""The help: read, searched, followed, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.help_text import chapters_of
from cxr_desktop.ui.help_window import HelpWindow
from cxr_desktop.ui.theme import DARK, LIGHT, apply_theme

FILLING = "\n\n".join(f"Line {number} of many." for number in range(60))
HELP = f"""# Program

![A window](pictures/wide.png) See [formats](#formats), [the page](pages/more.md),
[another](pages/gone.md) or [the web](https://example.org/a?b=c).

## Scores

{FILLING}

A Needle in it.

## Formats

| kind | read |
|---|---|
| DICOM `[CR\\|DX]` | `yes`, and a needle |

```sh
cxr-desktop triage FOLDER
```

{FILLING}
"""


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[HelpWindow]:
    apply_theme(qapp, "dark")
    (tmp_path / "pictures").mkdir()
    wide = QImage(1500, 300, QImage.Format.Format_RGB888)
    wide.fill(QColor("#ff0000"))
    assert wide.save(str(tmp_path / "pictures" / "wide.png"))
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "more.md").write_text("# More\n\nA needle.\n\n## Rows\n\nTwo.\n", encoding="utf-8")
    window = HelpWindow(chapters_of(HELP), tmp_path)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    apply_theme(qapp, "dark")


def titles(window: HelpWindow) -> list[str]:
    return [window.contents.item(row).text() for row in range(window.contents.count())]


def click_link(qtbot: QtBot, window: HelpWindow, words: str) -> None:
    """As the reader does: on the middle of its words."""
    place = window.text.document().find(words)
    edges = [window.text.cursorRect(place).topLeft()]
    place.setPosition(place.selectionStart())
    edges.append(window.text.cursorRect(place).bottomLeft())
    middle = QPoint((edges[0].x() + edges[1].x()) // 2, (edges[0].y() + edges[1].y()) // 2)
    assert window.text.anchorAt(middle)
    qtbot.mouseMove(window.text.viewport(), middle)
    qtbot.mouseClick(window.text.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def first_line(window: HelpWindow) -> str:
    return window.text.cursorForPosition(QPoint(40, 20)).block().text()


def test_the_contents_lead_to_a_chapter_again_and_again(qtbot: QtBot, window: HelpWindow) -> None:
    assert titles(window) == ["Program", "Scores", "Formats"]
    item = window.contents.visualItemRect(window.contents.item(2)).center()
    for _ in range(2):
        qtbot.mouseClick(window.contents.viewport(), Qt.MouseButton.LeftButton, pos=item)
        assert first_line(window) == "Formats"
        window.text.verticalScrollBar().setValue(0)


def test_what_is_searched_for_is_counted_shown_and_gone_through(qtbot: QtBot, window: HelpWindow) -> None:
    qtbot.keyClick(window.text, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.words, "needle")
    assert window.count.text() == "1 of 2"
    assert window.text.verticalScrollBar().value() > 0
    assert len(window.text.extraSelections()) == 2
    qtbot.keyClick(window.words, Qt.Key.Key_Return)
    assert window.count.text() == "2 of 2"
    qtbot.keyClick(window.words, Qt.Key.Key_Return)
    qtbot.keyClick(window.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.count.text() == "2 of 2"  # before the first one is the last
    qtbot.keyClicks(window.words, "s without end")
    assert window.count.text() == "Not found"
    window.words.clear()
    assert window.count.text() == ""
    assert window.text.extraSelections() == []


def test_a_link_within_the_text_leads_to_its_chapter(qtbot: QtBot, window: HelpWindow) -> None:
    click_link(qtbot, window, "formats")
    assert first_line(window) == "Formats"


def test_a_page_that_comes_along_is_shown_and_left_again(qtbot: QtBot, window: HelpWindow) -> None:
    assert not window.back.isVisible()
    click_link(qtbot, window, "the page")
    assert titles(window) == ["More", "Rows"]
    qtbot.mouseClick(window.back, Qt.MouseButton.LeftButton)
    assert titles(window) == ["Program", "Scores", "Formats"]
    click_link(qtbot, window, "another")  # which is not there
    assert titles(window) == ["Program", "Scores", "Formats"]


def test_an_address_in_the_network_is_shown_to_be_copied_and_not_opened(
    qtbot: QtBot, window: HelpWindow
) -> None:
    assert not window.address.isVisible()
    click_link(qtbot, window, "the web")
    assert window.address.isVisible()
    qtbot.mouseClick(window.copy_address, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "https://example.org/a?b=c"
    assert not window.text.openLinks() and not window.text.openExternalLinks()
    assert "Program" in window.text.toPlainText()


def test_pictures_are_found_beside_the_text_and_fit_into_it(window: HelpWindow) -> None:
    for width in (500, 700):
        window.resize(width, 600)
        image = window.text.grab().toImage()
        red = [x for x in range(image.width()) if image.pixelColor(x, 80).name() == "#ff0000"]
        assert 0 < len(red) < window.text.viewport().width() < 2 * len(red)
        assert window.text.horizontalScrollBar().maximum() == 0


def test_all_of_the_text_is_laid_out_anew_when_the_window_changes(window: HelpWindow) -> None:
    for width in (600, 700, 500):
        window.resize(width, 600)
        document = window.text.document()
        height = document.size().height()
        document.markContentsDirty(0, document.characterCount())
        assert document.size().height() == height


def test_the_place_is_kept_when_the_theme_changes(qapp: QApplication, window: HelpWindow) -> None:
    window.contents.setCurrentRow(2)
    window.words.setText("needle")
    place = window.text.verticalScrollBar().value()
    apply_theme(qapp, "light")
    assert window.text.verticalScrollBar().value() == place
    grounds = {mark.format.background().color().name() for mark in window.text.extraSelections()}
    assert grounds == {LIGHT.selection, LIGHT.accent}
    assert DARK.accent not in grounds


def test_a_table_is_as_wide_as_the_text_and_code_stands_out(window: HelpWindow) -> None:
    block = window.text.document().find("cxr-desktop triage").block()
    assert block.blockFormat().background().color().name() == DARK.raised
    assert "DICOM [CR|DX]" in window.text.toPlainText()
    assert window.text.horizontalScrollBar().maximum() == 0
