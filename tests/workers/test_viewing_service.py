"""The film asked for last is the one that is shown."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.workers.viewing_service import ViewingService
from tests.workers.rows import film_row, radiograph

LUNGS = Box(1, 1, 5, 5)


def explanation(film: Film) -> tuple[Heatmap | None, Box | None]:
    return None, LUNGS


def test_a_film_is_shown_with_what_explains_it(qtbot: QtBot) -> None:
    service = ViewingService(lambda film: radiograph(film.id), explanation)
    with qtbot.waitSignal(service.film_loaded) as loaded:
        service.request(film_row(7))
    service.close()
    view = loaded.args[0]
    assert view.film.id == 7
    assert view.radiograph.values[0, 0] == 7
    assert view.lungs == LUNGS


def test_of_films_asked_for_in_a_hurry_only_the_last_is_read(qtbot: QtBot) -> None:
    entered, gate, read = threading.Event(), threading.Event(), []

    def slow(film: Film) -> Radiograph:
        read.append(film.id)
        entered.set()
        assert gate.wait(5)
        return radiograph(film.id)

    service = ViewingService(slow, explanation)
    shown: list[int] = []
    service.film_loaded.connect(lambda view: shown.append(view.film.id))
    service.request(film_row(1))
    assert entered.wait(5)
    for number in (2, 3, 4):
        service.request(film_row(number))
    gate.set()
    qtbot.waitUntil(lambda: len(shown) == 2)
    service.close()
    assert read == [1, 4] == shown


def test_the_next_film_is_read_ahead(qtbot: QtBot) -> None:
    read: list[int] = []
    ahead = threading.Event()

    def note(film: Film) -> Radiograph:
        read.append(film.id)
        if film.id == 2:
            ahead.set()
        return radiograph(film.id)

    service = ViewingService(note, explanation)
    with qtbot.waitSignal(service.film_loaded):
        service.request(film_row(1), then=film_row(2))
    assert ahead.wait(5)
    service.close()
    assert read == [1, 2]


def test_a_film_that_cannot_be_read_says_why_and_the_service_lives_on(qtbot: QtBot) -> None:
    def read(film: Film) -> Radiograph:
        if film.id == 1:
            raise UnreadableImage("The file is gone.")
        return radiograph()

    service = ViewingService(read, explanation)
    with qtbot.waitSignal(service.film_failed) as failed:
        service.request(film_row(1))
    assert failed.args == [1, "The file is gone."]
    with qtbot.waitSignal(service.film_loaded):
        service.request(film_row(2))
    service.close()
