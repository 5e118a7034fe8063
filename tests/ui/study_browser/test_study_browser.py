"""The study browser, used as the reader uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.study_list import StudyFilter, StudyOrder
from cxr_desktop.ui.study_browser import StudyBrowser, StudyModel
from cxr_desktop.ui.study_browser.browser import COALESCE_MS
from tests.ui.worklist_examples import ADULT, TRUNCATED, film, many, prediction, study


@pytest.fixture
def browser(qtbot: QtBot) -> StudyBrowser:
    browser = StudyBrowser()
    qtbot.addWidget(browser)
    browser.resize(340, 700)
    browser.show()
    qtbot.waitExposed(browser)
    return browser


@pytest.fixture
def chosen(browser: StudyBrowser) -> list[int]:
    """The ids that `study_selected` told."""
    ids: list[int] = []
    browser.study_selected.connect(ids.append)
    return ids


def listed(browser: StudyBrowser) -> list[int]:
    return [row.id for row in browser.model.rows]


def rect_of(browser: StudyBrowser, study_id: int) -> QRect:
    position = browser.model.position_of(study_id)
    assert position is not None
    return browser.view.visualRect(browser.model.index(position))


def click(qtbot: QtBot, browser: StudyBrowser, study_id: int) -> None:
    qtbot.mouseClick(
        browser.view.viewport(), Qt.MouseButton.LeftButton, pos=rect_of(browser, study_id).center()
    )


def settle(qtbot: QtBot) -> None:
    qtbot.wait(COALESCE_MS + 50)


def test_the_model_keeps_qts_promises_through_every_change(qtmodeltester: ModelTester) -> None:
    model = StudyModel()
    qtmodeltester.check(model)
    model.replace(many(40))
    model.update(study(41, name="New^One"), study(3, read=True))
    for order in StudyOrder:
        model.order_by(order)
    for shown in StudyFilter:
        model.show_only(shown)
    model.search("jerome")
    model.remove(1, 2, 999)
    model.search("")
    model.show_only(StudyFilter.ALL)
    assert model.rowCount() == model.total == 39
    qtmodeltester.check(model)


def test_clicking_a_row_selects_its_study(qtbot: QtBot, browser: StudyBrowser, chosen: list[int]) -> None:
    browser.show_studies([study(n, name=f"Patient^{n}") for n in range(1, 6)])
    click(qtbot, browser, 3)
    assert chosen == [3]
    assert browser.selected == 3


def test_the_arrow_keys_go_through_the_list(qtbot: QtBot, browser: StudyBrowser, chosen: list[int]) -> None:
    browser.show_studies([study(n) for n in range(1, 4)])
    click(qtbot, browser, 3)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(browser.view, key)
    assert chosen == [3, 2, 1, 2]


def test_next_and_previous_step_and_stop_at_the_ends(browser: StudyBrowser, chosen: list[int]) -> None:
    browser.show_studies([study(n) for n in range(1, 4)])
    for step in (browser.select_next, browser.select_next, browser.select_previous, browser.select_previous):
        step()
    assert chosen == [3, 2, 3]


def test_a_caller_that_selects_hears_nothing_back(browser: StudyBrowser, chosen: list[int]) -> None:
    browser.show_studies(many(60))
    browser.select(1)
    assert chosen == []
    assert browser.view.currentIndex().data() == browser.model.study(1).name  # type: ignore[union-attr]
    assert browser.view.viewport().rect().contains(rect_of(browser, 1).center())


def test_typing_narrows_the_list_and_escape_brings_all_back(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies(
        [study(1, name="Buc^Jérôme"), study(2, name="Okafor^Ada"), study(3, name="Ødegaard^Liv")]
    )
    qtbot.keyClicks(browser.filter_bar.search_box, "jerome")
    assert listed(browser) == [1]
    assert browser.filter_bar.chip(StudyFilter.ALL).text() == "1\nAll"
    qtbot.keyClick(browser.filter_bar.search_box, Qt.Key.Key_Escape)
    assert listed(browser) == [3, 2, 1]


def test_return_in_the_search_box_opens_the_first_match(
    qtbot: QtBot, browser: StudyBrowser, chosen: list[int]
) -> None:
    browser.show_studies([study(1, name="Buc^Jérôme"), study(2, name="Okafor^Ada")])
    browser.focus_search()
    qtbot.keyClicks(browser.filter_bar.search_box, "buc")
    qtbot.keyClick(browser.filter_bar.search_box, Qt.Key.Key_Return)
    assert chosen == [1]


def test_chips_filter_and_count(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies(
        [
            study(1, judged=prediction(0.9)),
            study(2, judged=prediction(0.1), read=True),
            study(3, problem=TRUNCATED),
            study(4, judged=prediction(0.1, checks=(ADULT,))),
        ]
    )
    bar = browser.filter_bar
    assert [bar.chip(f).text() for f in StudyFilter] == ["4\nAll", "3\nUnread", "1\nSuspected", "2\nCheck"]
    assert bar.chip(StudyFilter.CHECK).accessibleName() == "Check: 2 studies"
    expected = {StudyFilter.UNREAD: [4, 3, 1], StudyFilter.SUSPECTED: [1], StudyFilter.CHECK: [4, 3]}
    for shown, ids in expected.items():
        qtbot.mouseClick(bar.chip(shown), Qt.MouseButton.LeftButton)
        assert listed(browser) == ids
        assert [f for f in StudyFilter if bar.chip(f).isChecked()] == [shown]


def test_the_order_box_orders(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies(
        [
            study(1, name="Bo^A", judged=prediction(0.9)),
            study(2, name="Ada^B", judged=prediction(0.1)),
            study(3, name="Cy^C", judged=prediction(0.5)),
        ]
    )
    box = browser.filter_bar.order_box
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == "Alphabetical"
    assert listed(browser) == [2, 1, 3]
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == "Most suspicious first"
    assert listed(browser) == [1, 3, 2]


def test_a_search_without_a_match_says_so_and_leads_back(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies([study(1), study(2)])
    qtbot.mouseClick(browser.filter_bar.chip(StudyFilter.SUSPECTED), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(browser.filter_bar.search_box, "nobody")
    assert browser.nothing_found.isVisible()
    qtbot.mouseClick(browser.nothing_found.all_button, Qt.MouseButton.LeftButton)
    assert browser.view.isVisible()
    assert listed(browser) == [2, 1]
    assert browser.filter_bar.search_box.text() == ""


def test_an_empty_list_invites_and_its_buttons_ask_for_films(qtbot: QtBot, browser: StudyBrowser) -> None:
    assert browser.invitation.isVisible()
    with qtbot.waitSignal(browser.open_files_requested, timeout=1000):
        qtbot.mouseClick(browser.invitation.files_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(browser.open_folder_requested, timeout=1000):
        qtbot.mouseClick(browser.invitation.folder_button, Qt.MouseButton.LeftButton)
    browser.update_study(study(1))
    settle(qtbot)
    assert browser.view.isVisible()
    browser.remove_study(1)
    settle(qtbot)
    assert browser.invitation.isVisible()


def test_films_that_come_in_together_are_shown_together(qtbot: QtBot, browser: StudyBrowser) -> None:
    inserted: list[int] = []
    browser.show_studies([study(n) for n in range(1, 4)])
    browser.model.rowsInserted.connect(lambda parent, first, last: inserted.append(last - first + 1))
    for number in range(4, 104):
        browser.update_study(study(number))
    assert inserted == []
    settle(qtbot)
    assert inserted == [100]
    assert browser.filter_bar.chip(StudyFilter.ALL).text() == "103\nAll"


def test_films_that_come_in_move_neither_selection_nor_scroll(
    qtbot: QtBot, browser: StudyBrowser, chosen: list[int]
) -> None:
    browser.show_studies([study(n) for n in range(1, 61)])
    browser.select(30)
    before = rect_of(browser, 30).top()
    for number in range(61, 81):  # newer ones: they come above
        browser.update_study(study(number))
    settle(qtbot)
    assert listed(browser)[0] == 80
    assert rect_of(browser, 30).top() == before
    assert browser.view.currentIndex().row() == browser.model.position_of(30)
    assert chosen == []


def test_at_the_very_top_the_newest_film_comes_into_sight(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies([study(n) for n in range(1, 61)])
    browser.update_study(study(61))
    settle(qtbot)
    assert rect_of(browser, 61).top() == 0


def test_the_row_under_the_pointer_stays_there(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies([study(n) for n in range(1, 61)])
    viewport = browser.view.viewport()
    qtbot.mouseMove(viewport, QPoint(5, 5))
    qtbot.mouseMove(viewport, rect_of(browser, 58).center())
    before = rect_of(browser, 58).top()
    browser.update_study(study(61))
    browser.update_study(study(57, read=True))
    settle(qtbot)
    assert rect_of(browser, 58).top() == before


def test_a_row_that_is_sorted_away_from_under_the_pointer_does_not_drag_the_list_along(
    qtbot: QtBot, browser: StudyBrowser
) -> None:
    browser.show_studies([study(n, judged=prediction(0.9 - n / 100)) for n in range(1, 61)])
    browser.filter_bar.order_box.setCurrentText(StudyOrder.SUSPICION.words)
    viewport = browser.view.viewport()
    qtbot.mouseMove(viewport, QPoint(5, 5))
    qtbot.mouseMove(viewport, rect_of(browser, 3).center())
    before = rect_of(browser, 4).top()
    browser.update_study(study(3, judged=prediction(0.01)))
    settle(qtbot)
    assert browser.model.position_of(3) == 59
    # Its neighbours below close the gap or stay; none of them leaves the screen.
    assert rect_of(browser, 4).top() in (before, before - browser.view.row_height)


def test_home_and_end_go_to_the_ends_of_the_list(
    qtbot: QtBot, browser: StudyBrowser, chosen: list[int]
) -> None:
    browser.show_studies([study(n) for n in range(1, 61)])
    browser.select(30)
    qtbot.keyClick(browser.view, Qt.Key.Key_End)
    qtbot.keyClick(browser.view, Qt.Key.Key_Home)
    assert chosen == [1, 60]
    assert rect_of(browser, 60).top() == 0


def test_nothing_changes_while_the_mouse_is_pressed(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies([study(n) for n in range(1, 11)])
    viewport, point = browser.view.viewport(), rect_of(browser, 8).center()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point)
    browser.update_study(study(11))
    settle(qtbot)
    assert listed(browser)[0] == 10
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=point)
    assert listed(browser)[0] == 11
    assert browser.selected == 8


def test_a_study_that_a_filter_hides_stays_selected_and_comes_back(
    qtbot: QtBot, browser: StudyBrowser, chosen: list[int]
) -> None:
    browser.show_studies([study(n, judged=prediction(0.9 if n % 2 else 0.1)) for n in range(1, 8)])
    click(qtbot, browser, 4)
    qtbot.mouseClick(browser.filter_bar.chip(StudyFilter.SUSPECTED), Qt.MouseButton.LeftButton)
    assert not browser.view.currentIndex().isValid()
    assert browser.selected == 4
    qtbot.mouseClick(browser.filter_bar.chip(StudyFilter.ALL), Qt.MouseButton.LeftButton)
    assert browser.model.rows[browser.view.currentIndex().row()].id == 4
    assert chosen == [4]


def test_after_the_selected_study_was_read_away_next_goes_to_the_one_in_its_place(
    qtbot: QtBot, browser: StudyBrowser, chosen: list[int]
) -> None:
    browser.show_studies([study(n) for n in range(1, 6)])
    qtbot.mouseClick(browser.filter_bar.chip(StudyFilter.UNREAD), Qt.MouseButton.LeftButton)
    browser.select(3)
    browser.update_study(study(3, read=True))
    browser.select_next()
    assert chosen == [2]


def test_a_study_removed_before_it_was_shown_never_appears(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.update_study(study(1))
    browser.update_study(study(2))
    browser.remove_study(1)
    settle(qtbot)
    assert listed(browser) == [2]


def triggered(menu: QMenu | None, text: str) -> None:
    assert menu is not None
    next(action for action in menu.actions() if action.text() == text).trigger()


@pytest.mark.parametrize(
    ("text", "signal", "expected"),
    [
        ("Mark as read", "mark_read_requested", [1, True]),
        ("Show in folder", "show_in_folder_requested", [1]),
        ("Locate again…", "locate_requested", [1]),
        ("Remove from list…", "remove_requested", [1]),
    ],
)
def test_the_menu_asks_for_what_it_says(
    qtbot: QtBot, browser: StudyBrowser, text: str, signal: str, expected: list[object]
) -> None:
    browser.show_studies([study(1)])
    with qtbot.waitSignal(getattr(browser, signal), timeout=1000) as told:
        triggered(browser.menu_for(1), text)
    assert told.args == expected


def test_a_read_study_can_be_marked_as_unread(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies([study(1, read=True)])
    with qtbot.waitSignal(browser.mark_read_requested, timeout=1000) as told:
        triggered(browser.menu_for(1), "Mark as unread")
    assert told.args == [1, False]


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of menus
def test_a_right_click_opens_the_menu_of_that_row(qtbot: QtBot, browser: StudyBrowser) -> None:
    browser.show_studies([study(1), study(2)])
    browser.view.customContextMenuRequested.emit(rect_of(browser, 1).center())
    menu = browser.findChild(QMenu)
    assert menu is not None
    qtbot.waitUntil(menu.isVisible, timeout=1000)
    with qtbot.waitSignal(browser.remove_requested, timeout=1000) as told:
        triggered(menu, "Remove from list…")
    assert told.args == [1]
    menu.close()


def test_every_part_has_a_name_for_screen_readers(browser: StudyBrowser) -> None:
    named: list[Callable[[], str]] = [
        browser.accessibleName,
        browser.view.accessibleName,
        browser.filter_bar.search_box.accessibleName,
        browser.filter_bar.order_box.accessibleName,
    ]
    assert all(name() for name in named)


def test_the_same_study_with_a_second_film_is_one_row(qtbot: QtBot, browser: StudyBrowser) -> None:
    first = study(1, judged=prediction(0.2))
    browser.show_studies([first])
    second = film(2, study_id=1, judged=prediction(0.9), header=FilmHeader(view_position="LL"))
    browser.update_study(replace(first, films=(*first.films, second)))
    settle(qtbot)
    assert listed(browser) == [1]
    assert browser.model.rows[0].lead.id == 2
