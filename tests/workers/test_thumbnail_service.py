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
