"""Pictures of compared films: what was asked for last first, the large film before all."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.comparison import Which
from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.prediction import Grade, ImageCheck, Judgement, Lungs, Prediction
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.windowing import Window
from cxr_desktop.workers.compared_films import MOST_WAITING, ComparedFilmsService, FilmWithBoth

GONE = "gone.png"


def judged(model: str) -> Judgement:
    checks = (ImageCheck("lungs", Grade.PASSED, "Both lungs in view"),)
    return Judgement(
        Prediction(model, "1", 0.5, 0.5, 0.5, checks), None, Lungs(np.zeros((4, 4), np.float32), ())
    )


BOTH = FilmWithBoth(
    Radiograph(np.zeros((4, 4), np.float32), (Window.spanning(0, 1),)), judged("now"), judged("new")
)


class Films:
    """Draws when the test lets it; one film is gone."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.at_work = threading.Event()

    def picture(self, film: str, heat_of: Which | None) -> bytes:
        self.at_work.set()
        self.go_on.wait(5)
        if film == GONE:
            raise UnreadableImage("The file is gone.")
        return f"{film} {heat_of}".encode()

    def look(self, film: str) -> FilmWithBoth:
        if film == GONE:
            raise UnreadableImage("The file is gone.")
        return BOTH


@pytest.fixture
def films() -> Films:
    return Films()


@pytest.fixture
def service(films: Films) -> Iterator[ComparedFilmsService]:
    service = ComparedFilmsService(films.picture, films.look)
    yield service
    films.go_on.set()
    service.close()


def test_the_large_film_goes_first_then_what_was_asked_for_last(
    qtbot: QtBot, service: ComparedFilmsService, films: Films
) -> None:
    came: list[str] = []
    service.picture_made.connect(lambda film, heat_of, jpeg: came.append(jpeg.decode()))
    service.film_ready.connect(lambda film, both: came.append(f"large {film}"))
    service.request_picture("first.png")
    assert films.at_work.wait(5)
    for film in ("second.png", "third.png"):
        service.request_picture(film, Which.NEW)
    service.request_picture("first.png")  # it is being drawn already
    service.request_film("wanted.png")
    films.go_on.set()
    qtbot.waitUntil(lambda: len(came) == 4)
    assert came == ["first.png None", "large wanted.png", "third.png new", "second.png new"]


def test_what_was_scrolled_past_long_ago_is_not_drawn(
    qtbot: QtBot, service: ComparedFilmsService, films: Films
) -> None:
    came: list[str] = []
    service.picture_made.connect(lambda film, *_: came.append(film))
    service.request_picture("first")
    assert films.at_work.wait(5)
    for number in range(MOST_WAITING + 5):
        service.request_picture(str(number))
    films.go_on.set()
    qtbot.waitUntil(lambda: len(came) == MOST_WAITING + 1)
    assert not {"0", "1", "2", "3", "4"} & set(came)


def test_a_film_that_is_gone_says_so_large_and_is_empty_small(
    qtbot: QtBot, service: ComparedFilmsService, films: Films
) -> None:
    films.go_on.set()
    with qtbot.waitSignal(service.picture_made) as made:
        service.request_picture(GONE)
    assert made.args == [GONE, None, b""]
    with qtbot.waitSignal(service.film_failed) as failed:
        service.request_film(GONE)
    assert failed.args == [GONE, "The file is gone."]
