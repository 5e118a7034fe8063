"""Dropped paths become stored rows, shown only once they are stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.workers.intake_service import Found, IntakeService, IntakeSummary, StoredFilms


class Shelf:
    """Keeps films in memory; the same fingerprint is the same film."""

    def __init__(self, room: int = 10**9) -> None:
        self.films: dict[str, NewFilm] = {}
        self.room = room

    def store(self, films: Sequence[NewFilm]) -> StoredFilms:
        if len(self.films) + len(films) > self.room:
            raise CatalogueError("The disk is full. Free some space and open the films again.")
        before = len(self.films)
        self.films.update({film.fingerprint or str(film.source): film for film in films})
        added = len(self.films) - before
        return StoredFilms(tuple(range(before, len(self.films))), added, len(films) - added)


def readable(path: Path) -> Callable[[], NewFilm]:
    return lambda: NewFilm(FilmSource(path), fingerprint=path.stem)


def find_all(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
    for path in paths:
        match path.suffix:
            case ".png":
                yield Found(FilmSource(path), readable(path))
            case ".bad":
                problem = NewFilm(FilmSource(path), problem="This file is empty.")
                yield Found(FilmSource(path), lambda problem=problem: problem)
            case _:
                yield Found(FilmSource(path), None)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_every_path_is_stored_counted_or_said_to_be_known(qtbot: QtBot, shelf: Shelf) -> None:
    service = IntakeService(find_all, shelf)
    paths = [Path("a.png"), Path("b.png"), Path("x/a.png"), Path("c.bad"), Path("notes.csv")]
    with qtbot.waitSignal(service.finished) as end:
        service.take_in(paths)
    service.close()
    assert end.args == [IntakeSummary(added=3, known=1, unreadable=1, ignored=1)]
    assert (
        end.args[0].sentence()
        == "3 new films · 1 known already · 1 could not be read · 1 other file left out"
    )
    assert set(shelf.films) == {"a", "b", "c.bad"}


def test_studies_are_announced_only_after_they_are_stored(qtbot: QtBot, shelf: Shelf) -> None:
    service = IntakeService(find_all, shelf)
    announced: list[int] = []
    service.studies_changed.connect(announced.extend)
    with qtbot.waitSignal(service.finished):
        service.take_in([Path(f"{n}.png") for n in range(60)])
    service.close()
    assert sorted(announced) == list(range(60))


def test_stopping_keeps_what_is_stored_and_says_so(qtbot: QtBot, shelf: Shelf) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def held_at_30(number: int) -> NewFilm:
        if number == 30:
            reached.set()
            go_on.wait(5)
        return readable(Path(f"{number}.png"))()

    def endless(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        for number in count():
            if cancelled():
                return
            yield Found(FilmSource(Path(f"{number}.png")), partial(held_at_30, number))

    service = IntakeService(endless, shelf)
    with qtbot.waitSignal(service.finished) as end:
        service.take_in([Path("folder")])
        assert reached.wait(20)
        service.cancel()
        go_on.set()
    service.close()
    assert end.args[0].cancelled
    assert end.args[0].added == len(shelf.films) >= 30


def test_a_full_disk_is_said_and_nothing_unstored_is_shown(qtbot: QtBot) -> None:
    service = IntakeService(find_all, Shelf(room=30))
    announced: list[int] = []
    said: list[str] = []
    service.studies_changed.connect(announced.extend)
    service.failed.connect(said.append)
    with qtbot.waitSignal(service.finished):
        service.take_in([Path(f"{n}.png") for n in range(100)])
    service.close()
    assert said == ["The disk is full. Free some space and open the films again."]
    assert len(announced) <= 30


def test_a_second_drop_waits_its_turn(qtbot: QtBot, shelf: Shelf) -> None:
    service = IntakeService(find_all, shelf)
    service.take_in([Path("a.png")])
    service.take_in([Path("b.png")])
    qtbot.waitUntil(lambda: len(shelf.films) == 2)
    service.close()
    assert set(shelf.films) == {"a", "b"}


def test_the_reader_is_told_how_many_films_there_are_while_they_are_read(qtbot: QtBot, shelf: Shelf) -> None:
    def slow_to_read(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        for path in paths:
            yield Found(FilmSource(path), lambda path=path: time.sleep(0.002) or readable(path)())

    service = IntakeService(slow_to_read, shelf)
    told: list[Progress] = []
    service.progress_changed.connect(told.append)
    with qtbot.waitSignal(service.finished):
        service.take_in([Path(f"{n}.png") for n in range(200)])
    service.close()
    assert (told[0].done, told[0].total) == (0, None)  # at once
    assert {progress.total for progress in told[1:-1]} == {200}
    assert all(progress.seconds_left is not None for progress in told[1:])


def test_finding_that_never_ends_does_not_hold_up_the_first_film(qtbot: QtBot, shelf: Shelf) -> None:
    def a_large_folder(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        for number in count():
            if cancelled():
                return
            time.sleep(0.001)
            yield Found(FilmSource(Path(f"{number}.png")), readable(Path(f"{number}.png")))

    service = IntakeService(a_large_folder, shelf)
    with qtbot.waitSignal(service.studies_changed):
        service.take_in([Path("folder")])
    with qtbot.waitSignal(service.finished):
        service.cancel()
    service.close()
    assert shelf.films


def test_a_film_that_the_program_stumbles_over_takes_no_other_with_it(
    qtbot: QtBot, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> NewFilm:
        raise MemoryError("DOE^JANE")

    def find(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        for path in paths:
            yield Found(FilmSource(path), stumble if path.stem == "3" else readable(path))

    service = IntakeService(find, shelf)
    with qtbot.waitSignal(service.finished) as end:
        service.take_in([Path(f"{n}.png") for n in range(8)])
    service.close()
    assert end.args == [IntakeSummary(added=8, unreadable=1)]
    assert "MemoryError" in shelf.films["3.png"].problem
    assert "DOE" not in shelf.films["3.png"].problem + caplog.text


def test_an_end_is_told_even_where_finding_fails(qtbot: QtBot, shelf: Shelf) -> None:
    def find(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        yield Found(FilmSource(Path("1.png")), readable(Path("1.png")))
        raise RuntimeError

    service = IntakeService(find, shelf)
    with qtbot.waitSignal(service.failed), qtbot.waitSignal(service.finished):
        service.take_in([Path("folder")])
    service.close()


def test_a_drop_right_after_a_stop_is_taken_in(qtbot: QtBot, shelf: Shelf) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def find(paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        for number in range(50):
            if cancelled():
                return
            if paths == (Path("first"),) and number == 40:
                reached.set()
                go_on.wait(5)
            path = Path(f"{paths[0]}-{number}.png")
            yield Found(FilmSource(path), readable(path))

    service = IntakeService(find, shelf)
    ends: list[IntakeSummary] = []
    service.finished.connect(ends.append)
    service.take_in([Path("first")])
    assert reached.wait(5)
    service.cancel()
    service.take_in([Path("second")])
    go_on.set()
    qtbot.waitUntil(lambda: len(ends) == 2)
    service.close()
    assert [end.cancelled for end in ends] == [True, False]
    assert sum(name.startswith("second") for name in shelf.films) == 50
    assert sum(name.startswith("first") for name in shelf.films) < 50
