"""The triage queue, used as the reader uses it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.triage import TriageQueue, triage
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.ui.rows import ROW_CONTENT, RowView
from cxr_desktop.ui.triage_panel import QueueView
from tests.ui.worklist_examples import NOON, TRUNCATED, film, prediction, study

LATER = NOON + timedelta(hours=26, minutes=5)


@pytest.fixture
def queue(qtbot: QtBot) -> QueueView:
    queue = QueueView(now=lambda: LATER)
    qtbot.addWidget(queue)
    queue.resize(340, 700)
    queue.show()
    qtbot.waitExposed(queue)
    return queue


@pytest.fixture
def chosen(queue: QueueView) -> list[int]:
    """The ids that `film_selected` told."""
    ids: list[int] = []
    queue.film_selected.connect(ids.append)
    return ids


def ranked(*numbers: int, pinned: tuple[Film, ...] = (), waiting: tuple[Film, ...] = ()) -> TriageQueue:
    """A queue in exactly this order of film ids."""
    films = tuple(film(n, judged=prediction(0.99 - i / 100)) for i, n in enumerate(numbers))
    return TriageQueue(pinned=pinned, ranked=films, waiting=waiting)


def rect_of(view: RowView, film_id: int) -> QRect:
    model = view.model()
    ids = [model.index(i, 0).data(ROW_CONTENT).picture_id for i in range(model.rowCount())]
    return view.visualRect(model.index(ids.index(film_id), 0))


def screen_top(view: RowView, film_id: int) -> int:
    return view.viewport().mapToGlobal(rect_of(view, film_id).topLeft()).y()


def current_id(view: RowView) -> int | None:
    content = view.currentIndex().data(ROW_CONTENT)
    return content.picture_id if content else None


def test_the_queues_models_keep_qts_promises(qtmodeltester: ModelTester, queue: QueueView) -> None:
    for shown in (ranked(1, 2, 3), ranked(3, 1), ranked(4, 3, 2, 1, pinned=(film(9, problem=TRUNCATED),))):
        queue.show_queue(shown)
        qtmodeltester.check(queue.ranked_model)
        qtmodeltester.check(queue.pinned_model)


def test_what_triage_sorts_is_what_is_shown(queue: QueueView) -> None:
    studies = [
        study(1, judged=prediction(0.2)),
        study(2, judged=prediction(0.9)),
        study(3, judged=prediction(None)),
        study(4, problem=TRUNCATED),
        study(5),
    ]
    queue.show_queue(triage(studies, NOON))
    assert [f.id for f in queue.pinned_model.rows] == [4, 3]
    assert [f.id for f in queue.ranked_model.rows] == [2, 1]
    assert queue.strip.text() == "2 films need your eye"
    assert queue.waiting_line.text() == "1 film to be scored…"


def test_without_films_in_need_the_strip_is_gone(queue: QueueView) -> None:
    queue.show_queue(ranked(1, 2))
    assert not queue.strip.isVisible()
    assert not queue.pinned_view.isVisible()
    assert not queue.waiting_line.isVisible()
    queue.show_queue(ranked(1, 2, pinned=(film(3, problem=TRUNCATED),)))
    assert queue.strip.text() == "1 film needs your eye"
    assert queue.pinned_view.isVisible()


def test_the_strip_folds_away_but_its_count_stays(qtbot: QtBot, queue: QueueView) -> None:
    queue.show_queue(ranked(1, pinned=tuple(film(n, problem=TRUNCATED) for n in (5, 6, 7))))
    qtbot.mouseClick(queue.strip, Qt.MouseButton.LeftButton)
    assert not queue.pinned_view.isVisible()
    assert queue.strip.text() == "3 films need your eye"
    assert queue.strip.accessibleName() == "3 films need your eye, folded"
    qtbot.mouseClick(queue.strip, Qt.MouseButton.LeftButton)
    assert queue.pinned_view.isVisible()


def test_many_pinned_films_leave_room_for_the_ranking(queue: QueueView) -> None:
    queue.show_queue(ranked(*range(1, 9), pinned=tuple(film(n, problem=TRUNCATED) for n in range(50, 80))))
    row = queue.ranked_view.row_height
    assert queue.pinned_view.height() == 3 * row
    assert queue.ranked_view.height() > 4 * row


def test_an_overdue_film_says_in_its_row_how_long_it_has_waited(queue: QueueView) -> None:
    studies = [study(1, judged=prediction(0.1)), study(2, judged=prediction(0.9), added_at=LATER)]
    queue.show_queue(triage(studies, LATER, timedelta(hours=24)))
    flags = [queue.ranked_model.index(i).data(ROW_CONTENT).flag for i in range(2)]
    assert flags == ["! waiting 26\u00a0h", ""]


def test_clicking_a_film_selects_it_in_one_list_only(
    qtbot: QtBot, queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(1, 2, pinned=(film(9, problem=TRUNCATED),)))
    for view, film_id in ((queue.ranked_view, 2), (queue.pinned_view, 9)):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect_of(view, film_id).center())
    assert chosen == [2, 9]
    assert current_id(queue.pinned_view) == 9
    assert current_id(queue.ranked_view) is None


def test_next_goes_through_the_pinned_films_and_then_down_the_ranking(
    queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(1, 2, pinned=(film(9, problem=TRUNCATED), film(8, problem=TRUNCATED))))
    for _ in range(6):
        queue.select_next()
    assert chosen == [9, 8, 1, 2]
    queue.select_previous()
    queue.select_previous()
    assert chosen[4:] == [1, 8]


def test_the_arrow_keys_cross_from_the_strip_to_the_ranking(
    qtbot: QtBot, queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(1, 2, pinned=(film(9, problem=TRUNCATED),)))
    pinned, below = queue.pinned_view, queue.ranked_view
    qtbot.mouseClick(pinned.viewport(), Qt.MouseButton.LeftButton, pos=rect_of(pinned, 9).center())
    qtbot.keyClick(pinned, Qt.Key.Key_Down)
    qtbot.keyClick(below, Qt.Key.Key_Down)
    qtbot.keyClick(below, Qt.Key.Key_Up)
    qtbot.keyClick(below, Qt.Key.Key_Up)
    assert chosen == [9, 1, 2, 1, 9]


def test_the_keyboard_may_come_to_a_list_without_choosing_a_film(
    qtbot: QtBot, queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(1, 2, pinned=(film(9, problem=TRUNCATED),)))
    queue.select(9)
    queue.pinned_view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(queue.pinned_view, Qt.Key.Key_Tab)
    assert queue.focusWidget() is queue.ranked_view
    assert (chosen, queue.selected, current_id(queue.ranked_view)) == ([], 9, None)
    qtbot.keyClick(queue.ranked_view, Qt.Key.Key_Down)
    assert chosen == [1]


def test_going_to_a_folded_film_unfolds_the_strip(qtbot: QtBot, queue: QueueView) -> None:
    queue.show_queue(ranked(1, pinned=(film(9, problem=TRUNCATED),)))
    qtbot.mouseClick(queue.strip, Qt.MouseButton.LeftButton)
    queue.select(9)
    assert queue.pinned_view.isVisible()


def test_the_film_in_view_stays_selected_while_the_queue_is_sorted_anew(
    queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(*range(1, 30)))
    queue.select(20)
    queue.show_queue(ranked(40, 20, 41, *range(29, 20, -1), *range(1, 20)))
    assert current_id(queue.ranked_view) == 20
    assert queue.selected == 20
    assert chosen == []


def test_a_film_that_becomes_judged_stays_selected_from_the_strip_into_the_ranking(
    queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(1, 2, pinned=(film(9, problem=TRUNCATED),)))
    queue.select(9)
    queue.show_queue(ranked(1, 9, 2))
    assert current_id(queue.ranked_view) == 9
    assert chosen == []


def test_films_that_come_in_above_do_not_move_what_is_in_sight(queue: QueueView) -> None:
    queue.show_queue(ranked(*range(1, 40)))
    queue.select(20)
    top = screen_top(queue.ranked_view, 20)
    queue.show_queue(ranked(50, 51, 52, *range(1, 40)))
    assert screen_top(queue.ranked_view, 20) == top


def test_a_strip_that_appears_does_not_push_the_row_under_the_pointer_away(
    qtbot: QtBot, queue: QueueView
) -> None:
    queue.show_queue(ranked(*range(1, 40)))
    viewport = queue.ranked_view.viewport()
    qtbot.mouseMove(viewport, QPoint(4, 4))
    qtbot.mouseMove(viewport, rect_of(queue.ranked_view, 6).center())
    top = screen_top(queue.ranked_view, 6)
    queue.show_queue(ranked(*range(1, 40), pinned=(film(90, problem=TRUNCATED),)))
    assert queue.pinned_view.isVisible()
    assert screen_top(queue.ranked_view, 6) == top


def test_no_row_moves_while_the_mouse_is_pressed_and_the_last_queue_counts(
    qtbot: QtBot, queue: QueueView, chosen: list[int]
) -> None:
    queue.show_queue(ranked(1, 2, 3))
    viewport, point = queue.ranked_view.viewport(), rect_of(queue.ranked_view, 2).center()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point)
    queue.show_queue(ranked(7, 2, 3))
    queue.show_queue(ranked(3, 8, 2))
    assert [f.id for f in queue.ranked_model.rows] == [1, 2, 3]
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=point)
    assert [f.id for f in queue.ranked_model.rows] == [3, 8, 2]
    assert chosen == [2]
    assert current_id(queue.ranked_view) == 2


def test_after_a_film_was_read_next_goes_to_the_one_in_its_place(queue: QueueView, chosen: list[int]) -> None:
    queue.show_queue(ranked(1, 2, 3, 4))
    queue.select(2)
    queue.show_queue(ranked(1, 3, 4))
    assert queue.selected == 2
    queue.select_next()
    assert chosen == [3]


def test_an_emptied_queue_says_so(queue: QueueView) -> None:
    queue.show_queue(ranked(1))
    assert queue.ranked_view.isVisible()
    read = Study(1, (film(1, judged=prediction(0.9)),), datetime(2026, 11, 21))
    queue.show_queue(triage([read], NOON))
    assert not queue.ranked_view.isVisible()
    queue.select_next()
    assert queue.selected is None
