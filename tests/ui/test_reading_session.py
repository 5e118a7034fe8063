"""The three panes tied together, over films that need no disk and a model that needs no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.heat_look import DEFAULT_LOOK
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.reading_session import SORT_MS, ReadingSession
from cxr_desktop.ui.study_browser import StudyBrowser
from cxr_desktop.ui.triage_panel import TriagePanel
from cxr_desktop.workers.scoring_service import ScoringService
from cxr_desktop.workers.viewing_service import ViewingService
from cxr_desktop.workers.worklist import Worklist
from tests.ui.worklist_examples import film, prediction
from tests.workers.rows import judgement, radiograph


class Shelf:
    """The catalogue's place: studies by id."""

    def __init__(self) -> None:
        self.studies: dict[int, Study] = {}

    def put(self, *films: Film) -> list[int]:
        self.studies.update({each.study_id: Study(each.study_id, (each,)) for each in films})
        return [each.study_id for each in films]

    def load(self, ids: Sequence[int]) -> list[Study]:
        return [self.studies[id] for id in ids if id in self.studies]

    def mark_read(self, study_id: int, at: datetime | None) -> None:
        self.studies[study_id] = replace(self.studies[study_id], read_at=at)

    def save(self, judgements: Sequence[tuple[Film, Judgement]]) -> None:
        self.put(*(replace(each, prediction=said.prediction) for each, said in judgements))

    def fail(self, film: Film, problem: str) -> None:
        self.put(replace(film, problem=problem))


class Scorer:
    device_name = "CPU, 1 thread"

    def score(self, films: Sequence[Radiograph]) -> list[Judgement]:
        return [judgement() for _ in films]


class Room:
    """The panes and services of one window."""

    def __init__(self, qtbot: QtBot) -> None:
        self.shelf = Shelf()
        self.worklist = Worklist(self.shelf.load)
        self.browser, self.viewer, self.panel = StudyBrowser(), ImageViewer(True, DEFAULT_LOOK), TriagePanel()
        for pane in (self.browser, self.viewer, self.panel):
            qtbot.addWidget(pane)
        self.scoring = ScoringService(Scorer, lambda film: radiograph(), self.shelf)
        self.viewing = ViewingService(lambda film: radiograph(), lambda film: (None, None))
        self.session = ReadingSession(
            self.worklist,
            self.browser,
            self.viewer,
            self.panel,
            self.scoring,
            self.viewing,
            self.shelf,
            lambda: None,
        )
        self.scoring.studies_changed.connect(self.worklist.mark_changed)

    def comes_in(self, *films: Film) -> None:
        self.worklist.mark_changed(self.shelf.put(*films))
        self.worklist.refresh()

    def in_view(self) -> int | None:
        return self.session.film.id if self.session.film else None

    def close(self) -> None:
        for part in (self.scoring, self.viewing, self.worklist, self.session):
            part.close()


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.close()


def judged(*probabilities: float) -> list[Film]:
    return [film(n, judged=prediction(p)) for n, p in enumerate(probabilities, start=1)]


def test_from_the_film_that_came_first_the_next_key_goes_to_the_most_suspicious(room: Room) -> None:
    least, most, middle = judged(0.1, 0.9, 0.5)
    room.comes_in(least)
    room.comes_in(most, middle)
    room.session.sort_again()
    assert room.in_view() == least.id
    room.session.show_next()
    assert room.in_view() == most.id
    room.session.show_next()
    assert room.in_view() == middle.id


def test_a_film_that_can_be_read_takes_the_place_of_one_that_cannot_unless_that_was_chosen(
    room: Room,
) -> None:
    slice_of_ct, first, second = film(1, problem="This is a CT slice."), *judged(0.1, 0.9, 0.5)[1:]
    room.comes_in(slice_of_ct)
    assert room.in_view() == slice_of_ct.id
    room.comes_in(first)
    assert room.in_view() == first.id
    room.comes_in(second)
    assert room.in_view() == first.id


def test_a_film_that_cannot_be_read_stays_where_it_was_chosen(room: Room) -> None:
    room.comes_in(film(1, problem="This is a CT slice."), film(2, problem="This is an MR slice."))
    room.session.show_film(2)
    room.comes_in(film(3, judged=prediction(0.9)))
    assert room.in_view() == 2


def test_from_a_film_that_was_chosen_the_next_key_goes_to_the_one_beneath_it(room: Room) -> None:
    room.comes_in(*judged(0.1, 0.9, 0.5, 0.3))
    room.session.sort_again()
    room.session.show_film(3)
    room.session.show_next()
    assert room.in_view() == 4


def test_sorting_does_not_scroll_the_queue_back_to_the_film_in_view(qtbot: QtBot, room: Room) -> None:
    room.panel.resize(340, 800)
    room.panel.show()
    qtbot.waitExposed(room.panel)
    films = judged(*(1 - n / 100 for n in range(1, 41)))
    room.comes_in(*films)
    room.session.sort_again()
    room.session.show_film(1)
    bar = room.panel.queue.ranked_view.verticalScrollBar()
    bar.setValue(bar.maximum())
    far_down = bar.value()
    assert far_down > 0
    room.comes_in(film(90, judged=prediction(0.001)))
    room.session.sort_again()
    assert bar.value() >= far_down
    assert room.panel.queue.selected == 1


def test_films_that_come_in_are_sorted_at_once_and_then_a_few_times_a_second(
    qtbot: QtBot, room: Room
) -> None:
    room.comes_in(*judged(0.1))
    assert len(room.session.queue.ranked) == 1
    room.comes_in(film(2, judged=prediction(0.9)))
    assert len(room.session.queue.ranked) == 1
    qtbot.waitUntil(lambda: len(room.session.queue.ranked) == 2, timeout=20 * SORT_MS)


def test_after_a_stop_nothing_is_scored_until_the_reader_asks_for_it(qtbot: QtBot, room: Room) -> None:
    room.comes_in(*judged(0.9))
    room.scoring.cancel()
    room.comes_in(film(2), film(3))
    room.session.sort_again()
    button, line = room.panel.queue.score_button, room.panel.queue.waiting_line
    assert line.text() == "2 films not scored"
    assert not button.isHidden()
    assert {film.id for film in room.session.queue.waiting} == {2, 3}
    button.click()
    assert button.isHidden()
    qtbot.waitUntil(lambda: not room.session.queue.waiting)


def test_a_film_that_the_reader_opens_is_scored_also_after_a_stop(qtbot: QtBot, room: Room) -> None:
    room.comes_in(*judged(0.9))
    room.scoring.cancel()
    room.comes_in(film(2), film(3))
    room.session.show_film(2)
    qtbot.waitUntil(lambda: room.worklist.film(2).prediction is not None)  # type: ignore[union-attr]
    assert room.worklist.film(3).prediction is None  # type: ignore[union-attr]


def test_what_cannot_be_shown_is_named_with_its_reason(room: Room) -> None:
    room.comes_in(film(1, problem="The file is empty. Copy it again."))
    words = room.viewer.canvas.accessibleDescription()
    assert words == "film1.jpeg\n\nThe file is empty. Copy it again."
