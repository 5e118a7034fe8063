"""Small pictures of films come when they are asked for, the newest wish first."""

from __future__ import annotations

import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.workers.thumbnail_service import WAITING, ThumbnailService


def test_what_came_into_sight_last_is_drawn_first_and_what_scrolled_away_not_at_all(qtbot: QtBot) -> None:
    drawn: list[Path] = []
    begun, goes_on = threading.Event(), threading.Event()

    def draw(path: Path) -> bytes:
        begun.set()
        goes_on.wait(10)
        drawn.append(path)
        if path.name == "damaged":
            raise UnreadableImage("It is damaged.")
        return path.name.encode()

    service = ThumbnailService(draw)
    try:
        assert service.picture(Path("first")) is None
        assert begun.wait(10)
        for number in range(WAITING):
            service.picture(Path(f"{number}"))
        service.picture(Path("damaged"))
        goes_on.set()
        qtbot.waitUntil(lambda: len(drawn) == WAITING + 1)
        assert drawn[:3] == [Path("first"), Path("damaged"), Path(f"{WAITING - 1}")]
        assert Path("0") not in drawn
        qtbot.waitUntil(lambda: service.picture(Path("1")) == b"1")
        assert service.picture(Path("damaged")) == b""
    finally:
        goes_on.set()
        service.close()


def test_a_file_written_anew_is_drawn_anew_and_only_that(qtbot: QtBot, tmp_path: Path) -> None:
    drawn: list[str] = []

    def draw(path: Path) -> bytes:
        drawn.append(path.name)
        if path.read_bytes() == b"damaged":
            raise UnreadableImage("It is damaged.")
        return path.read_bytes()

    same, other, damaged = (tmp_path / name for name in ("same", "other", "damaged"))
    for path in (same, other, damaged):
        path.write_bytes(path.name.encode())
    service = ThumbnailService(draw)
    try:
        for path in (same, other, damaged):
            service.picture(path)
        qtbot.waitUntil(lambda: service.picture(damaged) == b"")
        qtbot.waitUntil(lambda: len(drawn) == 3)
        other.write_bytes(b"exported again")
        damaged.write_bytes(b"sound")
        drawn.clear()
        service.look_again()
        assert service.picture(same) == b"same"  # shown until it is known to be another one
        for path in (other, damaged):
            service.picture(path)
        qtbot.waitUntil(lambda: service.picture(other) == b"exported again")
        qtbot.waitUntil(lambda: service.picture(damaged) == b"sound")
        assert sorted(drawn) == ["damaged", "other"]
    finally:
        service.close()


def test_a_film_that_is_being_drawn_is_not_drawn_again_unless_it_may_have_changed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    drawn: list[str] = []
    begun, goes_on = threading.Event(), threading.Event()

    def draw(path: Path) -> bytes:
        seen = path.read_bytes()
        drawn.append(path.name)
        begun.set()
        goes_on.wait(10)
        if path.name == "damaged":
            raise UnreadableImage("It is damaged.")
        return seen

    damaged, second, last = (tmp_path / name for name in ("damaged", "second", "last"))
    for path in (damaged, second, last):
        path.write_bytes(b"old")
    service = ThumbnailService(draw)
    try:
        service.picture(damaged)
        assert begun.wait(10)
        service.picture(last)
        assert service.picture(damaged) is None
        goes_on.set()
        qtbot.waitUntil(lambda: service.picture(last) == b"old")
        assert drawn == ["damaged", "last"]

        begun.clear()
        goes_on.clear()
        service.picture(second)
        assert begun.wait(10)
        second.write_bytes(b"written anew")
        service.look_again()
        service.picture(second)
        goes_on.set()
        qtbot.waitUntil(lambda: service.picture(second) == b"written anew")
        assert drawn == ["damaged", "last", "second", "second"]
    finally:
        goes_on.set()
        service.close()
